/// Why a message was refused. The raw values are what files, commands and the database say.
package enum RejectionReason: String, Error, Sendable, CaseIterable, BitwiseCopyable {
    case unknownTopic = "unknown-topic"
    case topicTooLong = "topic-too-long"
    case unknownDevice = "unknown-device"
    case deviceMismatch = "device-mismatch"
    case missingDevice = "missing-device"
    case tooLarge = "too-large"
    case tooDeep = "too-deep"
    case tooManyReadings = "too-many-readings"
    case notCompressed = "not-compressed"
    case notJSON = "not-json"
    /// A key the profile reads stands twice in one object: RFC 8259 leaves open which of the two is meant.
    case duplicateKey = "duplicate-key"
    case notCBOR = "not-cbor"
    case notSenML = "not-senml"
    case notCSV = "not-csv"
    case notLineProtocol = "not-line-protocol"
    case notUltraLight = "not-ultralight"
    case notCayenneLPP = "not-cayenne-lpp"
    case notSparkplug = "not-sparkplug"
    /// Data of Sparkplug B whose birth was not seen: nobody knows what its numbers are. The births are asked for.
    case unborn
    /// More edge nodes or metrics of Sparkplug B than are followed.
    case tooManyMetrics = "too-many-metrics"
    case notBase64 = "not-base64"
    case notANumber = "not-a-number"
    case notInEnum = "not-in-enum"
    case unitMismatch = "unit-mismatch"
    case missingTime = "missing-time"
    case notATime = "not-a-time"
    case missingSequence = "missing-sequence"
    case timeInFuture = "time-in-future"
    case tooOld = "too-old"
    case noReadings = "no-readings"
    /// The profile's `except` says that such a message is none.
    case excluded
    /// Kept by the broker since nobody knows when, and without a time of its own.
    case retainedWithoutTime = "retained-without-time"
}

/// A refusal with its place in the payload.
package struct Rejection: Error, BitwiseCopyable, Sendable, Equatable {
    package var reason: RejectionReason
    /// Byte offset in the payload.
    package var offset: Int

    package init(_ reason: RejectionReason, at offset: Int = 0) {
        self.reason = reason
        self.offset = offset
    }
}
