import Catalog
import Foundation
import Telemetry
import TestSupport

@testable import ioc

/// The repository's own fleets, as the simulator's tests speak for them.
enum SimulateFleet {
    static let catalog: Catalog = {
        let root = Repository.root
        do {
            return try Catalog.load(
                configFile: root + "/config/ioc.yaml", devicesDirectory: root + "/devices",
                alertsDirectory: root + "/config/alerts")
        } catch {
            fatalError("\(error)")
        }
    }()

    /// 2026-01-05 08:02:03.250 in the city, a Monday.
    static let monday: Milliseconds = 1_767_574_923_250

    static func speeches(seed: UInt64 = 1, keepsOddTimes: Bool = false) -> [ProfileSpeech] {
        catalog.profiles.map {
            ProfileSpeech($0, zone: catalog.zone, seed: seed, keepsOddTimes: keepsOddTimes)
        }
    }

    static func maker(
        _ speeches: [ProfileSpeech], seed: UInt64 = 1, faults: SimulationFaults = SimulationFaults(),
        writesLedger: Bool = false
    ) -> MessageMaker {
        let voices = catalog.devices.map {
            DeviceVoice($0, speeches[$0.profileIndex], seed: seed, start: monday, faults: faults)
        }
        return MessageMaker(
            speeches: speeches, voices: voices, zone: catalog.zone, faults: faults, writesLedger: writesLedger
        )
    }

    /// What a profile makes of a payload.
    static func decode(_ payload: [UInt8], _ profile: DeviceProfile, device: String, now: Milliseconds)
        -> (message: DecodedMessage, readings: [Reading], rejection: Rejection?)
    {
        let scratch = DecodeScratch(limits: DecodeLimits())
        var message = DecodedMessage()
        let rejection = payload.withUnsafeBytes { payload in
            Array(device.utf8).withUnsafeBufferPointer {
                profile.format.decode(payload, device: $0, now: now, into: scratch, &message)
            }
        }
        return (message, Array(scratch.decoded), rejection)
    }
}
