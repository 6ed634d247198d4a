/// Somebody, or some system, outside the console that is told of alerts.
package struct Receiver: Sendable, Equatable {
    package enum Language: String, Sendable, CaseIterable { case vi, en }

    package var name: String
    /// Units it stands for; nil for all.
    package var units: Set<String>?
    package var domains: Set<String>?
    package var wards: Set<String>?
    /// It is not told of less.
    package var leastPriority = AlertPriority.low
    package var occasions: Set<NotificationOccasion> = [.raised, .escalated]
    package var language = Language.vi
    package var quiet = QuietHours()
    /// From here on quiet hours do not count.
    package var quietExcept = AlertPriority.critical
    /// nil for as many as come.
    package var limit: NotificationLimit?
    package var way: DeliveryWay

    package init(name: String, way: DeliveryWay) {
        self.name = name
        self.way = way
    }

    /// How many there may be: each is asked for once a second.
    package static let most = 64
}

/// How a receiver is reached. Secrets are named by their files.
package enum DeliveryWay: Sendable, Equatable {
    case webhook(url: String, secretFile: String)
    case mail(MailRoute)
    case command([String])
}

/// Through which server mail goes, and to whom.
package struct MailRoute: Sendable, Equatable {
    /// `smtp://host:port` or `smtps://host:port`.
    package var server: String
    package var from: String
    package var to: [String]
    package var username: String?
    package var passwordFile: String?
    /// Certificates that vouch for the server, instead of those of the system.
    package var authorityFile: String?

    package init(
        server: String, from: String, to: [String], username: String? = nil, passwordFile: String? = nil,
        authorityFile: String? = nil
    ) {
        self.server = server
        self.from = from
        self.to = to
        self.username = username
        self.passwordFile = passwordFile
        self.authorityFile = authorityFile
    }
}

/// At most `count` messages in any `span`.
package struct NotificationLimit: Sendable, Equatable {
    package var count: Int
    package var span: Milliseconds

    package init(count: Int, span: Milliseconds) {
        self.count = count
        self.span = span
    }

    /// `20/1h`; nil if `text` is none.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let count = Int(parts[0]), (1...10_000).contains(count),
            let span = Span.parse(parts[1]), (Span.minute...Span.day).contains(span)
        else { return nil }
        self.init(count: count, span: span)
    }

    /// When there is room for one more.
    /// - Parameter taken: when messages went out, in any order.
    func nextRoom(_ taken: [Milliseconds], at now: Milliseconds) -> Milliseconds {
        let recent = taken.filter { $0 > now - span }.sorted()
        return recent.count < count ? now : recent[recent.count - count] + span
    }

    /// How many more may go now.
    func room(_ taken: [Milliseconds], at now: Milliseconds) -> Int {
        max(count - taken.count { $0 > now - span }, 0)
    }
}
