// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// The log as a whole: what it is, by which charter, and its end.
struct LogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Tell what a log is, change its charter and key, close it, recover it, hand out its trust list.",
        subcommands: [
            LogStatusCommand.self, LogAmendCommand.self, LogRotateKeyCommand.self, LogCloseCommand.self,
            LogRecoverCommand.self, LogExportTrustCommand.self,
        ])
}
