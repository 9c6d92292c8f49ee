// SPDX-License-Identifier: Apache-2.0

/// Why a script does not hold: what was expected and not met, or what is wrong with the script itself.
struct ScriptProblem: Error, Equatable {
    /// What a person reads first.
    let reason: String
    /// The line of the script, from 1; nil until somebody who knows it has caught the problem.
    var line: Int?
    /// What ran until then; empty where nothing did.
    var transcript = ""

    init(_ reason: String, line: Int? = nil) {
        self.reason = reason
        self.line = line
    }

    /// The same problem with its line, if it had none.
    func at(line: Int) -> ScriptProblem {
        var problem = self
        problem.line = self.line ?? line
        return problem
    }
}
