// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

// The two pure targets and their tests alone, without anything from elsewhere. It is built in a folder that
// `scripts/mutate` or `scripts/coverage` has filled, never here.

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("InternalImportsByDefault"), .enableUpcomingFeature("ExistentialAny"),
]
// What the tests exhaust, they exhaust for every mutant: the sources are optimised, and still one build.
let mutated: [SwiftSetting] =
    Context.environment["INDELIBLE_PLAIN"] == nil ? settings + [.unsafeFlags(["-O"])] : settings

let package = Package(
    name: "Copy",
    targets: [
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto"),
        .systemLibrary(name: "CSodium", pkgConfig: "libsodium"),
        .target(name: "CMutants"),
        .target(name: "Mutants", dependencies: ["CMutants"], swiftSettings: mutated),
        .target(name: "TransparencyLog", dependencies: ["COpenSSL", "CSodium", "Mutants"], swiftSettings: mutated),
        .target(
            name: "Evidence", dependencies: ["TransparencyLog", "COpenSSL", "CSodium", "Mutants"],
            swiftSettings: mutated),
        .testTarget(name: "TransparencyLogTests", dependencies: ["TransparencyLog"], swiftSettings: settings),
        .testTarget(name: "EvidenceTests", dependencies: ["Evidence", "TransparencyLog"], swiftSettings: settings),
    ]
)
