import CMosquitto
import Glibc

/// From the codes of libmosquitto and MQTT to sentences.
extension BrokerError {
    /// The connection could not be opened.
    /// - Parameter systemError: errno, or the code of getaddrinfo, as it was right after the attempt.
    static func notOpened(code: Int32, systemError: Int32, _ settings: BrokerSettings) -> BrokerError {
        let place = settings.address
        switch code {
        case MOSQ_ERR_EAI.rawValue:
            let why = String(cString: gai_strerror(systemError))
            return BrokerError(
                .unreachable, "cannot find the broker \(place): \(why); check the host name")
        case MOSQ_ERR_ERRNO.rawValue:
            let why = String(cString: strerror(systemError))
            return BrokerError(
                .unreachable,
                "cannot reach the broker at \(place): \(why); check that it runs and that host and port are right"
            )
        default: return ended(code: code, settings)
        }
    }

    /// The connection ended with `code`: an MQTT 5 reason (128 and above) or an error of the library.
    static func ended(code: Int32, _ settings: BrokerSettings) -> BrokerError {
        let place = settings.address
        switch code {
        case 128...: return refused(reason: code, settings)
        case MOSQ_ERR_TLS.rawValue:
            return BrokerError(
                .tls,
                "no TLS with the broker at \(place): check that the port speaks TLS 1.2 or newer and that its certificate "
                    + "names this host and is signed by \(settings.tls?.caFile ?? "the caFile")")
        case MOSQ_ERR_KEEPALIVE.rawValue:
            return BrokerError(
                .lost,
                "the broker at \(place) has not answered for \(settings.keepAlive) s; check the network and its load"
            )
        case MOSQ_ERR_INVAL.rawValue:
            return BrokerError(
                .settings,
                "libmosquitto does not take the settings for \(place); check host, port, keep-alive (0 or 5 s and more)"
            )
        case MOSQ_ERR_CONN_LOST.rawValue:
            // mosquitto 2.0.11 says nothing when another client takes over the session (src/handle_connect.c).
            return BrokerError(
                .lost,
                "the broker at \(place) closed the connection; it is tried again by itself; should this go on, look for "
                    + "another client with the id \"\(settings.clientID)\"")
        default:
            let why = words(mosquitto_strerror(code))
            return BrokerError(
                .lost,
                "the connection to the broker at \(place) was lost: \(why); it is tried again by itself")
        }
    }

    /// The broker gave an MQTT 5 reason for not having us.
    static func refused(reason: Int32, _ settings: BrokerSettings) -> BrokerError {
        let place = settings.address
        switch mqtt5_return_codes(rawValue: UInt32(reason)) {
        case MQTT_RC_BAD_USERNAME_OR_PASSWORD, MQTT_RC_NOT_AUTHORIZED:
            guard let user = settings.username else {
                return BrokerError(
                    .refused,
                    "the broker at \(place) lets no one in without a user name; set user name and password")
            }
            return BrokerError(
                .refused,
                "the broker at \(place) refused user \"\(user)\": wrong user name or password, or not allowed; check them "
                    + "here and in the broker's password_file")
        case MQTT_RC_SESSION_TAKEN_OVER:
            return BrokerError(
                .lost,
                "another client with the id \"\(settings.clientID)\" took over the session at \(place); give every client "
                    + "its own id")
        case MQTT_RC_UNSUPPORTED_PROTOCOL_VERSION:
            return BrokerError(
                .refused, "the broker at \(place) does not speak MQTT 5; use mosquitto 2.0 or newer")
        case MQTT_RC_SERVER_SHUTTING_DOWN, MQTT_RC_SERVER_BUSY, MQTT_RC_SERVER_UNAVAILABLE:
            let why = words(mosquitto_reason_string(reason))
            return BrokerError(.lost, "the broker at \(place) says \"\(why)\"; it is tried again by itself")
        default:
            let why = words(mosquitto_reason_string(reason))
            return BrokerError(.refused, "the broker at \(place) refused: \(why); its log says more")
        }
    }

    /// Connected, and then silence instead of a CONNACK.
    static func noGreeting(seconds: Int64, _ settings: BrokerSettings) -> BrokerError {
        BrokerError(
            .unreachable,
            "\(settings.address) took the connection but did not answer for \(seconds) s; check that this port speaks "
                + "\(settings.tls == nil ? "MQTT without TLS" : "MQTT over TLS")")
    }

    /// A text of the library without its full stop.
    static func words(_ text: UnsafePointer<CChar>) -> String {
        let words = String(cString: text)
        return words.hasSuffix(".") ? String(words.dropLast()) : words
    }
}
