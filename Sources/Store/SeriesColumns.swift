import Telemetry

/// Readings of whole series as columns: of each series how many, their times, the seconds of their commits, values,
/// qualities and weights.
enum SeriesColumns {
    /// Times and commits that are just those of the run before: the measurements of a device mostly come together.
    private enum Times: UInt64 {
        case same, milliseconds, seconds
    }
    /// Seconds of commits as how far they are behind the times, or as they are: of a file, many readings are of one commit.
    private enum Seconds: UInt64 {
        case behind, own
    }
    /// Weights that are all 1, that are the growth from value to value, or neither.
    private enum Weights: UInt64 {
        case ones, growth, other
    }

    /// - Parameters: readings in order of their series, and the second of the commit of each.
    static func write(_ readings: [Reading], _ seconds: [Int64]) -> ColumnWriter {
        var writer = ColumnWriter()
        var series: UInt32 = 0
        var times: [Int64] = []
        var commits: [Int64] = []
        for run in readings.runs(of: \.series) {
            let id = run[run.startIndex].series.rawValue
            writer.append(UInt64(id - series), to: .series)
            series = id
            writer.append(UInt64(run.count), to: .count)
            let new = (times: run.map(\.time), commits: Array(seconds[run.indices]))
            if new == (times, commits) {
                writer.append(Times.same.rawValue, to: .shape)
            } else {
                (times, commits) = new
                write(times: times, &writer)
                write(seconds: commits, of: times, &writer)
            }
            let values = run.map(\.value)
            writer.append(values, .value, seeds: .value)
            write(qualities: run.map(\.quality), &writer)
            write(weights: run.map(\.weight), of: values, &writer)
        }
        return writer
    }

    private static func write(times: [Int64], _ writer: inout ColumnWriter) {
        if times.allSatisfy({ $0 % 1_000 == 0 }) {
            writer.append(Times.seconds.rawValue, to: .shape)
            writer.append(times.map { $0 / 1_000 }, .time, seeds: .time)
        } else {
            writer.append(Times.milliseconds.rawValue, to: .shape)
            writer.append(times, .time, seeds: .time)
        }
    }

    private static func write(seconds: [Int64], of times: [Int64], _ writer: inout ColumnWriter) {
        let behind = zip(seconds, times).map { $0 &- JournalStretch.second($1) }
        let isOwn = Prediction.best(for: seconds).bits < Prediction.best(for: behind).bits
        writer.append((isOwn ? Seconds.own : .behind).rawValue, to: .shape)
        writer.append(isOwn ? seconds : behind, .second, seeds: .second)
    }

    /// Length and quality of each stretch of one quality.
    private static func write(qualities: [Quality], _ writer: inout ColumnWriter) {
        for run in qualities.runs(of: \.self) {
            writer.append(UInt64(run.count), to: .quality)
            writer.append(UInt64(run[run.startIndex].rawValue), to: .quality)
        }
    }

    private static func write(weights: [Double], of values: [Double], _ writer: inout ColumnWriter) {
        if weights.allSatisfy({ $0 == 1 }) {
            writer.append(Weights.ones.rawValue, to: .shape)
        } else if (1..<weights.count).allSatisfy({
            weights[$0].bitPattern == (values[$0] - values[$0 - 1]).bitPattern
        }) {
            writer.append(Weights.growth.rawValue, to: .shape)
            writer.append(weights[0].bitPattern, to: .weight)
        } else {
            writer.append(Weights.other.rawValue, to: .shape)
            writer.append(weights, .weight, seeds: .weight)
        }
    }

    // MARK: Reading

    /// - Parameters:
    ///   - count: of all readings there.
    ///   - wanted: the only series whose readings are wanted; nil for all.
    /// - Returns: false if the columns are damaged.
    static func read(
        _ columns: ColumnReader, count: Int, only wanted: SeriesID? = nil, into stretch: inout JournalStretch
    ) -> Bool {
        var reader = columns
        var left = count
        var series: UInt64 = 0
        var times: [Int64] = []
        var commits: [Int64] = []
        while !reader.isEmpty(.series) {
            guard let step = reader.take(.series), let length = reader.take(.count),
                (1...UInt64(max(left, 1))).contains(length),
                readTimes(Int(length), &times, &commits, &reader),
                let run = readRun(Int(length), &reader)
            else { return false }
            left -= Int(length)
            series &+= step
            let id = SeriesID(UInt32(truncatingIfNeeded: series))
            if let wanted, id != wanted {
                if id > wanted { return true }
                continue
            }
            for index in 0..<Int(length) {
                stretch.readings.append(
                    Reading(
                        series: id, time: times[index], value: run.values[index], weight: run.weights[index],
                        quality: run.qualities[index]))
            }
            stretch.seconds.append(contentsOf: commits)
        }
        return left == 0
    }

    private static func readTimes(
        _ count: Int, _ times: inout [Int64], _ commits: inout [Int64], _ reader: inout ColumnReader
    ) -> Bool {
        guard let shape = reader.take(.shape).flatMap(Times.init) else { return false }
        if shape == .same { return times.count == count }
        guard let numbers = reader.take(count, .time, seeds: .time),
            let seconds = reader.take(.shape).flatMap(Seconds.init),
            let column = reader.take(count, .second, seeds: .second)
        else { return false }
        times = shape == .seconds ? numbers.map { $0 &* 1_000 } : numbers
        commits =
            seconds == .own ? column : zip(column, times).map { $0 &+ JournalStretch.second($1) }
        return true
    }

    private static func readRun(_ count: Int, _ reader: inout ColumnReader) -> (
        values: [Double], qualities: [Quality], weights: [Double]
    )? {
        guard let values = reader.takeValues(count, .value, seeds: .value),
            let qualities = readQualities(count, &reader), let weights = readWeights(of: values, &reader)
        else { return nil }
        return (values, qualities, weights)
    }

    private static func readQualities(_ count: Int, _ reader: inout ColumnReader) -> [Quality]? {
        var qualities: [Quality] = []
        while qualities.count < count {
            guard let length = reader.take(.quality), (1...UInt64(count - qualities.count)).contains(length),
                let quality = reader.take(.quality).flatMap({
                    Quality(rawValue: UInt8(truncatingIfNeeded: $0))
                })
            else { return nil }
            qualities.append(contentsOf: repeatElement(quality, count: Int(length)))
        }
        return qualities
    }

    private static func readWeights(of values: [Double], _ reader: inout ColumnReader) -> [Double]? {
        switch reader.take(.shape).flatMap(Weights.init) {
        case .ones: return Array(repeating: 1, count: values.count)
        case .growth:
            guard let first = reader.take(.weight) else { return nil }
            return [Double(bitPattern: first)] + (1..<values.count).map { values[$0] - values[$0 - 1] }
        case .other: return reader.takeValues(values.count, .weight, seeds: .weight)
        case nil: return nil
        }
    }
}
