// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The folder that one script has to itself, and what the script does with files in it.
///
///     work/        where the script begins, with its files
///     home/        HOME; INDELIBLE_HOME is home/indelible
///     tmp/         TMPDIR
///     passphrase   INDELIBLE_PASSPHRASE_FILE
///     streams/     what the last program wrote
///
/// Nothing outside it is changed: a path that leads out may be read and no more.
struct ScriptFolder {
    let root: String
    private(set) var current: String

    /// Makes the folder with a script's files.
    init(for script: Script) throws {
        // Resolved, so that a path which a program prints is the path that the script knows.
        let temporary = URL(fileURLWithPath: NSTemporaryDirectory()).resolvingSymlinksInPath()
        root = temporary.appendingPathComponent("indelible-\(script.name)-\(UUID().uuidString)").path
        current = root + "/work"
        for folder in ["work", "home", "tmp", "streams"] {
            try FileManager.default.createDirectory(atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
        }
        try Data("four rivers and a paper lantern\n".utf8).write(to: URL(fileURLWithPath: root + "/passphrase"))
        for file in script.files {
            let path = try writable(file.path)
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try file.contents.write(to: URL(fileURLWithPath: path))
        }
    }

    /// The environment of the first program.
    func environment(tool: URL) -> [String: String] {
        var environment = [
            "PATH": tool.deletingLastPathComponent().path + ":/usr/local/bin:/usr/bin:/bin",
            "HOME": root + "/home", "INDELIBLE_HOME": root + "/home/indelible", "TMPDIR": root + "/tmp",
            "INDELIBLE_PASSPHRASE_FILE": root + "/passphrase", "WORK": root + "/work",
            "LANG": "C.UTF-8", "TZ": "UTC", "TERM": "dumb",
        ]
        // What a coverage, sanitizer or relocated build needs in order to run at all.
        for name in ["LD_LIBRARY_PATH", "LLVM_PROFILE_FILE", "ASAN_OPTIONS", "TSAN_OPTIONS"] {
            environment[name] = ProcessInfo.processInfo.environment[name]
        }
        return environment
    }

    /// What the last program wrote.
    enum Stream: String, CaseIterable {
        case stdout, stderr, terminal
    }

    /// Where the stream is kept.
    func path(_ stream: Stream) -> String { "\(root)/streams/\(stream)" }

    /// Where a stream of a program that runs in the background is kept.
    func path(_ stream: Stream, of program: String) -> String { "\(root)/streams/\(program).\(stream)" }

    /// The path that a script's word means: the name of a stream, or a path from where the script is.
    func path(_ word: String) -> String {
        if let stream = Stream(rawValue: word) { return path(stream) }
        if let stream = Stream.allCases.first(where: { word.hasSuffix(".\($0)") }), !word.contains("/") {
            let kept = path(stream, of: String(word.dropLast(stream.rawValue.utf8.count + 1)))
            if FileManager.default.fileExists(atPath: kept) { return kept }
        }
        return word.hasPrefix("/") ? word : current + "/" + word
    }

    /// The same, refused if it leads out of the folder.
    func writable(_ word: String) throws -> String {
        let path = path(word)
        let parent = URL(fileURLWithPath: path).deletingLastPathComponent().resolvingSymlinksInPath().standardized
        guard parent.path == root || parent.path.hasPrefix(root + "/"), !path.hasSuffix("/..") else {
            throw ScriptProblem("\(word) is outside the script's folder")
        }
        return path
    }

    /// The bytes of a file.
    func read(_ word: String) throws -> Data {
        guard let data = FileManager.default.contents(atPath: path(word)) else {
            throw ScriptProblem("\(word) cannot be read")
        }
        return data
    }

    /// Whether something is there, if only a broken link.
    func exists(_ word: String) -> Bool {
        var information = stat()
        return lstat(path(word), &information) == 0
    }

    /// The permission bits of a file.
    func mode(_ word: String) throws -> mode_t {
        var information = stat()
        guard lstat(path(word), &information) == 0 else { throw ScriptProblem("\(word) does not exist") }
        return information.st_mode & 0o7777
    }

    mutating func enter(_ word: String) throws {
        let folder = URL(fileURLWithPath: try writable(word + "/.")).standardized.path
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
            throw ScriptProblem("\(word) is not a folder")
        }
        current = folder
    }

    /// Copies a file or a folder over what is there; into `target` if that is a folder.
    func copy(_ source: String, to target: String) throws {
        let destination = try destination(of: source, in: target)
        if exists(destination) { try FileManager.default.removeItem(atPath: destination) }
        try FileManager.default.copyItem(atPath: path(source), toPath: destination)
    }

    func move(_ source: String, to target: String) throws {
        let destination = try destination(of: source, in: target)
        guard rename(try writable(source), destination) == 0 else {
            throw ScriptProblem("\(source) cannot be moved: \(String(cString: strerror(errno)))")
        }
    }

    private func destination(of source: String, in target: String) throws -> String {
        let path = try writable(target)
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            return path
        }
        return try writable(target + "/" + (source as NSString).lastPathComponent)
    }

    func remove(_ word: String) throws {
        try FileManager.default.removeItem(atPath: try writable(word))
    }

    func makeFolder(_ word: String) throws {
        try FileManager.default.createDirectory(atPath: try writable(word), withIntermediateDirectories: true)
    }

    func change(_ word: String, mode: mode_t) throws {
        guard chmod(try target(word), mode) == 0 else { throw ScriptProblem("\(word) does not exist") }
    }

    /// Writes over a file in place, keeping its mode.
    func write(_ data: Data, to word: String) throws {
        try data.write(to: URL(fileURLWithPath: try target(word)))
    }

    /// The path of a file that is changed in place: not through a link, which may lead anywhere.
    private func target(_ word: String) throws -> String {
        let path = try writable(word)
        var information = stat()
        guard lstat(path, &information) != 0 || information.st_mode & S_IFMT != S_IFLNK else {
            throw ScriptProblem("\(word) is a link")
        }
        return path
    }

    /// Removes the folder with all it holds, though a script may have taken its own right to do so.
    func removeAll() throws {
        var isBlocked = true
        while isBlocked {
            isBlocked = false
            // One level more can be seen each time; a link is never followed, since it may lead anywhere.
            let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
            for path in names.map({ "\(root)/\($0)" }) {
                var information = stat()
                guard lstat(path, &information) == 0, information.st_mode & S_IFMT == S_IFDIR,
                    information.st_mode & 0o700 != 0o700
                else { continue }
                chmod(path, 0o700)
                isBlocked = true
            }
        }
        try FileManager.default.removeItem(atPath: root)
    }
}
