import CCurl
import Foundation

/// A server that takes mail by SMTP: one connection for each message, on the caller's thread, which it blocks.
package struct MailServer: Sendable {
    /// `smtp://host:port`, or `smtps://host:port` for TLS from the first byte.
    package var url: String
    package var username: String?
    package var password: String?
    /// Certificates in PEM that vouch for the server, instead of those of the system.
    package var authority: String?

    /// - Parameter username: with one, `smtp://` goes on by STARTTLS or not at all: a password is never sent in the clear.
    package init(
        url: String, username: String? = nil, password: String? = nil, authority: String? = nil
    ) {
        self.url = url
        self.username = username
        self.password = password
        self.authority = authority
    }

    /// Seconds for the connection, and for all.
    private static let patience = (connecting: 10, whole: 30)

    /// - Parameter isCancelled: whether nobody waits any more; asked about once a second.
    /// - Returns: what the server said to the message, like `250 2.0.0 Ok`, and to an address that it did not take.
    package func send(_ message: MailMessage, isCancelled: @escaping () -> Bool = { false })
        throws(MailError) -> String
    {
        guard Self.isReady, let handle = curl_easy_init() else {
            throw MailError("libcurl cannot be started")
        }
        defer { curl_easy_cleanup(handle) }
        let exchange = Exchange(message.bytes, isCancelled: isCancelled)
        let recipients = message.to.reduce(nil) { list, address in curl_slist_append(list, "<\(address)>") }
        defer { curl_slist_free_all(recipients) }
        set(handle, recipients, message.from)
        let code = withExtendedLifetime(exchange) {
            exchange.attach(to: handle)
            return curl_easy_perform(handle)
        }
        guard code == CURLE_OK else {
            let reason = String(cString: curl_easy_strerror(code))
            throw MailError(exchange.refusal ?? reason)
        }
        let taken = exchange.taken ?? "250"
        return exchange.refusal(ofOneOf: message.to.count).map { "\(taken) (not for everybody: \($0))" }
            ?? taken
    }

    private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    private func set(
        _ handle: UnsafeMutableRawPointer, _ recipients: UnsafeMutablePointer<curl_slist>?, _ from: String
    ) {
        _ = ccurl_set_text(handle, CURLOPT_URL, url)
        _ = ccurl_set_text(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps")
        _ = ccurl_set_text(handle, CURLOPT_MAIL_FROM, "<\(from)>")
        _ = ccurl_set_list(handle, CURLOPT_MAIL_RCPT, recipients)
        // One address that is gone must not keep the message from the others; if none is taken it fails all the same.
        _ = ccurl_set_number(handle, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1)
        _ = ccurl_set_number(handle, CURLOPT_UPLOAD, 1)
        _ = ccurl_set_number(handle, CURLOPT_NOPROGRESS, 0)
        // Timeouts of name lookups would come as signals.
        _ = ccurl_set_number(handle, CURLOPT_NOSIGNAL, 1)
        _ = ccurl_set_number(handle, CURLOPT_CONNECTTIMEOUT, Self.patience.connecting)
        _ = ccurl_set_number(handle, CURLOPT_TIMEOUT, Self.patience.whole)
        let security = username == nil ? CURLUSESSL_TRY : CURLUSESSL_ALL
        _ = ccurl_set_number(handle, CURLOPT_USE_SSL, Int(security.rawValue))
        if let authority { _ = ccurl_set_text(handle, CURLOPT_CAINFO, authority) }
        guard let username, let password else { return }
        _ = ccurl_set_text(handle, CURLOPT_USERNAME, username)
        _ = ccurl_set_text(handle, CURLOPT_PASSWORD, password)
    }
}

/// Why a message was not taken.
package struct MailError: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
}
