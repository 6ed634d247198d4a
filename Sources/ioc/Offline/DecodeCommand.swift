import ArgumentParser
import Catalog
import Foundation
import Telemetry
import Unpacking

struct DecodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode", abstract: "Says what a payload means, or why and where it is refused.",
        discussion: """
            With --profile the readings as the service would store them, one JSON object a line. With --format only what is
            in the payload, by the format's own names: this is how to find out what a gateway sends before writing a profile.
            Exit code 1 if the payload is refused.

              echo '{"a":{"b":1.5}}' | ioc decode --format json -
              ioc decode --profile mydomain/myprofile --topic ioc/v1/mydomain/_/device-1/tele payload.json
            """)

    @Option(
        help:
            "json, senml-json, senml-cbor, scalar, csv, line-protocol, ultralight, cayenne-lpp or sparkplug-b."
    )
    var format: Wire.Form?
    @Option(help: "How the payload is packed, without a profile that says it: gzip or zstd.")
    var compression: Compression?
    @Option(help: "DOMAIN/PROFILE to read it by, or a profile's file that ends in .yaml.") var profile:
        String?
    @Option(help: "The topic it came on; default: the profile's first device.") var topic: String?
    @Option(help: "Unix milliseconds at which it came; default: now.") var now: Int64?
    @Argument(help: "The payload's file, or - for standard input.") var file = "-"
    @OptionGroup var options: CatalogOptions

    func validate() throws {
        if (format == nil) == (profile == nil) {
            throw ValidationError("one of --format and --profile is needed")
        }
        if compression != nil, profile != nil {
            throw ValidationError(
                "--compression is for --format; the profile says how its payloads are packed")
        }
    }

    func run() throws {
        do {
            let payload = try read()
            let arrival = now ?? SystemClock.now()
            let result: Result<[String], Rejection>
            if let profile {
                result = try PayloadReport(try options.load(), profile: profile, topic: topic).lines(
                    payload, now: arrival)
            } else {
                result = unpacked(payload).flatMap {
                    PayloadListing.lines($0, format: format!, now: arrival)
                }
            }
            switch result {
            case .success(let lines): lines.forEach { print($0) }
            case .failure(let rejection):
                print(PayloadListing.rejected(rejection))
                throw ExitStatus.runtime
            }
        } catch {
            throw Failure.exit(error)
        }
    }

    func unpacked(_ payload: [UInt8]) -> Result<[UInt8], Rejection> {
        guard let compression else { return .success(payload) }
        let unpacker = PayloadUnpacker()
        let limit = DecodeLimits().payloadBytes
        return payload.withUnsafeBytes { unpacker.unpack($0, compression, limit: limit).map(Array.init) }
    }

    private func read() throws -> [UInt8] {
        if file == "-" { return Array(FileHandle.standardInput.readDataToEndOfFile()) }
        guard let data = FileManager.default.contents(atPath: file) else {
            throw ServiceFault("\(file): cannot read the file; check the name and its rights")
        }
        return Array(data)
    }
}

extension Wire.Form: ExpressibleByArgument {}
extension Compression: ExpressibleByArgument {}
