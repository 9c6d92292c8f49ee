// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

/// That a snapshot gives the registry back is checked by `RegistryWorld` after every entry of every test.
@Suite struct RegistrySnapshotTests {
    private typealias World = RegistryWorld

    private func world() throws -> World {
        var world = try World()
        let people = World.people("anna", "bela", "sister")
        try world.enrol(people[0], revokers: [people[2]])
        try world.enrol(people[1])
        try world.enter(World.revoke(people[0], since: 5), by: [people[0], people[1]])
        try world.enter(World.revoke(people[0]), by: [people[2]])
        try world.enter(World.revoke(World.person("x")), by: [World.person("x")])
        try world.enter(.close(Closing()), by: World.people("s0", "s1"))
        return world
    }

    @Test func holdsEverything() throws {
        let world = try world()
        let read = try Registry(snapshot: world.registry.snapshot())
        #expect(read == world.registry)
        #expect(read.snapshot() == world.registry.snapshot())
        #expect(read.closedAt == 6)
        #expect(read.revocations.count == 3)
        #expect(try Registry(snapshot: World.empty.registry.snapshot()) == World.empty.registry)
    }

    @Test func goesOnWhereItWas() throws {
        var world = try World()
        let anna = World.person("anna")
        try world.enrol(anna)
        world.registry = try Registry(snapshot: world.registry.snapshot())
        try world.enter(World.register(1), by: [anna])
        #expect(try world.refusal(World.register(2), by: [World.person("x")]) == .noMemberSigned)
    }

    /// A snapshot with a line removed, doubled or exchanged is refused, or is that of another registry.
    @Test func isCanonical() throws {
        let bytes = try world().registry.snapshot()
        let lines = bytes.split(separator: 0x0A).map { Array($0) + [0x0A] }
        #expect(lines.count == 28)
        var variants: [[UInt8]] = [Array(bytes.dropLast()), bytes + [0x0A], []]
        for number in lines.indices {
            var removed = lines
            removed.remove(at: number)
            var doubled = lines
            doubled.insert(lines[number], at: number)
            variants += [Array(removed.joined()), Array(doubled.joined())]
            for other in lines.indices where other > number {
                var exchanged = lines
                exchanged.swapAt(number, other)
                variants.append(Array(exchanged.joined()))
            }
        }
        for variant in variants where variant != bytes {
            guard let registry = try? Registry(snapshot: variant) else { continue }
            #expect(registry.snapshot() == variant)
        }
        let other = #expect(throws: FormatError.self) {
            try Registry(snapshot: Array("indelible-registry/v2\n".utf8) + bytes)
        }
        #expect(other?.isOtherVersion == true)
    }

    /// A revocation has 1 to 16 signers.
    @Test func revocationsAreSigned() throws {
        let text = String(decoding: try world().registry.snapshot(), as: UTF8.self)
        let signer = "signer \(World.person("sister").verifierKey)\n"
        #expect(text.contains(signer))
        for count in 0...17 {
            let signers = (0..<count).map { "signer \(World.person("r\($0)").verifierKey)\n" }.joined()
            let bytes = Array(text.replacing(signer, with: signers).utf8)
            #expect(((try? Registry(snapshot: bytes)) != nil) == (1...16).contains(count), "\(count)")
        }
    }

    /// Parts that no log could have brought about together.
    @Test func partsBelongTogether() throws {
        let text = String(decoding: try world().registry.snapshot(), as: UTF8.self)
        let anna = World.person("anna").verifierKey
        let bela = World.person("bela").verifierKey
        let empty = String(decoding: World.empty.registry.snapshot(), as: UTF8.self)
        for (old, new) in [("size 0", "size 1"), ("size 0", "size 2\npassed-over 1"), ("size 0", "size 0\ntime 5")] {
            let changed = empty.split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
            #expect(throws: FormatError.self, "\(old) -> \(new)") { try Registry(snapshot: Array(changed.utf8)) }
        }
        let namesake = World.person("anna", seed: "bela").verifierKey
        for (old, new) in [
            ("size 7", "size 0"), ("size 7", "size 6"), ("size 7", "size 2"), ("closed 6", "closed 7"),
            ("closed 6", "closed 0"), ("member 2", "member 1"), ("member 2", "member 7"),
            ("member 2 \(bela)", "member 2 \(anna)"), ("member 2 \(bela)", "member 2 \(namesake)"),
            ("revoked 4", "revoked 3"), ("revoked 5", "revoked 7"), ("charter 0", "charter 7"),
            ("signatures verified", "signatures checked"), ("time 1700000000\n", ""), ("size 7", "size 07"),
            ("size 7", "size 7\npassed-over 8"), ("size 7", "size 7\npassed-over 0"),
            ("size 7", "size 7\npassed-over x"),
        ] {
            #expect(text.contains(old))
            let changed = text.split(separator: old, maxSplits: 1, omittingEmptySubsequences: false).joined(
                separator: new)
            #expect(throws: FormatError.self, "\(old) -> \(new)") { try Registry(snapshot: Array(changed.utf8)) }
        }
    }
}
