import Store
import Synchronization
import Telemetry
import Testing

@testable import Console

@Suite("Live stream of alerts", .timeLimit(.minutes(1)))
struct AlertStreamTests {
    @Test("begins with what comes after now, and says where that is")
    func fromNow() async throws {
        try await RunningConsole.run { console in
            try await console.city.raise([1, 2])
            let stream = try await console.stream()
            #expect(try await stream.message() == LiveStream.Message(id: 2))
            try await console.city.raise([3, 4])
            let events = try await stream.alerts(2)
            #expect(events.map(\.id) == [3, 4])
            #expect(events[0].rule == "LevelHigh")
            #expect(events[0].summaryVi == "cao")
        }
    }

    @Test("goes on exactly where a client stopped, by header or by address")
    func resume() async throws {
        try await RunningConsole.run { console in
            try await console.city.raise(1...3)
            var stream: LiveStream? = try await console.stream(lastEvent: 0)
            #expect(try await stream?.alerts(2).map(\.id) == [1, 2])
            let last = try #require(stream?.lastEvent)
            stream = nil
            try await console.city.raise(4...250)
            let resumed = try await console.stream(lastEvent: last)
            #expect(try await resumed.alerts(248).map(\.id) == Array(3...250))
            let byAddress = try await console.stream("?last_event_id=249")
            #expect(try await byAddress.alerts(1).map(\.id) == [250])
            // A browser that comes back sends its first address again, with a newer header.
            let both = try await console.stream("?last_event_id=1", lastEvent: 248)
            #expect(try await both.alerts(1).map(\.id) == [249])
        }
    }

    @Test("misses nothing and doubles nothing while events are written and clients come back again and again")
    func resumeUnderLoad() async throws {
        try await RunningConsole.run { console in
            let city = console.city
            async let writing: Void = {
                for number in 0..<300 {
                    try await city.raise([2 * number, 2 * number + 1])
                    if number % 10 == 0 { try await Task.sleep(for: .milliseconds(3)) }
                }
            }()
            var seen: [Int64] = []
            var last: Int64 = 0
            while seen.count < 600 {
                let stream = try await console.stream(lastEvent: last)
                for _ in 0..<min(40, 600 - seen.count) { seen += try await stream.alerts(1).map(\.id) }
                last = try #require(stream.lastEvent)
            }
            try await writing
            #expect(seen == Array(1...600))
        }
    }

    @Test("an id of another data directory begins with what comes")
    func idFromElsewhere() async throws {
        try await RunningConsole.run { console in
            try await console.city.raise([1])
            let stream = try await console.stream(lastEvent: 1_000)
            #expect(try await stream.message()?.id == 1)
            try await console.city.raise([2])
            #expect(try await stream.alerts(1).map(\.id) == [2])
        }
    }

    @Test("carries to two clients what each asked for")
    func filters() async throws {
        try await RunningConsole.run { console in
            let all = try await console.stream()
            let some = try await console.stream("?domain=water&ward=kim-long&priority=critical")
            try await console.city.raise([1], domain: "air", priority: .critical)
            try await console.city.raise([2], ward: "phu-hoi", priority: .critical)
            try await console.city.raise([3], priority: .low)
            try await console.city.raise([4], priority: .critical)
            #expect(try await all.alerts(4).map(\.id) == [1, 2, 3, 4])
            #expect(try await some.alerts(1).map(\.id) == [4])
        }
    }

    @Test("a silent stream beats, and the beat carries the id behind what a filter left out")
    func heartbeat() async throws {
        var limits = ConsoleLimits()
        limits.heartbeat = .milliseconds(200)
        try await RunningConsole.run(limits: limits) { console in
            let stream = try await console.stream("?priority=critical")
            #expect(try await stream.message() == LiveStream.Message(id: 0))
            try await console.city.raise([1, 2])
            let clock = ContinuousClock()
            let start = clock.now
            for _ in 0..<5 {
                let beat = try #require(try await stream.message())
                #expect(beat.comment == "heartbeat")
                #expect(beat.data == nil)
            }
            #expect(stream.lastEvent == 2)
            #expect(start.duration(to: clock.now) < .seconds(30))
        }
    }

    @Test("beyond the bound clients are told to come later, and a client that leaves makes room")
    func bound() async throws {
        var limits = ConsoleLimits()
        limits.streams = 2
        try await RunningConsole.run(limits: limits) { console in
            let first = try await console.stream()
            var second: LiveStream? = try await console.stream()
            #expect(try await second?.message() != nil)
            let refused = try await console.get("/api/v1/alerts/stream")
            #expect(refused.status == 503)
            #expect(refused.header("Retry-After") == "10")
            #expect(
                refused.fault == "/api/v1/alerts/stream: all 2 live streams are taken; try again")
            let refusals = console.counters.refusedStreams.load(ordering: .relaxed)
            #expect(refusals == 1)
            let inVietnamese = try await console.get("/api/v1/alerts/stream?lang=vi")
            #expect(
                inVietnamese.fault
                    == "/api/v1/alerts/stream: cả 2 luồng trực tiếp đều đang có người xem; hãy thử lại")
            second = nil
            var third: LiveStream?
            while third == nil {
                try await Task.sleep(for: .milliseconds(20))
                third = try? await console.stream()
            }
            #expect(try await first.message() != nil)
            let open = console.counters.streams.load(ordering: .relaxed)
            #expect(open == 2)
        }
    }

    @Test("however many ask at once, no more streams are open than may be, and each refusal is counted")
    func rush() async throws {
        var limits = ConsoleLimits()
        limits.streams = 5
        try await RunningConsole.run(limits: limits) { console in
            let (opened, keep) = AsyncStream.makeStream(of: LiveStreamBox.self)
            let refused = await withTaskGroup(of: Int.self) { group in
                for _ in 0..<30 {
                    group.addTask {
                        guard let stream = try? await console.stream() else { return 1 }
                        keep.yield(LiveStreamBox(stream: stream))
                        return 0
                    }
                }
                return await group.reduce(0, +)
            }
            #expect(refused == 25)
            let open = console.counters.streams.load(ordering: .relaxed)
            let counted = console.counters.refusedStreams.load(ordering: .relaxed)
            #expect(open == 5)
            #expect(counted == 25)
            keep.finish()
            for await box in opened {
                let first = try await box.stream.message()
                #expect(first != nil)
            }
        }
    }

    @Test("ends at once when the service stops")
    func shutdown() async throws {
        let (streams, opened) = AsyncStream.makeStream(of: LiveStreamBox.self)
        try await RunningConsole.run { console in
            let stream = try await console.stream()
            #expect(try await stream.message() != nil)
            opened.yield(LiveStreamBox(stream: stream))
        }
        let stream = try #require(await streams.first { _ in true }).stream
        #expect(try await stream.message() == nil)
    }
}

/// Carries a stream out of the task that opened it; only one task has it at a time.
struct LiveStreamBox: @unchecked Sendable {
    var stream: LiveStream
}
