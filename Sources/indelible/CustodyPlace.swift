// SPDX-License-Identifier: Apache-2.0
import Evidence
import SystemPackage
import TransparencyLog

/// The files of one custody entry: the filing by its name, and what stands beside it.
///
///     custody-41-received.filing   .draft   .private   .proof        beside the registration's proof
///     handover.filing   handover.draft   ...                         as `-o handover.filing` names them
///
/// Two events of one kind would have one name: the second is refused until it is given another, so that nothing is
/// entered twice by mistake.
struct CustodyPlace {
    let filing: FilePath
    private let base: String

    /// The files for an event of what `argument` names, which is the entry at `index`.
    init(of argument: String, _ index: LeafIndex, _ event: CustodyEvent, output: FilePath?) {
        if let output {
            var base = output
            if output.extension == "filing" { base.extension = nil }
            self.base = base.string
            filing = output
        } else {
            let isIndex = LeafIndex(parsing: Array(argument.utf8)) != nil
            let folder = isIndex ? FilePath() : FilePath(argument).removingLastComponent()
            base = folder.appending("custody-\(index)-\(event)").string
            filing = FilePath(base + ".filing")
        }
    }

    var draft: FilePath { FilePath(base + ".draft") }
    var `private`: FilePath { FilePath(base + ".private") }
    var proof: FilePath { FilePath(base + ".proof") }
    /// What `submit` gives to those who carry the filing to the log.
    var filingProof: FilePath { FilePath(filing.string + ".proof") }
}
