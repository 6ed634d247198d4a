import Foundation
import Telemetry

/// Reads how a receiver is reached: by exactly one way.
enum DeliveryWayReader {
    static func read(_ mapping: YAMLMapping) -> DeliveryWay? {
        guard let (key, value) = mapping.one(of: "webhook", "mail", "command") else { return nil }
        switch key {
        case "webhook": return value.mapping(webhook) ?? nil
        case "mail": return value.mapping(mail) ?? nil
        default: return command(value)
        }
    }

    private static func webhook(_ mapping: YAMLMapping) -> DeliveryWay? {
        let url = mapping.required("url")?.url(
            schemes: ["https", "http"], example: "https://example.org/alerts")
        let secret = mapping.required("secret_file")?.text()
        guard let url, let secret else { return nil }
        return .webhook(url: url, secretFile: secret)
    }

    private static func mail(_ mapping: YAMLMapping) -> DeliveryWay? {
        let serverValue = mapping.required("server")
        let server = serverValue?.url(schemes: ["smtp", "smtps"], example: "smtp://mail.example.org:587")
        let path = server.flatMap(URLComponents.init(string:))?.path ?? ""
        if !path.isEmpty, path != "/" { serverValue?.fault("expected a server without a path") }
        let from = mapping.required("from")?.address()
        let to = mapping.required("to")
        let recipients = to?.list()?.compactMap { $0.address() }
        if recipients?.isEmpty == true, to?.list()?.isEmpty == true {
            to?.fault("expected at least one address")
        }
        let username = mapping.optional("username")?.text()
        let passwordFile = mapping.optional("password_file")?.text()
        if (username == nil) != (passwordFile == nil) {
            mapping.fault("`username` and `password_file` go together")
        }
        let authority = mapping.optional("ca_file")?.text()
        guard let server, let from, let recipients else { return nil }
        return .mail(
            MailRoute(
                server: server, from: from, to: recipients, username: username, passwordFile: passwordFile,
                authorityFile: authority))
    }

    private static func command(_ value: YAMLValue) -> DeliveryWay? {
        guard let words = value.texts() else { return nil }
        guard let program = words.first else {
            value.fault("expected a program and its arguments")
            return nil
        }
        if !program.hasPrefix("/") {
            value.fault("expected the whole path of the program, found \"\(program)\"")
        }
        return .command(words)
    }
}

extension YAMLValue {
    fileprivate func url(schemes: [String], example: String) -> String? {
        guard let text = text() else { return nil }
        guard let parts = URLComponents(string: text), let scheme = parts.scheme, schemes.contains(scheme),
            parts.host?.isEmpty == false, text.utf8.allSatisfy({ (33...126).contains($0) })
        else { return expected("an address like `\(example)`") }
        guard parts.user == nil, parts.password == nil else {
            fault("a password does not belong into this file: name a file that holds it")
            return nil
        }
        return text
    }

    /// Of mail, the bare one: anything else could become a header of its own.
    fileprivate func address() -> String? {
        guard let text = text() else { return nil }
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }),
            text.utf8.allSatisfy({ (33...126).contains($0) && !"<>()[],;:\\\"".utf8.contains($0) })
        else { return expected("an address like `duty@example.org`") }
        return text
    }
}
