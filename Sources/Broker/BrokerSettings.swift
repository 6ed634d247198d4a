/// Where the broker is, who we are there, and what the session promises.
package struct BrokerSettings: Sendable, Equatable {
    /// Name or address of the broker.
    package var host: String
    package var port: UInt16
    /// The session belongs to this id. Two clients with one id throw each other out.
    package var clientID: String
    package var username: String?
    package var password: String?
    /// nil speaks plain TCP.
    package var tls: TLSSettings?
    /// Seconds of silence after which a ping is sent. At least 60 is wise: while a commit stalls no ping can leave,
    /// and the broker gives up after 1.5 times this.
    package var keepAlive: UInt16
    /// QoS 1 messages the broker may send ahead of our acknowledgements. mosquitto 2.0.11 overshoots this (#2306).
    package var receiveMaximum: UInt16
    /// Seconds the broker keeps the session of an absent client. Never (0xFFFFFFFF) by default: any other value turns
    /// an outage longer than itself into silent loss, while the broker's own queue limits bound what a session costs.
    package var sessionExpiry: UInt32
    /// Bytes of the largest packet we take. The broker silently drops larger messages for us.
    package var maximumPacketSize: UInt32
    /// Topic on which the intake hears itself: what it sends there comes back behind everything the broker held for it.
    var echoTopic: String? { stateTopic.map { $0 + "/echo" } }
    /// Topic filters taken at QoS 1.
    package var subscriptions: [String]
    /// Filters that the session may have from before and wants no more: the broker would go on delivering for them.
    package var formerSubscriptions: [String] = []
    /// Topic with the retained words `online` and `offline`; nil says nothing.
    package var stateTopic: String?
    /// How long to wait between attempts to connect.
    package var backoff: Backoff

    package init(
        host: String = "127.0.0.1", port: UInt16 = 1883, clientID: String,
        username: String? = nil, password: String? = nil, tls: TLSSettings? = nil,
        keepAlive: UInt16 = 60, receiveMaximum: UInt16 = 2000, sessionExpiry: UInt32 = .max,
        maximumPacketSize: UInt32 = 128 * 1024, subscriptions: [String] = [], stateTopic: String? = nil,
        backoff: Backoff = Backoff()
    ) {
        self.host = host
        self.port = port
        self.clientID = clientID
        self.username = username
        self.password = password
        self.tls = tls
        self.keepAlive = keepAlive
        self.receiveMaximum = receiveMaximum
        self.sessionExpiry = sessionExpiry
        self.maximumPacketSize = maximumPacketSize
        self.subscriptions = subscriptions
        self.stateTopic = stateTopic
        self.backoff = backoff
    }

    /// As it stands in every error.
    package var address: String { Self.address(host, Int(port)) }

    /// What the broker does not let this client do, as a sentence with its user.
    func refusal(_ complaint: String) -> BrokerError {
        BrokerError(
            .refused, "\(username.map { "user \"\($0)\"" } ?? "a client without user name") \(complaint)")
    }

    /// The broker does not serve one or more of these filters.
    func refusal(ofReading filters: [String]) -> BrokerError {
        refusal(
            "may not read some of \(filters.joined(separator: ", ")) at the broker \(address); "
                + "allow it in the broker's access list")
    }

    /// `host:port`, `[::1]:port`.
    package static func address(_ host: String, _ port: Int) -> String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
