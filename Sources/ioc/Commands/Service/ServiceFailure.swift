import AsyncHTTPClient

/// Why the service did not do what was asked.
struct ServiceFailure: Error, CustomStringConvertible, Sendable {
    enum Kind: Sendable, Equatable {
        /// No answer, or it broke off.
        case unreachable(reason: String)
        /// It answered that it will not; the sentence is its own.
        case refused(status: Int, sentence: String)
        /// It answered something else than expected.
        case notUnderstood
        case noToken(path: String)
    }

    var kind: Kind
    var url: String
    var language: Language

    /// Whether the same request may succeed later.
    var isTemporary: Bool {
        switch kind {
        case .unreachable: true
        case .refused(let status, _): status >= 500 || status == 429
        case .notUnderstood, .noToken: false
        }
    }

    var description: String {
        switch kind {
        case .unreachable(let reason):
            language(
                vi:
                    "\(url): dịch vụ không trả lời (\(reason)); chạy `ioc run`, hoặc chỉ địa chỉ khác bằng --url",
                en:
                    "\(url): the service does not answer (\(reason)); start `ioc run`, or name another address with --url"
            )
        case .refused(401, _):
            language(
                vi: "\(url): mã truy cập không đúng; chỉ tệp token của dịch vụ bằng --token-file",
                en: "\(url): the token is not the service's; name its token file with --token-file")
        case .refused(let status, let sentence): sentence.isEmpty ? "\(url): HTTP \(status)" : sentence
        case .notUnderstood:
            language(
                vi: "\(url): trả lời không phải của ioc; kiểm tra --url và phiên bản dịch vụ",
                en: "\(url): the answer is not one of ioc's; check --url and the service's version")
        case .noToken(let path):
            language(
                vi:
                    "\(path): không đọc được mã truy cập; chạy `ioc run` một lần, hoặc chỉ tệp bằng --token-file",
                en: "\(path): cannot read the token; start `ioc run` once, or name the file with --token-file"
            )
        }
    }

    /// Without the address and what to do, for a screen that shows one and does the other.
    var brief: String {
        guard case .unreachable(let reason) = kind else { return description }
        return language(
            vi: "dịch vụ không trả lời (\(reason))", en: "the service does not answer (\(reason))")
    }

    /// The part of a network error that tells an operator something; the libraries' own texts run over lines.
    static func reason(of error: any Error, _ language: Language) -> String {
        let text = "\(error)"
        let known: [(sign: String, vi: String, en: String)] = [
            ("Connection refused", "từ chối kết nối", "connection refused"),
            ("imeout", "quá thời gian chờ", "no answer in time"),
            ("deadlineExceeded", "quá thời gian chờ", "no answer in time"),
            ("stream ended", "kết nối bị đóng", "the connection was closed"),
            ("remoteConnectionClosed", "kết nối bị đóng", "the connection was closed"),
            ("Connection reset", "kết nối bị ngắt", "the connection was reset"),
            ("unreachable", "không có đường đến máy chủ", "no route to the host"),
            ("NIOConnectionError", "không tìm thấy máy chủ", "cannot find or reach the host"),
        ]
        if let found = known.first(where: { text.contains($0.sign) }) {
            return language(vi: found.vi, en: found.en)
        }
        return (error as? HTTPClientError)?.shortDescription ?? String(text.prefix(80))
    }
}
