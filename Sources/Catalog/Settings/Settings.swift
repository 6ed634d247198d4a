package import Telemetry

/// `config/ioc.yaml`, with every default. The file says each default's reason.
package struct Settings: Sendable, Equatable {
    package struct City: Sendable, Equatable {
        package var name = Title(vi: "Huế", en: "Huế")
        package var timezone = "Asia/Ho_Chi_Minh"
    }

    package struct TLS: Sendable, Equatable {
        package var authority: String
        package var certificate: String?
        package var key: String?
        package init(authority: String, certificate: String? = nil, key: String? = nil) {
            self.authority = authority
            self.certificate = certificate
            self.key = key
        }
    }

    package struct Broker: Sendable, Equatable {
        package var host = "127.0.0.1"
        package var port = 1883
        package var client = "ioc"
        package var username: String?
        /// File with the password on its first line; never in the YAML itself.
        package var passwordFile: String?
        package var tls: TLS?
        package var keepAlive = 60 * Span.second
        package var receiveMaximum = 2_000
        package var maximumPacket = 128 * 1_024
        /// Whether transitions of alerts are published.
        package var publishesAlerts = true
        /// Our name among the hosts of Sparkplug B; nil says no state.
        package var sparkplugHost: String? = "ioc"
        /// How long messages of an edge node may come out of order before its births are asked for.
        package var sparkplugReorder = SparkplugHost.reorderTimeout
    }

    package struct HTTP: Sendable, Equatable {
        package var host = "127.0.0.1"
        package var port = 8_180
        /// Bearer token; made with mode 0600 at the first start. nil: `token` in the data directory.
        package var tokenFile: String?
    }

    package struct Data: Sendable, Equatable {
        package var directory = "data"
        /// How long raw readings are kept.
        package var rawRetention = 30 * Span.day
        /// How long rollups of each tier are kept.
        package var rollupRetention: [Tier: Milliseconds] = [
            .minute: 90 * Span.day, .quarterHour: 400 * Span.day, .hour: 1_830 * Span.day,
            .day: 7_300 * Span.day,
        ]
        /// Messages remembered to recognise what the broker sends again.
        package var acknowledgements = 262_144
        package var quarantineRows = 10_000
        /// Of topics and payloads.
        package var quarantineBytes = 16 << 20
        /// Of the write-ahead log, beyond which it is said that a reader holds it.
        package var walBytes = 256 << 20
    }

    package struct Intake: Sendable, Equatable {
        package var limits = DecodeLimits()
        /// How long a closed minute waits for readings on their way.
        package var grace = 2 * Span.second
        /// Slots of the ring: rate × the longest stall of the disk.
        package var ringCapacity = 65_536
    }

    /// Bounds on memory that belong to no one part; those of messages are in `Intake`, those of the disk in `Data`.
    package struct Limits: Sendable, Equatable {
        /// Measurements of one profile.
        package var seriesPerDevice = 256
        package var devicesPerProfile = 100_000
        /// Open minutes besides the newest of each series.
        package var openWindows = 1_000_000
    }

    package var city = City()
    package var broker = Broker()
    package var http = HTTP()
    package var data = Data()
    package var intake = Intake()
    package var limits = Limits()

    package init() {}
}
