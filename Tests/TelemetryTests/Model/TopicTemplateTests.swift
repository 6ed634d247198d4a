import Testing

@testable import Telemetry

@Suite("Topic templates and pointers")
struct TopicTemplateTests {
    private func device(_ template: String, _ topic: String) throws -> String? {
        var topic = topic
        let template = try TopicTemplate(template)
        return topic.withUTF8 { template.device(in: $0).map { String(decoding: $0, as: UTF8.self) } }
    }

    @Test("find the device at its level, and only in topics of as many levels")
    func device() throws {
        #expect(try device("a/{ward}/{device}/t", "a/w/d-1/t") == "d-1")
        #expect(try device("a/{ward}/{device}/t", "a/w/d-1") == nil)
        #expect(try device("a/{ward}/{device}/t", "a/w/d-1/t/") == nil)
        #expect(try device("a/{ward}/{device}/t", "a//d-1/t") == nil)
        #expect(try device("{device}", "") == nil)
        #expect(try device("/{device}/", "/x/") == "x")
    }

    @Test("a device's id is its level in small letters, and other letters stay as they are")
    func keys() {
        func key(_ text: String) -> String { Array(text.utf8).withUnsafeBufferPointer(TopicTemplate.key) }
        #expect(key("24E124AB") == "24e124ab")
        #expect(key("tasmota_A1-[x]") == "tasmota_a1-[x]")
        #expect(key("ĐỘ") == "ĐỘ")
    }

    @Test("of levels that name the field there is one template a field, and only they are subscribed to")
    func fields() throws {
        let one = try #require(
            try TopicTemplate("s/{device}/sensor/{field}").filled(with: "temperature", field: 3))
        #expect(one.text == "s/{device}/sensor/temperature")
        #expect(one.filter == "s/+/sensor/temperature")
        #expect(one.field == 3)
        #expect(!one.namesField)
        let two = try TopicTemplate("homie/5/{device}/{field}/{field}")
        #expect(two.filled(with: "climate/nhiệt-độ", field: 0)?.filter == "homie/5/+/climate/nhiệt-độ")
        for name in ["climate", "a/b/c", "a/", "/", "", "a/+", "#/b", "a/{b}", "a/{device}"] {
            #expect(two.filled(with: name, field: 0) == nil, "\(name)")
        }
        #expect(try TopicTemplate("s/{device}").filled(with: "a", field: 0) == nil)
        #expect(throws: TopicTemplate.Mistake.repeatedCapture("field")) {
            try TopicTemplate("{field}/{device}/{field}")
        }
    }

    @Test("the device may be part of a level, and nothing else may")
    func parts() throws {
        let template = "v1.1/Datastreams({device})/Observations"
        #expect(try TopicTemplate(template).filter == "v1.1/+/Observations")
        #expect(try TopicTemplate(template).topic(["device": "17"]) == "v1.1/Datastreams(17)/Observations")
        #expect(try device(template, "v1.1/Datastreams(17)/Observations") == "17")
        #expect(try device("a/'{device}'", "a/'b'c'") == "b'c")
        for topic in [
            "Datastreams()", "Datastreams(17", "Datastreams17)", "Things(17)", "Datastreams(", "", "()",
        ] {
            #expect(try device(template, "v1.1/\(topic)/Observations") == nil, "\(topic)")
        }
        #expect(try device("aa{device}aa", "aaa") == nil)
        for text in [
            "a{ward}/{device}", "a{device/b", "a}device{", "{device}{device}", "{{device}}", "a+{device}#{",
        ] {
            #expect(throws: TopicTemplate.Mistake.self, "\(text)") { try TopicTemplate(text) }
        }
        #expect(throws: TopicTemplate.Mistake.repeatedCapture("device")) {
            try TopicTemplate("{device}/a{device}")
        }
        #expect(try TopicTemplate("x({device})/{field}").filled(with: "t", field: 0)?.text == "x({device})/t")
    }

    /// To Swift `/` and a mark above it are one character; to MQTT the level ends.
    @Test("divide levels at every slash, also one with an accent behind it")
    func accents() throws {
        #expect(try TopicTemplate("a/\u{301}b/{device}").levels.count == 3)
        #expect(try device("a/\u{301}b/{device}", "a/\u{301}b/x") == "x")
        #expect(throws: TopicTemplate.Mistake.self) { try TopicTemplate("+\u{301}/{device}") }
        #expect(throws: TopicTemplate.Mistake.self) { try TopicTemplate("a#\u{301}/{device}") }
        #expect(throws: TopicTemplate.Mistake.self) { try TopicTemplate("{\u{301}ward}/{device}") }
        #expect(try device("{pho\u{31B}\u{300}ng}/{device}", "a/x") == "x")
        #expect(JSONPathTree.tokens("/a/\u{301}b") == ["a", "\u{301}b"])
        #expect(JSONPathTree.tokens("/~1\u{301}") == ["/\u{301}"])
        #expect(JSONPathTree.tokens("/~\u{301}") == nil)
    }

    @Test(
        "what to subscribe to for one device",
        arguments: [
            ("ioc/v1/a/{ward}/{device}/tele", "d-1", "ioc/v1/a/+/d-1/tele"),
            ("v1/Datastreams({device})/Observations", "17", "v1/Datastreams(17)/Observations"),
            ("spBv1.0/{group}/{type}/{edge}/{device}", "G 1/E/Pump", "spBv1.0/G 1/+/E/Pump"),
            ("spBv1.0/{group}/{type}/{edge}/{device}", "pump", "spBv1.0/+/+/+/pump"),
            ("spBv1.0/g/{type}/{device}", "g/edge", "spBv1.0/g/+/edge"),
        ])
    func filterOfDevice(_ template: String, _ device: String, _ filter: String) throws {
        #expect(try TopicTemplate(template).filter(of: device) == filter)
    }
}
