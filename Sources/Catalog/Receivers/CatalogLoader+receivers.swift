import Telemetry

extension CatalogLoader {
    /// `receivers.yaml` beside the settings; without it nobody is told.
    func readReceivers(beside settings: String) {
        let folder = Folder.of(settings)
        guard folder.holds("receivers.yaml") else { return }
        let areRulesKnown = log.faults.isEmpty
        guard let root = YAMLFile.read("\(folder.path)/receivers.yaml", log) else { return }
        var lines: [String: Int] = [:]
        for entry in ReceiverFile().read(root) {
            if let line = lines.updateValue(entry.name.line, forKey: entry.receiver.name) {
                entry.name.fault("\"\(entry.receiver.name)\" is a receiver in line \(line) already")
            }
            if areRulesKnown { check(entry) }
            receivers.append(entry.receiver)
        }
        if receivers.count > Receiver.most {
            root.fault(
                "\(receivers.count) receivers, at most \(Receiver.most): let a list or a system pass it on")
        }
    }

    /// Who is named wrongly would never hear of anything.
    private func check(_ entry: ReceiverFile.Entry) {
        let all = rules + SelfMonitoring.rules
        let units = Set(all.flatMap { [$0.lead] + $0.copies + $0.conduct.escalations.map(\.unit) })
        check(entry.units, "unit", units, "leads a rule or gets copies of one")
        check(entry.domains, "domain", Set(all.map(\.domain)), "has rules")
        check(entry.wards, "ward", Set(wards.map(\.code) + ["_"]), "is in wards.csv")
    }

    private func check(_ values: [YAMLValue], _ what: String, _ known: Set<String>, _ condition: String) {
        for value in values {
            guard let name = value.text(), !known.contains(name) else { continue }
            value.fault("no \(what) `\(name)` \(condition)\(Spelling.hint(name, known.sorted()))")
        }
    }
}
