// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
]

let package = Package(
    name: "Indelible",
    products: [
        .library(name: "TransparencyLog", targets: ["TransparencyLog"]),
        .library(name: "Evidence", targets: ["Evidence"]),
        .library(name: "Ledger", targets: ["Ledger"]),
        .library(name: "LedgerService", targets: ["LedgerService"]),
        .executable(name: "indelible", targets: ["indelible"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.6.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
        .systemLibrary(name: "CQRencode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"])]),
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "TransparencyLog", dependencies: ["COpenSSL", "CSodium"], swiftSettings: strict),
        .target(name: "Evidence", dependencies: ["TransparencyLog", "COpenSSL", "CSodium"], swiftSettings: strict),
        .target(
            name: "Ledger",
            dependencies: [
                "TransparencyLog", "Evidence", "COpenSSL", "CSodium",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),
        .target(
            name: "LedgerService",
            dependencies: [
                "TransparencyLog", "Evidence", "Ledger", "CZlib",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            exclude: ["Web"], swiftSettings: strict, plugins: ["EmbedWeb"]),
        .plugin(name: "EmbedWeb", capability: .buildTool(), dependencies: ["embed-web"]),
        .executableTarget(name: "embed-web", swiftSettings: strict),
        .executableTarget(
            name: "indelible",
            dependencies: [
                "TransparencyLog", "Evidence", "Ledger", "LedgerService", "CLinux", "CQRencode", "CSodium",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),
        // What tests of several rooms need alike.
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
        .testTarget(name: "TransparencyLogTests", dependencies: ["TransparencyLog"], swiftSettings: strict),
        .testTarget(name: "EvidenceTests", dependencies: ["Evidence", "TransparencyLog"], swiftSettings: strict),
        .testTarget(
            name: "LedgerTests",
            dependencies: [
                "Ledger", "Evidence", "TransparencyLog", "TestSupport",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "LedgerServiceTests",
            dependencies: [
                "LedgerService", "Ledger", "Evidence", "TransparencyLog", "indelible", "TestSupport",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "BrowserTests", dependencies: ["Evidence", "TransparencyLog", "indelible", "TestSupport"],
            exclude: ["README.md", "browser.py", "served.py"], swiftSettings: strict),
        // The readers that `Fuzz` drives, tried on what it found; the fuzzer itself is in a package of its own.
        .target(name: "CHeap", path: "Fuzz/Sources/CHeap"),
        .testTarget(
            name: "FuzzTests",
            dependencies: [
                "CHeap", "LedgerService", "Ledger", "Evidence", "TransparencyLog",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            path: "Fuzz/Sources", exclude: ["CHeap", "CLibFuzzer", "fuzz"], sources: ["FuzzTargets", "Replay"],
            swiftSettings: strict),
        .testTarget(
            name: "FaultTests", dependencies: ["TransparencyLog", "indelible", "TestSupport"],
            exclude: ["README.md", "Preload"], swiftSettings: strict),
        .testTarget(
            name: "CommandTests", dependencies: ["indelible"], exclude: ["README.md", "Scripts"], swiftSettings: strict),
    ]
)
