// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

let package = Package(
    name: "Benchmarks",
    dependencies: [
        .package(name: "Indelible", path: ".."),
        .package(url: "https://github.com/apple/swift-system", from: "1.6.0"),
    ],
    targets: [
        .executableTarget(
            name: "benchmarks",
            dependencies: [
                .product(name: "TransparencyLog", package: "Indelible"),
                .product(name: "Evidence", package: "Indelible"),
                .product(name: "Ledger", package: "Indelible"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            // Swift 6.3.1 crashes when it optimises the asynchronous functions here. What is measured is in the
            // libraries, which are optimised.
            swiftSettings: [.treatAllWarnings(as: .error), .unsafeFlags(["-Onone"])])
    ]
)
