import Foundation
import NIOCore
import NIOPosix
import NIOSSL

/// A mail server on loopback that keeps what it is given, or refuses it; with a certificate it speaks TLS, from the first byte or
/// when it is asked to (STARTTLS), and lets nobody write who has not logged in.
///
/// `@unchecked Sendable`: all state is touched on the one event loop only.
package final class MailSink: @unchecked Sendable {
    package struct Letter: Sendable, Equatable {
        package var from: String
        package var to: [String]
        /// With CR LF, dots at the beginning of lines as they were meant.
        package var data: String
        package var isEncrypted = false
    }
    package struct Security: Sendable {
        package var isImmediate: Bool
        package var username: String
        package var password: String
        fileprivate let context: NIOSSLContext

        package init(
            _ certificates: TestCertificates, isImmediate: Bool = false, username: String = "ioc",
            password: String = "secret"
        ) throws {
            self.isImmediate = isImmediate
            self.username = username
            self.password = password
            let chain = try NIOSSLCertificate.fromPEMFile(certificates.certificate)
            context = try NIOSSLContext(
                configuration: .makeServerConfiguration(
                    certificateChain: chain.map { .certificate($0) },
                    privateKey: .privateKey(NIOSSLPrivateKey(file: certificates.key, format: .pem))))
        }

        /// What a client says to log in, by the plain mechanism of RFC 4616.
        var login: String { Data("\0\(username)\0\(password)".utf8).base64EncodedString() }
    }

    package let port: Int
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let loop: any EventLoop
    private let server: any Channel
    private var letters: [Letter] = []
    private var commands: [String] = []
    private var refusals: [String: String]
    private let security: Security?

    /// - Parameter refusals: answers to commands by their first word, or by that and an address, instead of taking them; `.` is the end
    ///   of the data.
    package init(refusals: [String: String] = [:], security: Security? = nil) throws {
        self.refusals = refusals
        self.security = security
        loop = group.next()
        let keeper = SinkKeeper<MailSink>()
        server = try ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let security, security.isImmediate {
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLServerHandler(context: security.context))
                    }
                    try channel.pipeline.syncOperations.addHandler(Dialogue(try keeper.found()))
                }
            }
            .bind(host: "127.0.0.1", port: 0).wait()
        port = server.localAddress!.port!
        keeper.sink = self
    }

    /// From any thread: a connection may be the last to let go.
    deinit { group.shutdownGracefully { _ in } }

    /// What was taken so far.
    package var taken: [Letter] { try! loop.submit { self.letters }.wait() }
    /// Every command that came.
    package var said: [String] { try! loop.submit { self.commands }.wait() }

    package func refuse(_ refusals: [String: String]) {
        try! loop.submit { self.refusals = refusals }.wait()
    }

    private final class Dialogue: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let sink: MailSink
        private var pending = ""
        private var letter = Letter(from: "", to: [], data: "")
        private var isInData = false
        private var isEncrypted = false
        private var isLoggedIn: Bool
        private var awaitsLogin = false

        init(_ sink: MailSink) {
            self.sink = sink
            isEncrypted = sink.security?.isImmediate ?? false
            isLoggedIn = sink.security == nil
        }

        func channelActive(context: ChannelHandlerContext) { answer("220 sink ESMTP", context) }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            pending += String(buffer: unwrapInboundIn(data))
            // A Character "\r\n" is one, so the text is searched by its scalars.
            while let end = pending.unicodeScalars.firstIndex(of: "\n") {
                var line = String(pending.unicodeScalars[..<end])
                pending = String(pending.unicodeScalars[pending.unicodeScalars.index(after: end)...])
                if line.unicodeScalars.last == "\r" { line.unicodeScalars.removeLast() }
                if isInData {
                    take(line, context)
                } else if awaitsLogin {
                    logIn(line, context)
                } else {
                    obey(line, context)
                }
            }
        }

        private func take(_ line: String, _ context: ChannelHandlerContext) {
            guard line == "." else {
                letter.data += (line.hasPrefix(".") ? String(line.dropFirst()) : line) + "\r\n"
                return
            }
            isInData = false
            if let refusal = sink.refusals["."] { return answer(refusal, context) }
            letter.isEncrypted = isEncrypted
            sink.letters.append(letter)
            letter = Letter(from: "", to: [], data: "")
            answer("250 2.0.0 Ok: queued as \(sink.letters.count)", context)
        }

        private func obey(_ line: String, _ context: ChannelHandlerContext) {
            sink.commands.append(line)
            let word = line.split(separator: " ").first.map { $0.uppercased() } ?? ""
            let address = line.split(separator: "<").last?.split(separator: ">").first.map(String.init) ?? ""
            let refusal = sink.refusals[word] ?? sink.refusals["\(word) \(address)"]
            if let refusal { return answer(refusal, context) }
            switch word {
            case "HELO": answer("250 sink", context)
            case "EHLO": answer("250-sink\r\n\(offer)250-8BITMIME\r\n250 SIZE 1000000", context)
            case "STARTTLS" where sink.security != nil && !isEncrypted: encrypt(context)
            case "AUTH" where isEncrypted:
                let words = line.split(separator: " ")
                awaitsLogin = words.count == 2
                if awaitsLogin { answer("334 ", context) } else { logIn(String(words[2]), context) }
            case "MAIL" where !isLoggedIn: answer("530 5.7.0 Authentication required", context)
            case "MAIL":
                letter.from = address
                answer("250 2.1.0 Ok", context)
            case "RCPT":
                letter.to.append(address)
                answer("250 2.1.5 Ok", context)
            case "DATA":
                isInData = true
                answer("354 End data with <CR><LF>.<CR><LF>", context)
            case "QUIT":
                answer("221 2.0.0 Bye", context)
                context.close(promise: nil)
            default: answer("502 5.5.2 Unknown", context)
            }
        }

        private var offer: String {
            if sink.security == nil { return "" }
            return isEncrypted ? "250-AUTH PLAIN\r\n" : "250-STARTTLS\r\n"
        }

        private func encrypt(_ context: ChannelHandlerContext) {
            guard let security = sink.security else { return }
            answer("220 2.0.0 Ready to start TLS", context)
            isEncrypted = true
            let first = NIOSSLServerHandler(context: security.context)
            try? context.pipeline.syncOperations.addHandler(first, position: .first)
        }

        private func logIn(_ said: String, _ context: ChannelHandlerContext) {
            awaitsLogin = false
            isLoggedIn = said == sink.security?.login
            answer(
                isLoggedIn ? "235 2.7.0 Accepted" : "535 5.7.8 Authentication credentials invalid", context)
        }

        private func answer(_ text: String, _ context: ChannelHandlerContext) {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text + "\r\n")), promise: nil)
        }
    }
}
