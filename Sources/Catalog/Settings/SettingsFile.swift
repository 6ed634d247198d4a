import Telemetry

/// Reads `config/ioc.yaml`. A key that is missing keeps its default.
struct SettingsFile {
    let zones: ZoneTable

    func read(_ root: YAMLValue) -> Settings {
        var settings = Settings()
        _ = root.mapping { file in
            _ = file.optional("city")?.mapping { city($0, &settings.city) }
            _ = file.optional("broker")?.mapping { broker($0, &settings.broker) }
            _ = file.optional("http")?.mapping { http($0, &settings.http) }
            _ = file.optional("data")?.mapping { data($0, &settings.data) }
            _ = file.optional("intake")?.mapping { intake($0, &settings.intake) }
            _ = file.optional("limits")?.mapping { limits($0, &settings.limits) }
        }
        return settings
    }

    private func city(_ mapping: YAMLMapping, _ city: inout Settings.City) {
        set(&city.name, mapping.optional("name")?.title())
        set(&city.timezone, mapping.optional("timezone")?.timeZone(zones)?.name)
    }

    private func broker(_ mapping: YAMLMapping, _ broker: inout Settings.Broker) {
        set(&broker.host, mapping.optional("host")?.text())
        set(&broker.port, mapping.optional("port")?.integer(in: 1...65_535))
        set(&broker.client, mapping.optional("client")?.topicLevel())
        broker.username = mapping.nullable("username")?.text()
        broker.passwordFile = mapping.nullable("password_file")?.text()
        broker.tls = mapping.nullable("tls")?.mapping(tls) ?? nil
        set(&broker.keepAlive, mapping.optional("keep_alive")?.span(atLeast: 5 * Span.second))
        set(&broker.receiveMaximum, mapping.optional("receive_maximum")?.integer(in: 1...65_535))
        set(&broker.maximumPacket, mapping.optional("maximum_packet")?.integer(in: 1_024...268_435_455))
        set(&broker.publishesAlerts, mapping.optional("publish_alerts")?.boolean())
        if let value = mapping.optional("sparkplug_host") {
            broker.sparkplugHost = value.isNull ? nil : value.topicLevel()
        }
        set(&broker.sparkplugReorder, mapping.optional("sparkplug_reorder")?.span(atLeast: 1))
    }

    private func tls(_ mapping: YAMLMapping) -> Settings.TLS? {
        let authority = mapping.nullable("authority")?.text()
        let certificate = mapping.nullable("certificate")?.text()
        let key = mapping.nullable("key")?.text()
        if (certificate == nil) != (key == nil) { mapping.fault("`certificate` and `key` go together") }
        guard let authority else {
            if certificate != nil { mapping.fault("`certificate` needs an `authority`") }
            return nil
        }
        return Settings.TLS(authority: authority, certificate: certificate, key: key)
    }

    private func http(_ mapping: YAMLMapping, _ http: inout Settings.HTTP) {
        set(&http.host, mapping.optional("host")?.text())
        set(&http.port, mapping.optional("port")?.integer(in: 0...65_535))
        http.tokenFile = mapping.nullable("token_file")?.text()
    }

    private func data(_ mapping: YAMLMapping, _ data: inout Settings.Data) {
        set(&data.directory, mapping.optional("directory")?.text())
        set(&data.rawRetention, mapping.optional("raw_retention")?.span(atLeast: Span.day))
        _ = mapping.optional("rollup_retention")?.mapping { tiers in
            for tier in Tier.allCases {
                guard let length = tiers.optional(tier.name)?.span(atLeast: 2 * Span.day) else { continue }
                data.rollupRetention[tier] = length
            }
        }
        set(&data.acknowledgements, mapping.optional("acknowledgements")?.integer(in: 1_024...16_777_216))
        set(&data.quarantineRows, mapping.optional("quarantine_rows")?.integer(in: 0...1_000_000))
        set(&data.quarantineBytes, mapping.optional("quarantine_bytes")?.integer(in: 0...(1 << 30)))
        // The log keeps up to 64 MiB for itself.
        set(&data.walBytes, mapping.optional("wal_bytes")?.integer(in: (64 << 20)...(1 << 40)))
    }

    private func intake(_ mapping: YAMLMapping, _ intake: inout Settings.Intake) {
        set(&intake.limits.topicBytes, mapping.optional("topic_bytes")?.integer(in: 64...65_535))
        set(&intake.limits.payloadBytes, mapping.optional("payload_bytes")?.integer(in: 64...(16 << 20)))
        set(&intake.limits.depth, mapping.optional("depth")?.integer(in: 2...64))
        set(&intake.limits.readings, mapping.optional("readings")?.integer(in: 1...65_536))
        set(&intake.limits.future, mapping.optional("future")?.span())
        set(&intake.grace, mapping.optional("grace")?.span())
        let capacity = mapping.optional("ring_capacity")
        set(&intake.ringCapacity, capacity?.integer(in: 16...(1 << 26)))
        let least = 16 * intake.limits.readings
        if intake.ringCapacity < least || intake.ringCapacity.nonzeroBitCount != 1 {
            let message =
                "expected a power of two of at least \(least), 16 × `readings`, found \(intake.ringCapacity)"
            if let capacity { capacity.fault(message) } else { mapping.fault("ring_capacity: \(message)") }
        }
    }

    private func limits(_ mapping: YAMLMapping, _ limits: inout Settings.Limits) {
        set(&limits.seriesPerDevice, mapping.optional("series_per_device")?.integer(in: 1...4_096))
        set(&limits.devicesPerProfile, mapping.optional("devices_per_profile")?.integer(in: 1...1_000_000))
        set(&limits.openWindows, mapping.optional("open_windows")?.integer(in: 1_000...100_000_000))
    }

    private func set<Value>(_ setting: inout Value, _ value: Value?) {
        if let value { setting = value }
    }
}

extension YAMLValue {
    /// One level of a topic that is published to.
    fileprivate func topicLevel() -> String? {
        guard let text = text() else { return nil }
        guard !text.unicodeScalars.contains(where: { "/+#".unicodeScalars.contains($0) }) else {
            fault("`\(text)`: expected a name without `/`, `+` and `#`: it is one level of a topic")
            return nil
        }
        return text
    }
}
