// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Synchronization

/// Closes a connection at once where its address has as many as it may have.
///
/// Whoever opens thousands of connections and says nothing on them keeps only others of the same address waiting.
final class AddressGuard: ChannelInboundHandler, RemovableChannelHandler {
    // What comes is passed on unread.
    typealias InboundIn = Never

    /// How many connections there are, by address.
    final class Book: Sendable {
        private let limit: Int
        private let counts = Mutex<[ClientNetwork: Int]>([:])

        init(limit: Int) {
            self.limit = limit
        }

        /// Counts one more, unless there are too many.
        func enter(_ address: ClientNetwork) -> Bool {
            guard limit < .max else { return true }
            return counts.withLock { counts in
                let count = counts[address, default: 0]
                guard count < limit else { return false }
                counts[address] = count + 1
                return true
            }
        }

        func leave(_ address: ClientNetwork) {
            guard limit < .max else { return }
            counts.withLock { counts in
                let count = counts[address, default: 0]
                counts[address] = count > 1 ? count - 1 : nil
            }
        }
    }

    private let book: Book
    private var counted: ClientNetwork?

    init(_ book: Book) {
        self.book = book
    }

    func channelActive(context: ChannelHandlerContext) {
        let address = ClientNetwork(context.remoteAddress)
        guard book.enter(address) else { return context.close(promise: nil) }
        counted = address
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        leave()
    }

    private func leave() {
        if let counted { book.leave(counted) }
        counted = nil
    }
}
