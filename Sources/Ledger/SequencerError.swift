// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// Why a log does not sign.
public enum SequencerError: Error, Sendable, Hashable {
    /// Another process replaced the signed checkpoint.
    case signedElsewhere
    /// A write failed or its outcome is not known; nothing is signed until the log is opened again.
    case halted(String)
    /// The signed checkpoint in the lock store is not by this log's key, or not of this log.
    case notThisLog
    /// The entries name the keys that may sign checkpoints, and none of them is at hand.
    case keyNotChartered
    /// A checkpoint is served, and the lock store knows of none: its private state is missing.
    case stateMissing
    /// The checkpoint that is served is ahead of the one that was signed last: an old copy of the private state.
    case stateIsOld(served: TreeSize, signed: TreeSize)
    /// The checkpoint that is served has another root than the signed one of the same size.
    case anotherRoot(TreeSize)
    /// The tiles do not give the root that was signed.
    case tilesDoNotHold(TreeSize)
    /// What was staged is not what was admitted: memory or disk changed it before it was signed.
    case stagedDiffers
    /// The clock is behind the time of the last entry, both in POSIX seconds.
    case clockIsBehind(last: UInt64, now: UInt64)
    /// The entry is longer than 65,535 bytes.
    case entryTooLong
}
