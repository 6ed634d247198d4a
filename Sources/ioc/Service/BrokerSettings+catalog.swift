import Broker
import Catalog
import Foundation
import Telemetry

extension Settings.Broker {
    var address: String { BrokerSettings.address(host, port) }

    /// For the connection that takes messages in.
    /// - Throws: `ServiceFault` if the password file cannot be read.
    func intake(subscriptions: [String]) throws -> BrokerSettings {
        try connection(client: client, subscriptions: subscriptions, stateTopic: "ioc/v1/state/\(client)")
    }

    /// For a connection that publishes; brokers want a client id of its own for each.
    func publisher(_ suffix: String) throws -> BrokerSettings {
        try connection(client: "\(client)-\(suffix)", subscriptions: [], stateTopic: nil)
    }

    private func connection(client: String, subscriptions: [String], stateTopic: String?) throws
        -> BrokerSettings
    {
        BrokerSettings(
            host: host, port: UInt16(clamping: port), clientID: client, username: username,
            password: try password(),
            tls: tls.map {
                TLSSettings(caFile: $0.authority, certificateFile: $0.certificate, keyFile: $0.key)
            },
            keepAlive: UInt16(clamping: keepAlive / Span.second),
            receiveMaximum: UInt16(clamping: receiveMaximum),
            maximumPacketSize: UInt32(clamping: maximumPacket),
            subscriptions: subscriptions, stateTopic: stateTopic)
    }

    private func password() throws -> String? {
        guard let passwordFile else { return nil }
        guard let text = try? String(contentsOfFile: passwordFile, encoding: .utf8) else {
            throw ServiceFault(
                "\(passwordFile): cannot read the broker's password; make the file readable for this user, or change "
                    + "broker.password_file")
        }
        return text.split(whereSeparator: \.isNewline).first.map(String.init)
    }
}
