// swift-tools-version:6.2
import PackageDescription

/// Every target of ours: Swift 6 mode, no warnings, and imports that say who may see them.
let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// The hot path crosses modules, so its generics and small functions must too. That no two accesses to a variable overlap
/// is checked while tests run, and not again in the program.
let hot: [SwiftSetting] =
    house + [
        .unsafeFlags(
            ["-cross-module-optimization", "-enforce-exclusivity=unchecked"], .when(configuration: .release))
    ]

let package = Package(
    name: "ioc",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "ioc", targets: ["ioc"]),
        // Loaded into the service by the fault tests; part of no program.
        .library(name: "FaultShim", type: .dynamic, targets: ["FaultShim"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        // For tests only: a mail server that speaks TLS.
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        // Level 0: know nothing of each other.
        .systemLibrary(
            name: "CMosquitto", pkgConfig: "libmosquitto", providers: [.apt(["libmosquitto-dev"])]),
        .systemLibrary(
            name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CPrefetch"),
        .target(name: "Ring", swiftSettings: hot),
        .target(name: "Telemetry", dependencies: ["CPrefetch"], swiftSettings: hot),

        // Level 1: each isolates one foreign dependency.
        .target(name: "Broker", dependencies: ["CMosquitto"], swiftSettings: hot),
        .target(
            name: "Catalog",
            dependencies: ["Telemetry", .product(name: "Yams", package: "Yams")],
            swiftSettings: house),
        .target(
            name: "Store",
            dependencies: [
                "Telemetry", "CZstd", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: hot),
        .target(name: "Mail", dependencies: ["CCurl"], swiftSettings: house),
        .target(name: "Unpacking", dependencies: ["Telemetry", "CZlib", "CZstd"], swiftSettings: hot),

        // Level 2
        .target(name: "Pipeline", dependencies: ["CPrefetch", "Ring", "Telemetry"], swiftSettings: hot),
        .target(
            name: "Console",
            dependencies: [
                "Telemetry", "Store",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: house),

        // Level 3
        .executableTarget(
            name: "ioc",
            dependencies: [
                "Broker", "Catalog", "Console", "Mail", "Pipeline", "Ring", "Store", "Telemetry", "Unpacking",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: hot),

        // Tests mirror the sources.
        .target(
            name: "TestSupport",
            dependencies: [
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            path: "Tests/TestSupport", swiftSettings: house),
        .testTarget(name: "RingTests", dependencies: ["Ring"], swiftSettings: house),
        .testTarget(
            name: "TelemetryTests", dependencies: ["Telemetry", "TestSupport"], swiftSettings: house),
        .testTarget(
            name: "PipelineTests", dependencies: ["Pipeline", "Ring", "Telemetry"], swiftSettings: house),
        .target(
            name: "CCrashVFS", path: "Tests/CCrashVFS", cSettings: [.unsafeFlags(["-O2"])],
            linkerSettings: [.linkedLibrary("sqlite3")]),
        .testTarget(
            name: "StoreTests",
            dependencies: [
                "CCrashVFS", "Store", "Telemetry", "TestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "UnpackingTests", dependencies: ["Telemetry", "TestSupport", "Unpacking"],
            swiftSettings: house),
        .testTarget(name: "MailTests", dependencies: ["Mail", "TestSupport"], swiftSettings: house),
        .testTarget(name: "BrokerTests", dependencies: ["Broker", "TestSupport"], swiftSettings: house),
        .testTarget(
            name: "CatalogTests", dependencies: ["Catalog", "Telemetry", "TestSupport"],
            resources: [.copy("Fixtures")], swiftSettings: house),
        .testTarget(
            name: "ConsoleTests",
            dependencies: [
                "Console", "Store", "Telemetry", "TestSupport",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "IocTests",
            dependencies: [
                "ioc", "Broker", "Catalog", "Console", "Mail", "Pipeline", "Store", "Telemetry",
                "TestSupport",
                "Unpacking",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: house),
        .target(name: "AllocationCount", path: "benchmarks/allocations/counter"),
        .target(
            name: "DecodeWorkloads", dependencies: ["Telemetry"], path: "benchmarks/decode/workloads",
            swiftSettings: house),
        .executableTarget(
            name: "DecodeBenchmark", dependencies: ["AllocationCount", "DecodeWorkloads", "Telemetry"],
            path: "benchmarks/decode/ours", swiftSettings: hot),
        .executableTarget(
            name: "AllocationBenchmark",
            dependencies: ["AllocationCount", "DecodeWorkloads", "Pipeline", "Ring", "Telemetry"],
            path: "benchmarks/allocations/ours", swiftSettings: hot),
        .executableTarget(
            name: "RingBenchmark", dependencies: ["Ring", "Telemetry"], path: "benchmarks/ring/ours",
            swiftSettings: hot),
        .executableTarget(
            name: "MemoryBenchmark", dependencies: ["Pipeline", "Telemetry"],
            path: "benchmarks/memory/ours", swiftSettings: hot),
        .executableTarget(
            name: "RulesBenchmark", dependencies: ["Pipeline", "Store", "Telemetry"],
            path: "benchmarks/rules/ours", swiftSettings: hot),
        .target(name: "FaultShim", path: "Tests/FaultShim"),
        .testTarget(
            name: "FaultTests",
            dependencies: [
                "ioc", "Broker", "Store", "Telemetry", "TestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "DataTests", dependencies: ["Catalog", "Telemetry", "TestSupport"], swiftSettings: house),
        .testTarget(name: "TidyTests", swiftSettings: house),
    ]
)

/// `IOC_PART=fuzz` and `IOC_PART=race` leave only what a sanitizer looks at: it needs no dependency, so none is fetched
/// or compiled with it. Fuzz targets bring a `main` of their own and would clash with the others in an ordinary build.
@MainActor func keep(_ names: Set<String>) {
    package.products = []
    package.dependencies = []
    package.targets.removeAll { !names.contains($0.name) }
}

switch Context.environment["IOC_PART"] {
case "fuzz":
    keep(["CPrefetch", "Telemetry"])
    package.targets.append(
        .target(
            name: "FuzzGround", dependencies: ["Telemetry"], path: "Tests/Fuzz/FuzzGround",
            swiftSettings: house))
    for name in [
        "FuzzJSON", "FuzzSenML", "FuzzCSV", "FuzzScalar", "FuzzTopic", "FuzzLine", "FuzzUltraLight",
        "FuzzCayenne", "FuzzCBOR", "FuzzSparkplug",
    ] {
        package.targets.append(
            .executableTarget(
                name: name, dependencies: ["FuzzGround", "Telemetry"], path: "Tests/Fuzz/\(name)",
                swiftSettings: house))
    }
case "race":
    keep(["CPrefetch", "Ring", "Telemetry", "Pipeline", "RingTests", "PipelineTests"])
    // Linked only; it stands between our modules and the library of Mutex.
    for target in package.targets where target.type == .test { target.dependencies.append("SeenMutex") }
    package.targets.append(.target(name: "SeenMutex", path: "Tests/Race/SeenMutex"))
default: break
}
