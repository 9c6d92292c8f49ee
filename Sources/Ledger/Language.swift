// SPDX-License-Identifier: Apache-2.0

/// The languages that the tool and the log's pages speak.
package enum Language: String, CaseIterable, Sendable {
    case english = "en"
    case chinese = "zh-Hans"

    /// The language that the environment asks for.
    package static func preferred(_ environment: [String: String]) -> Language {
        for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
            if let value = environment[name], !value.isEmpty { return value.hasPrefix("zh") ? .chinese : .english }
        }
        return .english
    }
}
