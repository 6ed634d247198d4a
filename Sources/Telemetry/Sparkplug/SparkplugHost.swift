/// Follows the edge nodes of Sparkplug B, so that messages that name their metrics by alias can be read.
///
/// Owned by one thread. A host that comes too late for the births, as after a start of its own, asks for them.
package final class SparkplugHost {
    /// What to do with a message besides.
    package enum Verdict: Equatable {
        /// It has values.
        case values
        /// It ends a session; these are gone, as `group/edge[/device]`.
        case departed([String])
        case refused(Rejection)
    }

    /// Edge nodes of one city. Beyond it their messages are refused.
    package static let maximumEdges = 4_096
    /// Of one edge node and its devices.
    package static var maximumMetrics: Int { SparkplugEdge.maximumMetrics }
    /// A node is not asked twice within that time: its births may be on their way.
    package static let askingInterval: Milliseconds = 10_000

    /// Brokers in a cluster may deliver out of order for about that long.
    package static let reorderTimeout: Milliseconds = 5_000

    private let reorderTimeout: Milliseconds
    private var edges: [SparkplugEdge] = []
    private var names: [(group: [UInt8], edge: [UInt8])] = []
    private var places: [UInt64: Int] = [:]
    /// No deadline lies before it.
    private var nextDeadline = Milliseconds.max
    private var asking: Set<Int> = []
    /// The message that is read: its edge node, its place among the births, and what stands beside its metrics.
    private(set) var current: (edge: Int, birth: Int, head: SparkplugPayload.Head)?

    package init(reorderTimeout: Milliseconds = SparkplugHost.reorderTimeout) {
        self.reorderTimeout = reorderTimeout
    }

    /// Takes up what a message says of its edge node, before its values are read.
    package func follow(
        _ topic: SparkplugTopic, _ payload: UnsafeRawBufferPointer, limits: DecodeLimits, now: Milliseconds
    ) -> Verdict {
        current = nil
        guard payload.count <= limits.payloadBytes else {
            return .refused(Rejection(.tooLarge, at: limits.payloadBytes))
        }
        guard let edge = place(topic) else { return .refused(Rejection(.tooManyMetrics)) }
        switch SparkplugPayload.head(payload, hasBirthNumber: topic.kind.isBirth || topic.kind == .nodeDeath)
        {
        case .failure(let rejection): return .refused(rejection)
        case .success(let head):
            switch topic.kind {
            case .nodeBirth, .deviceBirth: return birth(topic, edge, head, payload, now)
            case .nodeDeath: return nodeDeath(topic, edge, head)
            case .nodeData, .deviceData, .deviceDeath: return data(topic, edge, head, now)
            }
        }
    }

    private func birth(
        _ topic: SparkplugTopic, _ edge: Int, _ head: SparkplugPayload.Head,
        _ payload: UnsafeRawBufferPointer,
        _ now: Milliseconds
    ) -> Verdict {
        guard let sequence = head.sequence else { return .refused(Rejection(.notSparkplug)) }
        if topic.kind == .nodeBirth {
            edges[edge].begin(sequence: sequence, birthNumber: head.birthNumber)
            asking.remove(edge)
        } else {
            guard edges[edge].isBorn else { return unborn(edge) }
            edges[edge].note(sequence: sequence, now: now, patience: reorderTimeout)
            watch(edge)
        }
        guard let birth = topic.kind == .nodeBirth ? 0 : edges[edge].begin(device: topic.device) else {
            return .refused(Rejection(.tooManyMetrics))
        }
        let rejection = SparkplugPayload.forEachMetric(payload) { metric, bytes in
            guard metric.hasName else { return Rejection(.notSparkplug, at: metric.offset) }
            return edges[edge].add(metric, to: birth, in: bytes)
                ? nil : Rejection(.tooManyMetrics, at: metric.offset)
        }
        if let rejection { return .refused(rejection) }
        current = (edge, birth, head)
        return .values
    }

    private func data(
        _ topic: SparkplugTopic, _ edge: Int, _ head: SparkplugPayload.Head, _ now: Milliseconds
    )
        -> Verdict
    {
        guard edges[edge].isBorn else { return unborn(edge) }
        guard let sequence = head.sequence else { return .refused(Rejection(.notSparkplug)) }
        edges[edge].note(sequence: sequence, now: now, patience: reorderTimeout)
        watch(edge)
        guard let birth = edges[edge].index(of: topic.device), edges[edge].births[birth].isAlive else {
            return unborn(edge)
        }
        guard topic.kind == .deviceDeath else {
            current = (edge, birth, head)
            return .values
        }
        return .departed(edges[edge].end(device: topic.device) ? [topic.path] : [])
    }

    private func nodeDeath(_ topic: SparkplugTopic, _ edge: Int, _ head: SparkplugPayload.Head) -> Verdict {
        let alive = edges[edge].births.filter(\.isAlive).map(\.device)
        guard edges[edge].end(birthNumber: head.birthNumber) else { return .departed([]) }
        return .departed(
            alive.map { $0.isEmpty ? topic.path : topic.path + "/" + String(decoding: $0, as: UTF8.self) })
    }

    /// What stands in the message cannot be read without a birth.
    private func unborn(_ edge: Int) -> Verdict {
        asking.insert(edge)
        return .refused(Rejection(.unborn))
    }

    /// The connection was away: births may have passed unseen, and none of the aliases can be relied on.
    package func forget() {
        for edge in edges.indices { edges[edge].forget() }
        nextDeadline = .max
        current = nil
    }

    /// Notes that a metric nobody gave birth to was met in the message that is read.
    func noteUnborn() {
        if let current { asking.insert(current.edge) }
    }

    private func watch(_ edge: Int) {
        if let deadline = edges[edge].deadline { nextDeadline = min(nextDeadline, deadline) }
    }

    // MARK: Asking for births

    /// Edge nodes to be asked for their births now, as group and edge; each not more than once in `askingInterval`.
    package func takeRequests(now: Milliseconds) -> [(group: String, edge: String)] {
        if now >= nextDeadline {
            nextDeadline = .max
            for edge in edges.indices {
                guard let deadline = edges[edge].deadline else { continue }
                if deadline <= now { asking.insert(edge) } else { nextDeadline = min(nextDeadline, deadline) }
            }
        }
        guard !asking.isEmpty else { return [] }
        let due = asking.filter { edge in
            // A clock that was set back must not silence it.
            edges[edge].askedAt.map { now - $0 >= Self.askingInterval || now < $0 } ?? true
        }
        asking.subtract(due)
        return due.sorted().map { edge in
            edges[edge].askedAt = now
            return (
                String(decoding: names[edge].group, as: UTF8.self),
                String(decoding: names[edge].edge, as: UTF8.self)
            )
        }
    }

    // MARK: Finding

    /// The birth of a metric of the message that is read: its name and datatype.
    func withBirth<Result>(
        of metric: SparkplugMetric, in bytes: UnsafePointer<UInt8>,
        _ body: (_ name: UnsafeBufferPointer<UInt8>, _ datatype: UInt32) -> Result
    ) -> Result? {
        guard let current, let index = edges[current.edge].birth(of: metric, of: current.birth, in: bytes)
        else {
            return nil
        }
        let metric = edges[current.edge].births[current.birth].metrics[index]
        return edges[current.edge].births[current.birth].names.withUnsafeBufferPointer {
            body(UnsafeBufferPointer(rebasing: $0[metric.name]), metric.datatype)
        }
    }

    private func place(_ topic: SparkplugTopic) -> Int? {
        var key = SparkplugEdge.hash(topic.group) &* 31 &+ SparkplugEdge.hash(topic.edge)
        while let known = places[key] {
            if names[known].group.elementsEqual(topic.group), names[known].edge.elementsEqual(topic.edge) {
                return known
            }
            key &+= 1
        }
        guard edges.count < Self.maximumEdges else { return nil }
        places[key] = edges.count
        names.append((Array(topic.group), Array(topic.edge)))
        edges.append(SparkplugEdge())
        return edges.count - 1
    }
}
