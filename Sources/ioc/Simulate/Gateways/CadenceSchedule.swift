import Telemetry

/// When each device speaks by its own cadence: a heap of the next times.
struct CadenceSchedule {
    struct Turn {
        var due: Milliseconds
        var voice: Int
    }

    private var heap: [Turn] = []
    private let cadences: [Milliseconds]

    /// - Parameter start: from when on; each device's first turn lies within one cadence after it, where its key puts it.
    init(_ voices: [DeviceVoice], start: Milliseconds) {
        cadences = voices.map { max($0.device.cadence, 1) }
        for (voice, speaker) in voices.enumerated() {
            let cadence = cadences[voice]
            let phase = Int64(Chance.mix(speaker.key &+ 7) % UInt64(cadence))
            // On the same phase whenever the simulation begins.
            let since = (start - phase).floorDivided(by: cadence).quotient * cadence + phase
            heap.append(Turn(due: since < start ? since + cadence : since, voice: voice))
        }
        // Sorted is a heap already.
        heap.sort { $0.due < $1.due }
    }

    var next: Turn? { heap.first }

    /// Takes the next turn and plans the one after it.
    mutating func advance() {
        heap[0].due += cadences[heap[0].voice]
        var at = 0
        while true {
            let left = 2 * at + 1
            guard left < heap.count else { return }
            let child = left + 1 < heap.count && heap[left + 1].due < heap[left].due ? left + 1 : left
            guard heap[child].due < heap[at].due else { return }
            heap.swapAt(at, child)
            at = child
        }
    }
}
