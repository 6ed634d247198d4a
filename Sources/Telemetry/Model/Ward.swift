/// A ward or commune of the city, as its register has it.
package struct Ward: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        case ward
        case commune
    }

    package var code: String
    package var name: Title
    package var kind: Kind
    /// Of its centre, WGS84 degrees.
    package var latitude: Double
    package var longitude: Double
    /// First moment of its first day, nil if it was always there.
    package var validFrom: Milliseconds?
    /// First moment after its last day, nil if it has none.
    package var validUntil: Milliseconds?

    package init(
        code: String, name: Title, kind: Kind, latitude: Double, longitude: Double,
        validFrom: Milliseconds? = nil,
        validUntil: Milliseconds? = nil
    ) {
        self.code = code
        self.name = name
        self.kind = kind
        self.latitude = latitude
        self.longitude = longitude
        self.validFrom = validFrom
        self.validUntil = validUntil
    }
}
