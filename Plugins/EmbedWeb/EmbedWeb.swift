// SPDX-License-Identifier: Apache-2.0
import Foundation
import PackagePlugin

/// Puts the web pages of a target into its code, so that the program is one file.
///
/// Every file of the target's folder `Web` becomes a text of `WebFiles`. An array of bytes, as SwiftPM's own
/// `embedInCode` makes of a file, takes the compiler half a minute for 200 kB.
@main
struct EmbedWeb: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let folder = target.directoryURL.appending(path: "Web")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path())
            .filter { name in [".html", ".css", ".js", ".json"].contains { name.hasSuffix($0) } }.sorted().map {
                folder.appending(path: $0)
            }
        let output = context.pluginWorkDirectoryURL.appending(path: "WebFiles.swift")
        return [
            .buildCommand(
                displayName: "Embedding the web pages", executable: try context.tool(named: "embed-web").url,
                arguments: [output.path()] + files.map { $0.path() }, inputFiles: files, outputFiles: [output])
        ]
    }
}
