import Telemetry
import Yams

/// A profile to be, written from what another system's registry says of a kind of device.
package struct ProfileDraft: Sendable, Equatable {
    struct Measurement: Sendable, Equatable {
        var name: String
        var title: Title
        /// Where the value is: a JSON pointer, what stands for `{field}` in the topic, or nil for the whole payload.
        var field: String?
        /// UCUM.
        var unit = "1"
        /// In what the payload gives it, if that is another.
        var wireUnit: String?
        var kind = MeasurementKind.gauge
        /// Words of a state, 0 for the first.
        var words: [String] = []
    }

    struct Time: Sendable, Equatable {
        var field: String
        var format: String
    }

    /// What names it, from which `name` comes.
    var label: String
    var title: Title
    var topics: [String]
    var form: Wire.Form
    var time: Time?
    var cadence: Milliseconds
    var measurements: [Measurement]

    /// What a file of it would be called.
    package var name: String {
        let name = Identifier.slug(label, ".", "_")
        return Identifier.isFileName(name) ? name : "device-\(name)"
    }

    /// Whether devices of both speak alike.
    func isSame(as other: ProfileDraft) -> Bool {
        (topics, form, time, cadence) == (other.topics, other.form, other.time, other.cadence)
            && measurements == other.measurements
    }

    /// The first that the profile will hear, with a field for `{field}`.
    var firstTopic: String? {
        guard let topic = topics.first, let template = try? TopicTemplate(topic) else { return nil }
        guard template.namesField else { return topic }
        return template.filled(with: measurements.first?.field ?? "", field: 0)?.text
    }

    /// The file.
    package func yaml(origin: String) throws -> String {
        var root: [(Node, Node)] = [
            (plain("title"), Self.node(title)), (plain("topic"), list(topics.map(Self.quoted))),
            (plain("format"), plain(form.rawValue)),
        ]
        if let time {
            root.append(
                (plain("time"), flow([("field", plain(time.field)), ("format", plain(time.format))])))
        }
        root.append((plain("cadence"), plain(Span.format(cadence))))
        root.append((plain("measurements"), .sequence(Node.Sequence(measurements.map(node)))))
        let text = try Yams.serialize(
            node: .mapping(Node.Mapping(root)), width: -1, allowUnicode: true)
        return "# From \(origin). Read it over: names, units and limits (`valid`) are its best guess.\n"
            + text
    }

    private func node(_ measurement: Measurement) -> Node {
        var pairs: [(Node, Node)] = [
            (plain("name"), plain(measurement.name)), (plain("title"), Self.node(measurement.title)),
        ]
        if let field = measurement.field { pairs.append((plain("field"), Self.quoted(field))) }
        pairs.append((plain("unit"), Self.quoted(measurement.unit)))
        if let unit = measurement.wireUnit { pairs.append((plain("wire_unit"), Self.quoted(unit))) }
        pairs.append((plain("kind"), plain(measurement.kind.rawValue)))
        if !measurement.words.isEmpty {
            let words = measurement.words.enumerated().map { (Self.quoted($1), plain("\($0)")) }
            pairs.append((plain("enum"), .mapping(Node.Mapping(words, .implicit, .flow))))
        }
        return .mapping(Node.Mapping(pairs))
    }

    private func list(_ nodes: [Node]) -> Node {
        nodes.count == 1 ? nodes[0] : .sequence(Node.Sequence(nodes, .implicit, .flow))
    }

    private static func node(_ title: Title) -> Node {
        flow([("vi", quoted(title.vi)), ("en", quoted(title.en))])
    }

    private static func quoted(_ text: String) -> Node {
        .scalar(Node.Scalar(text, .implicit, .doubleQuoted))
    }
}

private func plain(_ text: String) -> Node { .scalar(Node.Scalar(text, .implicit, .plain)) }

private func flow(_ pairs: [(String, Node)]) -> Node {
    .mapping(Node.Mapping(pairs.map { (plain($0.0), $0.1) }, .implicit, .flow))
}
