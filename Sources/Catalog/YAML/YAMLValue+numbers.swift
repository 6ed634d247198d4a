import Telemetry
import Yams

extension YAMLValue {
    /// A decimal number. Octal, hexadecimal and sexagesimal ones of YAML 1.1 are refused: nobody means them.
    func number() -> Double? {
        guard let text = plainNumber else { return expected("a number") }
        guard let number = Double(text), number.isFinite else { return expected("a number") }
        return number
    }

    func number(in range: ClosedRange<Double>) -> Double? {
        guard let number = number() else { return nil }
        let (low, high) = (AlertText.number(range.lowerBound), AlertText.number(range.upperBound))
        return range.contains(number) ? number : expected("a number from \(low) to \(high)")
    }

    func integer(in range: ClosedRange<Int>) -> Int? {
        guard let text = plainNumber, let number = Int(text) else { return expected("a whole number") }
        return range.contains(number)
            ? number : expected("a whole number from \(range.lowerBound) to \(range.upperBound)")
    }

    /// A length of time like `90s`.
    func span(atLeast least: Milliseconds = 0) -> Milliseconds? {
        guard case .scalar(let scalar) = node, let span = Span.parse(scalar.string) else {
            return expected("a length of time like `500ms`, `90s`, `5m`, `1h` or `7d`")
        }
        return span >= least ? span : expected("at least \(Span.format(least))")
    }

    /// `[low, high]`, low first.
    func range() -> ClosedRange<Double>? {
        guard let values = list() else { return nil }
        guard values.count == 2 else {
            fault("expected two numbers, [low, high], found \(values.count)")
            return nil
        }
        guard let low = values[0].number(), let high = values[1].number() else { return nil }
        guard low <= high else {
            fault("the first number must not be above the second")
            return nil
        }
        return low...high
    }

    /// Local time of day, `07:30`, as minutes since midnight. `24:00` is the day's end.
    func minuteOfDay() -> Int? {
        guard let text = verbatim() else { return nil }
        return LocalText.minuteOfDay(text[...]) ?? expected("a time of day like \"07:30\"")
    }

    /// `sat`, or `mon-fri`, as `1` Monday … `7` Sunday.
    func weekdays() -> Set<Int>? {
        guard let text = text() else { return nil }
        guard let ends = LocalText.weekdays(text), let first = ends.first, let last = ends.last else {
            return expected("a day like `sat`, or days like `mon-fri`")
        }
        // `fri-mon` goes over the end of the week.
        let length = (last - first + 7) % 7
        return Set((0...length).map { (first - 1 + $0) % 7 + 1 })
    }

    private var plainNumber: String? {
        guard case .scalar(let scalar) = node, scalar.style == .plain || scalar.style == .any else {
            return nil
        }
        let text = scalar.string
        let digits = text.drop { $0 == "-" || $0 == "+" }
        guard let first = digits.first, first.isASCII, first.isNumber || first == ".",
            text.allSatisfy({ $0.isASCII && ($0.isNumber || "+-.eE".contains($0)) })
        else { return nil }
        let second = digits.dropFirst().first
        return first == "0" && (second?.isNumber ?? false) ? nil : text
    }
}
