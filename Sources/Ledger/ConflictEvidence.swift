// SPDX-License-Identifier: Apache-2.0
public import SystemPackage
public import TransparencyLog

/// Checkpoints that one log has signed and that cannot both be: evidence against it, kept as files.
///
///     <size>-<first 16 hex digits of the note's SHA-256>.checkpoint
///
/// Each is the whole note, so that anybody can verify the log's signatures over both.
public enum ConflictEvidence {
    /// The most files that are kept in one folder: a source that makes up notes must not fill the disk.
    public static let maximumCount = 64

    /// Keeps notes in a folder and gives their paths. One that is there already stays one; nil where there
    /// are too many.
    public static func keep(_ checkpoints: [SignedCheckpoint], in folder: FilePath) throws(FileError) -> [FilePath]? {
        try DurableFile.makeFolder(folder)
        var count = try DurableFile.names(in: folder).count { $0.extension == "checkpoint" }
        var paths: [FilePath] = []
        for checkpoint in checkpoints {
            let name = "\(checkpoint.unverified.head.size)-\(checkpoint.noteHash.hex.prefix(16)).checkpoint"
            let path = folder.appending(name)
            paths.append(path)
            // One that is there is written all the same: whoever wrote it may not have got it to the disk.
            let isThere =
                try DurableFile.readIfPresent(path, limit: SignedNote.maximumByteCount) == checkpoint.bytes
            guard isThere || count < maximumCount else { return nil }
            try DurableFile.write(checkpoint.bytes, to: path)
            if !isThere { count += 1 }
        }
        return paths
    }
}

extension DirectoryStore {
    /// Where a log or a mirror keeps what speaks against its history.
    var conflicts: FilePath { state.appending("conflicts") }

    /// Keeps what the log has signed here and what a witness holds against it.
    @Sendable func keepConflict(_ own: SignedCheckpoint, _ other: OtherHistory) throws(FileError) {
        _ = try ConflictEvidence.keep([own, other.found], in: conflicts)
    }
}
