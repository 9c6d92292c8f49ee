// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

let package = Package(
    name: "Fuzz",
    dependencies: [
        .package(name: "Indelible", path: ".."),
        .package(url: "https://github.com/apple/swift-system", from: "1.6.0"),
    ],
    targets: [
        .systemLibrary(name: "CLibFuzzer"),
        .target(name: "CHeap"),
        .target(
            name: "FuzzTargets",
            dependencies: [
                "CHeap", .product(name: "TransparencyLog", package: "Indelible"),
                .product(name: "Evidence", package: "Indelible"),
                .product(name: "Ledger", package: "Indelible"),
                .product(name: "LedgerService", package: "Indelible"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: [.treatAllWarnings(as: .error), .unsafeFlags(["-Onone"])]),
        .executableTarget(
            name: "fuzz", dependencies: ["FuzzTargets", "CLibFuzzer"],
            swiftSettings: [.treatAllWarnings(as: .error)]),
    ]
)
