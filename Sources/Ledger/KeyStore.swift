// SPDX-License-Identifier: Apache-2.0
import Glibc
public import SystemPackage
public import TransparencyLog

/// The folder of a person's own private keys: one `KeyFile` a key, `NAME.pem`, readable by its owner only.
///
/// It is never beside case files. In file names, bytes of a key's name other than letters, digits, "-", "_" and "."
/// within are written as %XX, so that an origin such as `ledger.example/log` is one name.
public struct KeyStore: Sendable {
    /// The folder.
    public let folder: FilePath

    /// Why a key could not be had.
    public enum LookupError: Error, Sendable {
        /// No key of that name is here.
        case absent(KeyName, FilePath)
        /// The file can be read or written by others.
        case openToOthers(FilePath)
        /// The file is not a key file.
        case malformed(FilePath, FormatError)
    }

    /// Names the folder; it need not be there yet.
    public init(folder: FilePath) {
        self.folder = folder
    }

    /// Where the key of that name is or would be.
    public func path(of name: KeyName) -> FilePath {
        folder.appending(fileName(of: name) + ".pem")
    }

    /// A key's name as part of a file name.
    public func fileName(of name: KeyName) -> String {
        var file = ""
        for (index, byte) in name.utf8.enumerated() {
            let scalar = Unicode.Scalar(byte)
            let isPlain =
                scalar.properties.isASCIIHexDigit || ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
            if byte < 0x80, isPlain || "-_".unicodeScalars.contains(scalar) || (scalar == "." && index > 0) {
                file.unicodeScalars.append(scalar)
            } else {
                file += "%" + Hex.encode([byte])
            }
        }
        return file
    }

    /// The key files here, by name. What is no key file is left out.
    public func list() throws -> [KeyFile] {
        guard DurableFile.isFolder(folder) else { return [] }
        var keys: [KeyFile] = []
        for name in try DurableFile.names(in: folder) where name.extension == "pem" {
            let path = folder.appending(name)
            var status = stat()
            // A pipe would be waited for; a link to nothing and a folder are no key files either.
            guard path.withPlatformString({ stat($0, &status) }) == 0, status.st_mode & S_IFMT == S_IFREG,
                status.st_size <= KeyFile.maximumByteCount
            else { continue }
            let bytes = try DurableFile.read(path, limit: KeyFile.maximumByteCount)
            if let key = try? KeyFile(parsing: bytes) { keys.append(key) }
        }
        return keys
    }

    /// The key of that name, still encrypted.
    public func key(named name: KeyName) throws -> KeyFile {
        let path = path(of: name)
        guard let bytes = try DurableFile.readIfPresent(path, limit: KeyFile.maximumByteCount) else {
            throw LookupError.absent(name, path)
        }
        var status = stat()
        guard path.withPlatformString({ stat($0, &status) }) == 0, status.st_mode & 0o077 == 0 else {
            throw LookupError.openToOthers(path)
        }
        do {
            return try KeyFile(parsing: bytes)
        } catch {
            throw LookupError.malformed(path, error)
        }
    }

    /// Whether a key of that name is here.
    public func contains(_ name: KeyName) -> Bool {
        DurableFile.exists(path(of: name))
    }

    /// Makes sure that a key that is here is on the disk, before others are told to rely on it: the run that stored it
    /// may have been stopped, or told that it could not be flushed.
    public func settle(_ name: KeyName) throws {
        try DurableFile.renew(path(of: name))
    }

    /// Stores a new key, mode 0600 in a folder of mode 0700. One that is there already is never replaced.
    public func add(_ key: KeyFile) throws(FileError) {
        try DurableFile.makeFolder(folder, mode: 0o700)
        try DurableFile.write(key.bytes, to: path(of: key.verifierKey.name), ifTaken: .refuse, mode: 0o600)
    }
}
