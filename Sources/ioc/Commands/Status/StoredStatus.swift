import Foundation
import Store
import Telemetry

/// What a database knows of the service that is not running; the same words as `/api/v1/status`.
struct StoredStatus: Encodable {
    var devices: [String: Int]
    var openAlerts: [String: Int]
    var losses: [LossAnswer]
    var gaps: [GapAnswer]
    var databaseBytes: Int64
    var walBytes: Int64
    var notifications: NotificationCounts

    init(_ reader: StoreReader, directory: String) throws {
        devices = try reader.freshnessCounts()
        openAlerts = try reader.openCounts(ConsoleScope()).priorities
        losses = try reader.losses()
        gaps = try reader.gaps()
        notifications = try reader.notificationCounts(since: SystemClock.now() - Span.day)
        databaseBytes = Self.size(Store.path(in: directory))
        walBytes = Self.size(Store.path(in: directory) + "-wal")
    }

    private static func size(_ path: String) -> Int64 {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return (attributes?[.size] as? NSNumber)?.int64Value ?? 0
    }
}
