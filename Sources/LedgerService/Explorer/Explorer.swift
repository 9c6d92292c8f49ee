// SPDX-License-Identifier: Apache-2.0
package import Evidence
package import Ledger
package import TransparencyLog

/// The log as a person reads it, as web pages: below `/log/`, in two languages, without scripts but one that hashes a
/// file in the browser.
///
///     /log                     the newest entries           /log/entry/<i>       one entry, and what refers to it
///     /log/keys                the keys                     /log/key?k=<key>     one key and its history
///     /log/checkpoints         checkpoints and time-stamps  /log/status          what the log is by now
///     /log/search?q=<words>    by hash, index, key or name
///
/// The pages say what this server says. What they call checked was checked for that very answer: every entry against the
/// checkpoint that is served, the signatures of one that has a page to itself, the cosignatures under the server's trust
/// list.
package struct Explorer: Sendable {
    /// What the pages are made from.
    package struct Ground: Sendable {
        /// Reads the log under the checkpoint that is served at the moment, judged under `policy`.
        package let reader: @Sendable () async throws -> LedgerReader
        /// Where things stand in it. It may be ahead of the checkpoint that is served.
        package let index: LookupIndex
        /// Whose cosignatures count.
        package let policy: TrustPolicy
        /// Whose time-stamps count; nobody's where nothing is judged.
        package let authorities: TimestampAuthorities
        /// Who may do what, as of the newest entry.
        package let registry: @Sendable () async -> Registry

        package init(
            index: LookupIndex, policy: TrustPolicy, authorities: TimestampAuthorities = TimestampAuthorities(),
            reader: @escaping @Sendable () async throws -> LedgerReader,
            registry: @escaping @Sendable () async -> Registry
        ) {
            self.reader = reader
            self.index = index
            self.policy = policy
            self.authorities = authorities
            self.registry = registry
        }
    }

    let ground: Ground
    let version: String
    let prefix: String
    let now: @Sendable () -> UInt64
    private let note: @Sendable (String) -> Void
    private let tally: EntryTally

    /// Pages of the log in `ground`, by a server whose paths begin with `prefix`: "" or such as "/ledger".
    ///
    /// `version` is the program's. `note` is told, in one line, what could not be read.
    package init(
        _ ground: Ground, version: String, prefix: String = "", now: @escaping @Sendable () -> UInt64 = Moment.now,
        note: @escaping @Sendable (String) -> Void
    ) {
        self.ground = ground
        self.version = version
        self.prefix = prefix
        self.now = now
        self.note = note
        tally = EntryTally()
    }

    /// The page at a path below "/log", such as "" or "/entry/12". `languages` is the Accept-Language of the request.
    package func answer(_ path: String, query: [(String, String)], languages: String?) async -> ServiceAnswer {
        let query = PageQuery(query)
        let chosen = query["lang"].flatMap { Language(rawValue: $0) }
        let frame = PageFrame(
            addresses: PageAddresses(prefix: prefix, chosen: chosen),
            language: chosen ?? Language.preferred(byBrowser: languages), version: version)
        do {
            return try await page(at: path, query, frame)
        } catch let missing as PageMissing {
            return frame.answer(missing, at: path, query)
        } catch LedgerReadError.noCheckpoint {
            return frame.answer(PageMissing.notBegun, at: path, query)
        } catch {
            note("CANNOT show /log\(Shown.bytes(path.utf8)): \(error)")
            return frame.answer(PageMissing.notNow, at: path, query)
        }
    }

    private func page(at path: String, _ query: PageQuery, _ frame: PageFrame) async throws -> ServiceAnswer {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true)
        guard path.isEmpty || path == "/" || path.utf8.elementsEqual(parts.map { "/" + $0 }.joined().utf8) else {
            throw PageMissing.noPage
        }
        let view = try await LogView(ground, now: now())
        switch (parts.first ?? "", parts.count) {
        case ("", 0): return frame.answer(try await NewestPage(view, query), at: path, query)
        case ("entry", 2): return frame.answer(try await EntryPage(view, String(parts[1])), at: path, query)
        case ("keys", 1): return frame.answer(try KeysPage(view, query), at: path, query)
        case ("key", 1): return frame.answer(try await KeyPage(view, query), at: path, query)
        case ("checkpoints", 1): return frame.answer(try await CheckpointsPage(view, query), at: path, query)
        case ("search", 1): return frame.answer(try await SearchPage(view, query), at: path, query)
        case ("status", 1):
            let counted = try await tally.follow(view.reader)
            return frame.answer(try await StatusPage(view, counted, version), at: path, query)
        default: throw PageMissing.noPage
        }
    }
}
