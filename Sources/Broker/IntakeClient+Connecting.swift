/// From nothing to a connection, and from a lost one back.
extension IntakeClient {
    /// A fresh link for each connection: no packet and no acknowledgement of the last one can leak into the next.
    func begin() {
        do throws(BrokerError) {
            let link = try Link(settings, cleanStart: false, events: self)
            attempt = try ConnectAttempt(link, wakeUp: wakeUp)
            lifecycle.began()
            show { $0.phase = .connecting }
        } catch { lose(error) }
    }

    func collect() {
        guard let attempt else { return }
        switch attempt.outcome {
        case .pending: wakeUp.wait(milliseconds: Self.idleTime)
        case .failed(let error): lose(error)
        case .opened:
            link = attempt.link
            self.attempt = nil
            moreIsWaiting = false
            lifecycle.opened(now: monotonicMilliseconds())
        }
    }

    /// The attempt failed or the connection ended: release it unflushed and wait.
    func lose(_ error: BrokerError) {
        let wasServing = lifecycle.isServing
        release(phase: .waiting, error)
        lifecycle.lost(now: monotonicMilliseconds(), random: .random(in: 0..<1))
        if wasServing { handler.disconnected(reason: error.description) } else { handler.unreachable(error) }
    }

    /// Storage failed: the broker must send all of it again, and not before storage works.
    func dropUnsettled() {
        let wasServing = lifecycle.isServing
        let error = BrokerError(
            .lost,
            "dropped the connection to \(settings.address) without acknowledging \(gate.unsettled) messages, as storing "
                + "them failed; the broker sends them again once storage works")
        release(phase: .storageFailed, error)
        lifecycle.storageFailed(now: monotonicMilliseconds())
        if wasServing { handler.disconnected(reason: error.description) }
    }

    /// Asks failed storage once more. False ends the run.
    func settleAgain() -> Bool {
        switch gate.settled(handler.settle()) {
        case .stop: return false
        case .drop: lifecycle.storageFailed(now: monotonicMilliseconds())
        case .write:
            show { $0.phase = .waiting }
            lifecycle.lost(now: monotonicMilliseconds(), random: .random(in: 0..<1))
        }
        return true
    }

    private func release(phase: LinkState.Phase, _ error: BrokerError) {
        link = nil
        attempt = nil
        heardEcho = nil
        show {
            $0.phase = phase
            $0.lastError = error
        }
    }
}
