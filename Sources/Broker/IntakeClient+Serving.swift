import Glibc

/// The cycle of an open connection: poll, read a burst, settle, write.
extension IntakeClient {
    /// One cycle. Nothing received is unsettled when it begins, nor when it returns with the link still open.
    /// - Returns: false when the run ends.
    func serve() -> Bool {
        guard let link else { return true }
        if lifecycle.greetingIsOverdue(now: monotonicMilliseconds()) {
            lose(.noGreeting(seconds: Lifecycle.greetingTime / 1000, settings))
            return true
        }
        let alive = readBurst(link, poll(link))
        switch gate.isOpen ? .write : gate.settled(handler.settle()) {
        case .stop: return false
        case .drop: dropUnsettled()
        case .write:
            exchangeEchoes(link)
            // Only here may acknowledgements leave: all that was received is durable.
            if !(alive && link.keepAlive() && (!link.wantsWrite || link.write())) { lose(link.reasonForEnd) }
        }
        return true
    }

    /// What is sent stands behind everything the broker holds for us: when it comes back, we have had all of that.
    private func exchangeEchoes(_ link: Link) {
        if let heardEcho { handler.echoed(heardEcho) }
        heardEcho = nil
        let now = monotonicMilliseconds()
        guard lifecycle.isServing, now >= nextEcho else { return }
        nextEcho = now + Self.echoTime
        newestEcho = handler.echo()
        link.publishEcho(newestEcho)
    }

    private func poll(_ link: Link) -> Readiness {
        let hasRoom = handler.hasRoom
        let pause = moreIsWaiting && hasRoom ? 0 : hasRoom ? Self.idleTime : Self.fullTime
        var found = link.poll(
            reading: hasRoom, writing: link.wantsWrite, wakeUp: wakeUp, milliseconds: pause)
        // OpenSSL may hold data, or its handshake wait to write, that this poll cannot tell of: reading finds out.
        if moreIsWaiting || settings.tls != nil { found.insert(.readable) }
        if !hasRoom { found.remove(.readable) }
        return found
    }

    /// Reads until the socket is empty, the handler is full, or the burst is long enough.
    /// - Returns: false when the connection ended.
    private func readBurst(_ link: Link, _ found: Readiness) -> Bool {
        guard found.contains(.readable) else { return !found.contains(.dead) }
        let end = monotonicMilliseconds() + Self.burstTime
        moreIsWaiting = true
        repeat {
            let before = link.packets
            guard link.read() else { return false }
            // A read without a packet: nothing more is here. (Or it was a packet without callback, such as PINGRESP;
            // then poll says so, or on TLS the read that follows every poll.)
            guard link.packets != before else {
                moreIsWaiting = false
                return isStillShakingHands(found)
            }
        } while gate.unsettled < Self.burstMessages && handler.hasRoom && monotonicMilliseconds() < end
        return true
    }

    /// A peer that leaves during the TLS handshake is not reported by the library (SSL_ERROR_SYSCALL,
    /// lib/net_mosq.c).
    private func isStillShakingHands(_ found: Readiness) -> Bool {
        if settings.tls != nil && !lifecycle.isServing {
            if found.contains(.dead) { return false }
            wakeUp.wait(milliseconds: 5)
        }
        return true
    }

    /// Says goodbye: all received is durable, so what is queued may leave, with `offline` and DISCONNECT behind it.
    /// Bounded.
    func farewell(_ link: Link) {
        link.publishState("offline")
        link.disconnect()
        // The library closes at once after DISCONNECT; with unread data that would be a reset, which can overtake it.
        let lingering = dup(link.socket)
        defer { close(lingering) }
        let end = monotonicMilliseconds() + 500
        while link.isOpen, link.write(), link.isOpen, monotonicMilliseconds() < end {
            _ = link.poll(reading: false, writing: true, wakeUp: wakeUp, milliseconds: 50)
        }
        shutdown(lingering, Int32(SHUT_WR))
        drain(lingering, until: end)
    }

    /// Throws away what still comes, unacknowledged and so kept by the broker, until the broker closes.
    private func drain(_ socket: Int32, until end: Int64) {
        withUnsafeTemporaryAllocation(byteCount: 65536, alignment: 1) { buffer in
            while monotonicMilliseconds() < end {
                var entry = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
                guard Glibc.poll(&entry, 1, 50) > 0 else { continue }
                if read(socket, buffer.baseAddress, buffer.count) <= 0 { return }
            }
        }
    }
}
