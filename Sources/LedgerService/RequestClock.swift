// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Closes a connection on which a request takes too long to come, or its answer to be taken.
///
/// A client that sends a byte now and then, or takes one, is never idle. One timer serves a connection for as long as it is
/// there: it looks at the deadline of that moment.
final class RequestClock: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let body: TimeAmount
    private let answer: TimeAmount
    private var deadline: NIODeadline?
    private var isReading = false
    private var timer: Scheduled<Void>?
    /// When the timer goes off: never after the deadline.
    private var due = NIODeadline.distantFuture

    init(body: Duration, answer: Duration) {
        self.body = TimeAmount(body)
        self.answer = TimeAmount(answer)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            isReading = true
            expect(within: body, context)
        case .body: break
        case .end:
            isReading = false
            expect(within: answer, context)
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        // One that is answered before it has come, and goes on coming, is cut off all the same.
        guard case .end = unwrapOutboundIn(data), !isReading else { return context.write(data, promise: promise) }
        // It is over once it was taken, not once it was written.
        let promise = promise ?? context.eventLoop.makePromise()
        let deadline = deadline
        promise.futureResult.assumeIsolated().whenSuccess {
            if self.deadline == deadline { self.deadline = nil }
        }
        context.write(data, promise: promise)
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
        context.fireChannelInactive()
    }

    private func expect(within time: TimeAmount, _ context: ChannelHandlerContext) {
        let deadline = NIODeadline.now() + time
        self.deadline = deadline
        if timer != nil, due <= deadline { return }
        timer?.cancel()
        watch(in: time, context)
    }

    private func watch(in time: TimeAmount, _ context: ChannelHandlerContext) {
        due = .now() + time
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: time) { [weak self] in
            guard let self else { return }
            timer = nil
            guard let deadline else { return }
            let now = NIODeadline.now()
            if deadline <= now {
                context.close(promise: nil)
            } else {
                watch(in: deadline - now, context)
            }
        }
    }
}
