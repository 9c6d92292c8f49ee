// SPDX-License-Identifier: Apache-2.0
import CSodium
public import Evidence
import Glibc
public import SystemPackage
public import TransparencyLog

/// A private file on disk: `PrivateContents` and carried files, encrypted to those who may open it.
///
/// `.private` after registration, `.draft` before; mode 0600. Writing needs no passphrase. Files of any size are
/// carried and taken out without being in memory whole. (Formats section 6.)
public enum PrivateFile {
    /// Why a private file cannot be read.
    public enum ReadError: Error, Sendable {
        /// It is not a private file, is damaged in its form, or is of another version.
        case form(ProofFileError)
        /// It is not sealed to any of the keys that were tried.
        case notForTheseKeys
        /// It was changed or cut off after it was written.
        case damaged
        /// A carried file is not the one that the contents describe.
        case carriedFileDiffers(ExhibitPath)
    }

    /// Writes a private file. `carried` are the paths of the files that the contents say are carried, in their order.
    ///
    /// Throws `Errno.fileTooLarge` where the JSON would be longer than what is read.
    public static func write(
        _ contents: PrivateContents, carrying carried: [FilePath] = [], to recipients: [VerifierKey], at path: FilePath,
        ifTaken conflict: DurableFile.Conflict, maximumByteCount: Int = JSON.maximumByteCount
    ) throws {
        let carriedFiles = contents.exhibit?.files.filter(\.isCarried) ?? []
        precondition(carriedFiles.count == carried.count, "one path for each carried file")
        let json = contents.json.encoded()
        guard json.count <= maximumByteCount else { throw FileError("write", path, .fileTooLarge) }
        try seal(json, to: recipients, at: path, ifTaken: conflict) { body in
            for (file, source) in zip(carriedFiles, carried) { try body.put(file, from: source) }
        }
    }

    /// Writes the JSON, and behind it what `carried` puts there, under a fresh key.
    fileprivate static func seal(
        _ json: [UInt8], to recipients: [VerifierKey], at path: FilePath, ifTaken conflict: DurableFile.Conflict,
        _ carried: (inout Body) throws -> Void
    ) throws {
        var random = SystemRandomNumberGenerator()
        var contentKey = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        defer { sodium_memzero(&contentKey, contentKey.count) }
        let envelope = try PrivateEnvelope(sealing: contentKey, to: recipients, using: &random)
        try DurableFile.write(to: path, ifTaken: conflict, mode: 0o600) { append in
            var body = Body(contentKey: contentKey, append: append)
            try body.put(envelope.bytes + body.header, isSealed: false)
            try body.put([24, 16, 8, 0].map { UInt8(truncatingIfNeeded: UInt32(json.count) >> $0) } + json)
            try carried(&body)
            try body.finish()
        }
    }

    /// Reads a private file with the first of `keys` that opens it.
    ///
    /// Every byte is authenticated. A carried file is handed on in parts to `carried`; it is complete
    /// and as described only once this returns.
    public static func read(
        _ path: FilePath, with keys: [NoteSigner],
        carried: (_ file: PrivateContents.File, _ part: ArraySlice<UInt8>) throws -> Void = { _, _ in }
    ) throws -> PrivateContents {
        let descriptor = path.withPlatformString { open($0, O_RDONLY | O_CLOEXEC) }
        guard descriptor >= 0 else { throw FileError(last: "read", path) }
        defer { close(descriptor) }
        let start = try part(of: descriptor, path, at: 0, count: PrivateEnvelope.maximumByteCount)
        let envelope: PrivateEnvelope
        do throws(ProofFileError) {
            envelope = try PrivateEnvelope(parsing: start)
        } catch {
            throw ReadError.form(error)
        }
        guard var contentKey = keys.lazy.compactMap({ try? envelope.contentKey(for: $0.privateKey) }).first else {
            throw ReadError.notForTheseKeys
        }
        defer { sodium_memzero(&contentKey, contentKey.count) }
        var plain = try PlainReader(descriptor, path, after: envelope.bytes.count, contentKey)
        let length = try plain.take(4).reduce(0) { $0 << 8 | Int($1) }
        guard length <= JSON.maximumByteCount else { throw ReadError.damaged }
        let json = try plain.take(length)
        let contents: PrivateContents
        do throws(ProofFileError) {
            contents = try PrivateContents(json: try Self.json(of: json))
        } catch {
            throw ReadError.form(error)
        }
        for file in contents.exhibit?.files.filter(\.isCarried) ?? [] {
            var hasher = SHA256()
            var rest = file.size
            while rest > 0 {
                let part = try plain.takeSome(Int(min(rest, UInt64(Int.max))))
                hasher.update(part)
                try carried(file, part)
                rest -= UInt64(part.count)
            }
            guard hasher.finish() == file.sha256 else { throw ReadError.carriedFileDiffers(file.path) }
        }
        try plain.expectPadding()
        return contents
    }

    /// The number of those who may open the private file, without opening it.
    public static func recipientCount(_ path: FilePath) throws -> Int {
        let descriptor = path.withPlatformString { open($0, O_RDONLY | O_CLOEXEC) }
        guard descriptor >= 0 else { throw FileError(last: "read", path) }
        defer { close(descriptor) }
        return try PrivateEnvelope(
            parsing: part(of: descriptor, path, at: 0, count: PrivateEnvelope.maximumByteCount)
        ).recipientCount
    }

    private static func json(of bytes: [UInt8]) throws(ProofFileError) -> JSON {
        do throws(FormatError) {
            return try JSON(parsing: bytes, format: "private file")
        } catch {
            throw .malformed(error)
        }
    }

    fileprivate static func part(
        of descriptor: Int32, _ path: FilePath, at offset: Int, count: Int
    ) throws(FileError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let read = bytes.withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress! + filled, count - filled, offset + filled)
            }
            if read < 0 {
                if errno == EINTR { continue }
                throw FileError(last: "read", path)
            }
            if read == 0 { break }
            filled += read
        }
        bytes.removeLast(count - filled)
        return bytes
    }
}

/// The body of a private file as it is written: plain bytes in, full chunks out.
private struct Body {
    private var stream: SealedStream.Writer
    private var chunk: [UInt8] = []
    private var plainCount = 0
    private let append: (UnsafeRawBufferPointer) throws(FileError) -> Void

    init(contentKey: [UInt8], append: @escaping (UnsafeRawBufferPointer) throws(FileError) -> Void) {
        stream = SealedStream.Writer(contentKey: contentKey)
        self.append = append
    }

    var header: [UInt8] { stream.header }

    mutating func put(_ bytes: [UInt8], isSealed: Bool = true) throws {
        guard isSealed else { return try bytes.withUnsafeBytes { try append($0) } }
        plainCount += bytes.count
        var rest = bytes[...]
        while !rest.isEmpty {
            // A full chunk is held back until more comes: the last one bears another tag.
            if chunk.count == SealedStream.chunkByteCount { try flush(isLast: false) }
            let part = rest.prefix(SealedStream.chunkByteCount - chunk.count)
            chunk += part
            rest = rest.dropFirst(part.count)
        }
    }

    mutating func put(_ file: PrivateContents.File, from source: FilePath) throws {
        let descriptor = source.withPlatformString { open($0, O_RDONLY | O_CLOEXEC) }
        guard descriptor >= 0 else { throw FileError(last: "read", source) }
        defer { close(descriptor) }
        var hasher = SHA256()
        var offset = 0
        while true {
            let part = try PrivateFile.part(of: descriptor, source, at: offset, count: 1 << 20)
            if part.isEmpty { break }
            hasher.update(part)
            try put(part)
            offset += part.count
        }
        guard UInt64(offset) == file.size, hasher.finish() == file.sha256 else {
            throw DocumentReader.ReadError.changedWhileRead(source)
        }
    }

    mutating func finish() throws {
        let excess = plainCount % SealedStream.paddingMultiple
        if excess > 0 { try put([UInt8](repeating: 0, count: SealedStream.paddingMultiple - excess)) }
        try flush(isLast: true)
    }

    private mutating func flush(isLast: Bool) throws {
        let sealed = stream.seal(chunk, isLast: isLast)
        try sealed.withUnsafeBytes { try append($0) }
        chunk.removeAll(keepingCapacity: true)
    }
}

/// The body of a private file as it is read: chunks in, plain bytes out.
private struct PlainReader {
    private let descriptor: Int32
    private let path: FilePath
    private var offset: Int
    private var plainCount = 0
    private var stream: SealedStream.Reader
    private var buffer: ArraySlice<UInt8> = []
    private var isAtEnd = false

    init(_ descriptor: Int32, _ path: FilePath, after envelope: Int, _ contentKey: [UInt8]) throws {
        let header = try PrivateFile.part(of: descriptor, path, at: envelope, count: SealedStream.headerByteCount)
        guard let stream = SealedStream.Reader(header: header, contentKey: contentKey) else {
            throw PrivateFile.ReadError.damaged
        }
        self.descriptor = descriptor
        self.path = path
        self.stream = stream
        offset = envelope + header.count
    }

    /// Exactly `count` bytes.
    mutating func take(_ count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count { bytes += try takeSome(count - bytes.count) }
        return bytes
    }

    /// At least one byte, at most `count`.
    mutating func takeSome(_ count: Int) throws -> ArraySlice<UInt8> {
        if buffer.isEmpty { try fill() }
        let part = buffer.prefix(count)
        buffer = buffer.dropFirst(part.count)
        return part
    }

    /// Nothing but zero bytes is left, as many as the padding takes.
    mutating func expectPadding() throws {
        var count = 0
        while true {
            guard buffer.allSatisfy({ $0 == 0 }) else { throw PrivateFile.ReadError.damaged }
            count += buffer.count
            if isAtEnd { break }
            try fill()
        }
        let behind = try PrivateFile.part(of: descriptor, path, at: offset, count: 1)
        guard count < SealedStream.paddingMultiple, plainCount % SealedStream.paddingMultiple == 0, behind.isEmpty
        else { throw PrivateFile.ReadError.damaged }
    }

    private mutating func fill() throws {
        guard !isAtEnd else { throw PrivateFile.ReadError.damaged }
        let sealed = try PrivateFile.part(
            of: descriptor, path, at: offset, count: SealedStream.chunkByteCount + SealedStream.overhead)
        guard let (plain, isLast) = stream.open(sealed) else { throw PrivateFile.ReadError.damaged }
        guard !plain.isEmpty else { throw PrivateFile.ReadError.damaged }
        offset += sealed.count
        plainCount += plain.count
        buffer = plain[...]
        isAtEnd = isLast
    }
}

extension PrivateFile {
    /// Seals a private file again to other recipients: what is in it stays as it is, the carried files too.
    ///
    /// The file is read once to be checked and once to be copied, a part at a time.
    public static func reseal(
        _ path: FilePath, with key: NoteSigner, to recipients: [VerifierKey], at target: FilePath,
        ifTaken conflict: DurableFile.Conflict
    ) throws {
        let contents = try read(path, with: [key])
        try seal(contents.json.encoded(), to: recipients, at: target, ifTaken: conflict) { body in
            // What is copied is checked again: the file may have been exchanged in between.
            guard try read(path, with: [key], carried: { try body.put(Array($1)) }) == contents else {
                throw ReadError.damaged
            }
        }
    }
}
