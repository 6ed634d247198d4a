import Telemetry

/// A profile's payload compiled for writing: a template, and the leaves that fill it.
struct PayloadPlan {
    /// Where a measurement's value is.
    struct Column {
        var leaf: Int
        /// Leaf of a ratio's denominator.
        var denominator: Int?
        var scale: Double
        var offset: Double
        var fallback: Double?
        /// Highest value allowed; of a ratio, how far the numerator may go above the denominator.
        var high: Double
    }

    let form: Wire.Form
    let time: TimeWriter
    let dialect: CSVDialect
    /// Whether the payload tells its time; otherwise it is stamped on arrival.
    let carriesTime: Bool
    let carriesSequence: Bool
    /// Whether a message may hold several records, each with a time of its own.
    let hasRecords: Bool
    let leaves: [WireLeaf]
    /// Leaves that share the elements of one `*`.
    let stars: [[Int]]
    let columns: [Column]
    let template: PayloadTemplate
    /// Of formats that are written record by record and field by field.
    let layout: RecordLayout?

    init(_ profile: DeviceProfile, zone: ZoneOffsets) {
        var fields = FieldTable(profile)
        columns = profile.measurements.indices.map { fields.addColumn($0) }
        let wire = profile.wire
        form = wire.form
        time = TimeWriter(
            wire.form.senMLEncoding != nil ? .unixSeconds : wire.timeFormat, zone: zone,
            isWhole: wire.timeIsWhole)
        dialect = wire.dialect
        carriesTime =
            wire.form.senMLEncoding != nil || wire.form.ownTimeFormat != nil || wire.timeField != nil
        carriesSequence = wire.sequenceField != nil
        hasRecords =
            switch wire.form {
            case .csv: wire.timeField != nil
            case .json: wire.recordsField != nil && wire.timeField?.hasPrefix(".") == true
            case .lineProtocol, .ultraLight: true
            case .senml, .senmlCBOR, .scalar, .cayenneLPP, .sparkplug: false
            }
        fields.omitFallbacks(columns)
        leaves = fields.leaves
        stars = fields.stars.map(\.leaves)
        layout = fields.layout()
        template =
            switch wire.form {
            case .json: fields.jsonTemplate(timeIsText: time.isText)
            case .csv: fields.csvTemplate()
            case .senml: fields.senmlTemplate()
            case .scalar: fields.scalarTemplate()
            case .lineProtocol, .ultraLight, .senmlCBOR: fields.layoutTemplate()
            // Its devices are left out: see `DeviceProfile.canBeSimulated`.
            case .sparkplug: PayloadTemplate()
            case .cayenneLPP:
                wire.payloadField == nil
                    ? fields.layoutTemplate() : fields.jsonTemplate(timeIsText: time.isText)
            }
    }

    /// How many elements a `*` has in one record.
    func elements(ofStar star: Int, _ contents: UnsafeBufferPointer<Int64>) -> Int {
        stars[star].reduce(3) { count, leaf in
            leaves[leaf].reduction == .count && contents[leaf] != WireLeaf.absent
                ? max(count, Int(contents[leaf])) : count
        }
    }
}
