import Foundation
import Testing

@testable import Console

@Suite("How the service is", .timeLimit(.minutes(1)))
struct ServiceRouteTests {
    @Test("/readyz follows the service", arguments: [true, false])
    func ready(isReady: Bool) async throws {
        try await RunningConsole.run(isReady: isReady) { console in
            let answer = try await console.get("/readyz")
            #expect(answer.status == (isReady ? 200 : 503))
            if !isReady { #expect(answer.fault.hasPrefix("not ready: ")) }
        }
    }

    @Test("/metrics groups by name, with HELP and TYPE once, and escapes labels")
    func metrics() async throws {
        try await RunningConsole.run { console in
            let answer = try await console.get("/metrics")
            #expect(answer.header("Content-Type") == "text/plain; version=0.0.4; charset=utf-8")
            #expect(
                answer.text == """
                    # HELP ioc_messages_total Messages.
                    # TYPE ioc_messages_total counter
                    ioc_messages_total{source="a\\"b\\\\c\\nd"} 3
                    ioc_messages_total{source="e"} 4
                    # HELP ioc_up Up.
                    # TYPE ioc_up gauge
                    ioc_up 0.5

                    """)
        }
    }

    @Test("a histogram has one name, counts that add up, and a bucket for what is beyond all")
    func histogram() {
        let text = MetricsText.write(
            Metric.histogram("x_seconds", "X.", bounds: [0.001, 1], counts: [2, 0, 3], sum: 7.5))
        #expect(
            text == """
                # HELP x_seconds X.
                # TYPE x_seconds histogram
                x_seconds_bucket{le="0.001"} 2
                x_seconds_bucket{le="1"} 2
                x_seconds_bucket{le="+Inf"} 5
                x_seconds_sum 7.5
                x_seconds_count 5

                """)
    }

    @Test("figures that are no numbers are written as Prometheus wants them")
    func specialNumbers() {
        let text = MetricsText.write(
            [Double.nan, .infinity, -.infinity, 1e300, 12_345_678_901].map {
                Metric("x", "line\nback\\slash \"quote\"", .gauge, value: $0)
            })
        #expect(
            text == """
                # HELP x line\\nback\\\\slash "quote"
                # TYPE x gauge
                x NaN
                x +Inf
                x -Inf
                x 1e+300
                x 12345678901

                """)
    }

    @Test("/api/v1/status is in snake case, but for words that are data")
    func status() async throws {
        try await RunningConsole.run { console in
            let answer = try await console.get("/api/v1/status")
            #expect(answer.status == 200)
            #expect(answer.header("Content-Type") == "application/json; charset=utf-8")
            #expect(answer.text.contains("\"safe_up_to_ms\":3"))
            #expect(answer.text.contains("\"devices\":{\"aB\":2,\"never-reported\":1}"))
            #expect(answer.text.contains("\"is_connected\":false"))
            #expect(answer.text.contains("\"rejected_by_reason\":{\"too-large\":9}"))
            #expect(
                answer.text.contains(
                    "\"limits\":[{\"beyond\":1,\"bound\":5,\"limit\":\"wal_bytes\",\"used\":8}]"))
            // What JSON has no number for does not cost the answer.
            #expect(answer.text.contains("\"readings_per_second\":\"Infinity\""))
        }
    }
}
