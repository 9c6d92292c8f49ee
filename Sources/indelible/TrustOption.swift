// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// The option that says which trust list is relied on, where it need not be that of the keys folder.
struct TrustOption: ParsableArguments {
    @Option(
        name: [.customLong("trust"), .customLong("policy")],
        help: ArgumentHelp(
            "The trust list: a file, or one of keys/trust by name (default: keys/policy).", valueName: "name|file"))
    var named: String?
}
