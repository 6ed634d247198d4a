/// A unit of measurement: a row of the table, or an annotation of UCUM like `{persons}`.
///
/// Its code is UCUM's, case-sensitive. Sources of the other spellings: RFC 8428 section 12.1 and RFC 8798 (SenML),
/// Recommendation 20 of UN/CEFACT (common codes, FIWARE's `unitCode`).
package struct Unit: Sendable, Equatable {
    package let code: String
    /// All spellings in SenML. Most units have none or one.
    package let senmlSymbols: [String]
    /// All spellings in UN/CEFACT Recommendation 20.
    package let commonCodes: [String]
    /// What it measures. Units convert within one quantity only, and each quantity has one base unit.
    package let quantity: String
    /// The quantity that leaves open what this one says: a count of nothing in particular, a level over no reference.
    let broader: String?
    /// value in the base unit = value × numerator / denominator + offset.
    ///
    /// A fraction, so that the factor between two units is the double nearest to the true one.
    let numerator: Double
    let denominator: Double
    let offset: Double

    init(
        _ code: String, senml: [String] = [], common: [String] = [], quantity: String, broader: String? = nil,
        times numerator: Double = 1, per denominator: Double = 1, plus offset: Double = 0
    ) {
        self.code = code
        self.senmlSymbols = senml
        self.commonCodes = common
        self.quantity = quantity
        self.broader = broader
        self.numerator = numerator
        self.denominator = denominator
        self.offset = offset
    }

    /// The unit of a UCUM code: one of the table, or any annotation of letters, digits, `_` and `-`.
    package static func ucum(_ code: String) -> Unit? {
        UnitTable.byCode[code] ?? (isAnnotation(code) ? annotation(code) : nil)
    }

    /// The unit of a SenML symbol. `%` and `/` are both the ratio 0..1 there (RFC 8428 section 12.1, note 2).
    package static func senml(_ symbol: String) -> Unit? { UnitTable.bySymbol[symbol] }

    /// The unit of a common code of UN/CEFACT Recommendation 20.
    package static func commonCode(_ code: String) -> Unit? { UnitTable.byCommonCode[code] }

    /// value in `other` = value × scale + offset; nil if they measure different quantities.
    ///
    /// What is left open fits what is said more closely, never the other way: SenML's `count` fits `{persons}`, a bare
    /// `dB` fits `dB[SPL]`.
    package func conversion(to other: Unit) -> (scale: Double, offset: Double)? {
        guard quantity == other.quantity || quantity == other.broader else { return nil }
        let scale = (numerator * other.denominator) / (denominator * other.numerator)
        return (scale, (offset - other.offset) * other.denominator / other.numerator)
    }

    // MARK: Annotations

    /// Annotations say what is counted. To UCUM they all are 1; persons are no vehicles all the same.
    static func annotation(_ code: String, senml: [String] = [], common: [String] = []) -> Unit {
        let things = "number of \(code.dropFirst().dropLast())"
        return Unit(code, senml: senml, common: common, quantity: things, broader: UnitTable.count)
    }

    /// Whether `code` is one word in braces that starts with a letter.
    private static func isAnnotation(_ code: String) -> Bool {
        let bytes = Array(code.utf8)
        guard bytes.count > 2, bytes.first == UInt8(ascii: "{"), bytes.last == UInt8(ascii: "}") else {
            return false
        }
        func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
        let word = bytes.dropFirst().dropLast()
        return isLetter(word.first!)
            && word.allSatisfy {
                isLetter($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_")
                    || $0 == UInt8(ascii: "-")
            }
    }
}
