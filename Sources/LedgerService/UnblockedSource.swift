// SPDX-License-Identifier: Apache-2.0
import Ledger
import NIOPosix

/// Reads the files of a ledger on threads that may wait for the disk.
struct UnblockedSource: LedgerSource {
    let store: DirectoryStore

    func read(_ path: String, limit: Int) async throws -> [UInt8]? {
        try await NIOThreadPool.singleton.runIfActive { try store.read(path, limit: limit) }
    }
}
