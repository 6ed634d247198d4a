import NIOCore
import NIOHTTP1
import NIOPosix

/// An HTTP server on loopback that keeps what is posted to it, and answers as it is told, then with 200.
///
/// `@unchecked Sendable`: all state is touched on the one event loop only.
package final class HookSink: @unchecked Sendable {
    package struct Post: Sendable {
        package var headers: [String: String]
        package var body: [UInt8]
    }
    package struct Answer: Sendable {
        package var status: Int
        package var headers: [String: String]
        package var body: String

        package init(_ status: Int, _ headers: [String: String] = [:], body: String = "") {
            self.status = status
            self.headers = headers
            self.body = body
        }
    }

    package let port: Int
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let loop: any EventLoop
    private var posts: [Post] = []
    private var answers: [Answer]

    package init(answers: [Answer] = []) throws {
        self.answers = answers
        loop = group.next()
        let keeper = SinkKeeper<HookSink>()
        let server = try ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Dialogue(try keeper.found()))
                }
            }
            .bind(host: "127.0.0.1", port: 0).wait()
        port = server.localAddress!.port!
        keeper.sink = self
    }

    /// From any thread: a connection may be the last to let go.
    deinit { group.shutdownGracefully { _ in } }

    /// What came so far.
    package var received: [Post] { try! loop.submit { self.posts }.wait() }

    private final class Dialogue: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let sink: HookSink
        private var post = Post(headers: [:], body: [])

        init(_ sink: HookSink) { self.sink = sink }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                post = Post(headers: [:], body: [])
                for (name, value) in head.headers { post.headers[name.lowercased()] = value }
            case .body(let piece): post.body += piece.readableBytesView
            case .end:
                sink.posts.append(post)
                answer(sink.answers.isEmpty ? Answer(200) : sink.answers.removeFirst(), context)
            }
        }

        private func answer(_ answer: Answer, _ context: ChannelHandlerContext) {
            var headers = HTTPHeaders(answer.headers.map { ($0.key, $0.value) })
            headers.add(name: "Content-Length", value: "\(answer.body.utf8.count)")
            let head = HTTPResponseHead(
                version: .http1_1, status: HTTPResponseStatus(statusCode: answer.status), headers: headers)
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: answer.body)))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}
