/// How a payload is written, with all a decoder must know.
package enum PayloadFormat: Sendable {
    case json(Kept<RecordPlan>)
    case senml(Kept<SenMLPlan>, SenMLEncoding)
    case scalar(Kept<RecordPlan>)
    case csv(Kept<RecordPlan>, CSVDialect)
    case lineProtocol(Kept<RecordPlan>)
    case ultraLight(Kept<RecordPlan>)
    case cayenneLPP(Kept<RecordPlan>)
    case sparkplug(Kept<RecordPlan>)
    indirect case packed(Compression, PayloadFormat)

    var isPacked: Bool { if case .packed = self { true } else { false } }

    /// How it is written once unpacked.
    package var unpacked: PayloadFormat {
        if case .packed(_, let format) = self { format.unpacked } else { self }
    }

    /// The word profiles use.
    package var name: String {
        switch self {
        case .json: "json"
        case .senml(_, let encoding): encoding == .json ? "senml-json" : "senml-cbor"
        case .scalar: "scalar"
        case .csv: "csv"
        case .lineProtocol: "line-protocol"
        case .ultraLight: "ultralight"
        case .cayenneLPP: "cayenne-lpp"
        case .sparkplug: "sparkplug-b"
        case .packed(_, let format): format.name
        }
    }
}

/// What all messages of a profile read by, in one place: as a value its many arrays would be counted at every message.
package final class Kept<Plan: Sendable>: Sendable {
    package let plan: Plan
    package init(_ plan: Plan) { self.plan = plan }
}

package struct CSVDialect: Sendable, Equatable {
    package var delimiter: UInt8
    package var decimal: UInt8
    package init(delimiter: UInt8 = UInt8(ascii: ","), decimal: UInt8 = UInt8(ascii: ".")) {
        self.delimiter = delimiter
        self.decimal = decimal
    }
}

/// Bounds on one message, each with its reason.
package struct DecodeLimits: Sendable, Equatable {
    /// A topic names a domain, a ward and a device of at most 64 letters; what is longer names nothing of ours.
    package var topicBytes = 512
    /// 64 KiB holds a pack of 500 readings; a larger message blocks everyone behind it.
    package var payloadBytes = 64 * 1_024
    /// Recursion is bounded, and no gateway nests deeper than seven.
    package var depth = 16
    /// One message must fit the ring, which holds at least 16 of the largest.
    package var readings = 4_096
    /// Clocks of gateways drift by seconds; further ahead is a wrong clock.
    package var future: Milliseconds = 2 * Span.minute
    /// Older is refused. The service sets it to the time raw readings are kept, so that what is stored can be shown.
    package var retention: Milliseconds = 400 * Span.day

    package init() {}
}
