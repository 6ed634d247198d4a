import Glibc
import Ring
import Synchronization
import Telemetry

/// Readings from one thread through the ring to this one. Prints readings a second and the hash of what they came to.
///
///     RingBenchmark alone|aggregate SERIES READINGS YIELDS        YIELDS: between two looks of a consumer that found nothing
@main
struct RingBenchmark {
    static func main() {
        let arguments = CommandLine.arguments
        let numbers = arguments.dropFirst(2).compactMap { Int($0) }
        guard arguments.count == 5, numbers.count == 3 else {
            print("usage: RingBenchmark alone|aggregate SERIES READINGS YIELDS")
            exit(64)
        }
        let (series, readings, yields) = (numbers[0], numbers[1], numbers[2])
        let city = City(series: series)
        if arguments[1] == "alone" {
            run(Summing(), city, readings, yields)
        } else {
            run(Aggregating(series: series, city: city), city, readings, yields)
        }
    }

    private static func run(
        _ consumer: consuming some Consumer, _ city: City, _ readings: Int, _ yields: Int
    ) {
        let ring = Ring<Reading>(capacity: 65_536)
        let producer = Producer(city: city, readings: readings, ring: ring)
        let start = ContinuousClock.now
        producer.start()
        var taken = 0
        while taken < readings {
            let more = consumer.take(from: ring)
            if more == 0 { for _ in 0..<yields { sched_yield() } }
            taken += more
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        producer.join()
        print("{\"readings_per_second\": \(Double(readings) / seconds), \"hash\": \"\(consumer.finish())\"}")
    }
}

/// The thread at the other end: a message at a time, as the ingestor publishes them.
///
/// `@unchecked Sendable`: its values are its thread's alone once it is started.
final class Producer: @unchecked Sendable {
    private var city: City
    private let readings: Int
    private let ring: Ring<Reading>
    private var thread = pthread_t()

    init(city: City, readings: Int, ring: Ring<Reading>) {
        self.city = city
        self.readings = readings
        self.ring = ring
    }

    func start() {
        let own = Unmanaged.passRetained(self).toOpaque()
        let failure = pthread_create(
            &thread, nil,
            {
                Unmanaged<Producer>.fromOpaque($0!).takeRetainedValue().run(); return nil
            }, own)
        precondition(failure == 0, "a thread can be started")
    }

    func join() { pthread_join(thread, nil) }

    private func run() {
        var city = city
        for _ in 0..<readings / City.measurements {
            let message = city.next()
            while !ring.tryPublish(count: City.measurements, { city.reading($0, of: message) }) {
                sched_yield()
            }
        }
    }
}
