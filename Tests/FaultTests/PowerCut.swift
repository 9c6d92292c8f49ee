// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A power cut: what the model of the disk (`Preload/disk.c`) has not as flushed is gone from the world.
struct PowerCut {
    let disk: String
    /// Of what is neither flushed nor lost: whether the disk has it nevertheless.
    let survives: () -> Bool

    private struct Name {
        let isLost: Bool
        let content: String
        let path: String
    }

    /// Cuts the power, and begins a new model: all that is there now is on the disk.
    func strike(_ folder: FaultFolder) throws {
        let names = try names().filter { $0.isLost || !survives() }
        for name in names.sorted(by: { $0.path.count < $1.path.count }) {
            switch name.content {
            case "d": mkdir(name.path, 0o700)
            case "0": break
            case let inode:
                unlink(name.path)
                // Where its folder is gone, so is it.
                link("\(disk)/\(inode)", name.path)
            }
        }
        for name in names where name.content == "0" {
            guard unlink(name.path) != 0, errno == EISDIR else { continue }
            try FileManager.default.removeItem(atPath: name.path)
        }
        for image in try FileManager.default.contentsOfDirectory(atPath: disk) where image.hasSuffix(".image") {
            let file = disk + "/" + image.dropLast(".image".count)
            if FileManager.default.fileExists(atPath: file + ".dirty"), survives() { continue }
            guard let bytes = FileManager.default.contents(atPath: disk + "/" + image) else { continue }
            // In place: all names of the file are of the same one.
            let handle = try FileHandle(forUpdating: URL(fileURLWithPath: file))
            try handle.truncate(atOffset: 0)
            try handle.write(contentsOf: bytes)
            try handle.close()
        }
        try folder.forgetDisk()
    }

    private func names() throws -> [Name] {
        guard let bytes = FileManager.default.contents(atPath: disk + "/names") else { return [] }
        return try String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { line in
            let words = line.split(separator: " ", maxSplits: 2)
            guard words.count == 3 else { throw Problem("a name of the model: \(line)") }
            return Name(isLost: words[0] == "l", content: String(words[1]), path: String(words[2]))
        }
    }
}
