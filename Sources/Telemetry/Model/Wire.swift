/// A profile's payload as its file describes it: compiled into a `PayloadFormat` to read, and used as it is to write
/// (the simulator speaks every profile).
package struct Wire: Sendable {
    package enum Form: String, Sendable, CaseIterable {
        case json
        case senml = "senml-json"
        case senmlCBOR = "senml-cbor"
        case scalar
        case csv
        case lineProtocol = "line-protocol"
        case ultraLight = "ultralight"
        case cayenneLPP = "cayenne-lpp"
        case sparkplug = "sparkplug-b"
    }

    package struct Field: Sendable {
        /// Where the value is; nil for `scalar` and for ratios.
        package var field: String?
        package var numerator: String?
        package var denominator: String?
        package var scale = 1.0
        package var offset = 0.0
        package var words: [(word: String, value: Double)] = []
        package var numbersAreText = false
        /// The mark in numbers that are text: a point or a comma.
        package var decimal = UInt8(ascii: ".")
        /// Numbers and texts that stand for no value.
        package var sentinels: [String] = []
        package var fallback: Double?
        package var reduction: Reduction?
        /// Where the payload names its unit, nil if it does not; see `convert(to:from:namedIn:)`.
        package internal(set) var unitField: String?
        /// Whether a payload that names no unit is refused.
        package internal(set) var needsUnit = false
        /// Units a payload may name, with what makes its values the measurement's.
        package internal(set) var unitSpellings: [UnitSpelling] = []
        /// The spelling to write, in which `scale` and `offset` hold.
        package internal(set) var writtenUnit = ""
        package init() {}
    }

    package var form: Form
    package var compression: Compression?
    package var timeField: String?
    package var timeFormat: TimeFormat = .unixMilliseconds
    package var interval: IntervalEdge?
    package var sequenceField: String?
    package var deviceField: String?
    /// What stands before the device's id in it: `urn:ngsi-ld:Device:`.
    package var devicePrefix = ""
    /// Whether payloads say whose their readings are, each of several devices: the topic does not.
    package var namesDevices = false
    package var recordsField: String?
    /// Fields that make a message none if they say one of these words, or, without words, if they are there.
    package var exceptions: [(field: String, words: [String])] = []
    /// Pointer to a binary payload that stands as base64 in a JSON message; nil if it comes as it is.
    package var payloadField: String?
    package var dialect = CSVDialect()
    /// One per measurement.
    package var fields: [Field] = []

    package init(form: Form) {
        self.form = form
        timeFormat = form.ownTimeFormat ?? .unixMilliseconds
    }
}
