// SPDX-License-Identifier: Apache-2.0
import Foundation

/// What is done under a fault, and the world in which it is done.
struct Operation: Sendable {
    /// A proof that it hands out, and the document that it is of.
    struct Proof: Sendable {
        let name: String
        let document: String?
    }

    /// What the closing table calls it.
    let name: String
    /// The command line.
    let arguments: [String]
    /// What it hands out.
    let proofs: [Proof]
    /// What is done at the end of all with what it made, and must succeed.
    let uses: [[String]]
    /// What it leaves for somebody to carry off, as `carried.filing`; nil where it leaves nothing.
    let carries: String?
    /// How many entries the log has in the end, where that is to be seen to.
    let entries: Int?
    /// What it says, with exit 2, where it is done already and is done once; nil where it can be done again.
    let saysDone: String?
    /// The world it starts in.
    let template: FaultFolder
    /// The calls it makes when nothing happens to them.
    let calls: [WatchedProgram.Call]

    private init(
        _ name: String, _ arguments: [String], proofs: [Proof] = [], usedBy uses: [[String]] = [],
        carrying carries: String? = nil, entries: Int? = nil, saysDone: String? = nil, in template: FaultFolder,
        _ program: WatchedProgram
    ) throws {
        self.name = name
        self.arguments = arguments
        self.proofs = proofs
        self.uses = uses
        self.carries = carries
        self.entries = entries
        self.saysDone = saysDone
        self.template = template
        let trial = try FaultFolder()
        try trial.begin(with: template)
        let run = try program.run(arguments, in: trial, nil, modelled: true)
        guard run.ending.code == 0 else { throw Problem("\(name) does not run: \(run.ending.errors)") }
        calls = run.calls
    }

    private static let begin = ["init", "--origin", "ledger.example/2026"]

    /// Whether a run of it ended as one must that nothing happens to, behind another.
    func succeeds(_ ending: WatchedProgram.Ending) -> Bool {
        ending.code == 0 || ending.code == 2 && saysDone.map { ending.errors.contains($0) } == true
    }

    /// What is done behind one of them, in the same world.
    static let next = ["register", "next.txt"]
    static let nextProof = Proof(name: "next.txt.proof", document: "next.txt")

    /// Those that make keys, each of which is slow to open on purpose.
    static func makingKeys(_ program: WatchedProgram) throws -> [Operation] {
        let empty = try FaultFolder()
        try FileManager.default.removeItem(atPath: empty.home)
        try empty.write("Q. And on the day after?\nA. Nobody came.\n", to: "next.txt")
        let small = try world(program, documents: 1)
        return [
            try Operation(
                "init", begin, usedBy: [next], saysDone: "ledger is there already", in: empty, program),
            try Operation(
                "key new", ["key", "new", "lin.yue"],
                usedBy: [["key", "show", "lin.yue"], ["key", "enrol", "lin.yue"]],
                saysDone: "there is a key \"lin.yue\" already", in: small, program),
            // The new key signs, alone from then on; what was handed out before holds.
            try Operation(
                "rotate, begin", ["log", "rotate-key"], usedBy: [["log", "rotate-key", "--finish"], next],
                in: small, program),
        ]
    }

    /// All others, from the least to the most.
    static func others(_ program: WatchedProgram) throws -> [Operation] {
        let small = try world(program, documents: 1)
        // One entry more, and a tile is full.
        let full = try world(program, documents: 253)
        let sent = try FaultFolder()
        try sent.begin(with: small)
        try run(program, ["register", "statement.txt", "--ledger", "absent"], in: sent)
        try FileManager.default.moveItem(
            atPath: sent.world + "/statement.txt.filing", toPath: sent.world + "/sent.filing")
        let halfway = try FaultFolder()
        try halfway.begin(with: small)
        try run(program, ["log", "rotate-key"], in: halfway)
        try halfway.quickenKeys(in: halfway.home + "/next")
        let statement = Proof(name: "statement.txt.proof", document: "statement.txt")
        return [
            try Operation("register", ["register", "statement.txt"], proofs: [statement], in: small, program),
            try Operation(
                "register, full tile", ["register", "statement.txt"], proofs: [statement], in: full, program),
            // The charter, the member, the document before, the next one; and this one once.
            try Operation(
                "register, carry", ["register", "statement.txt", "--ledger", "absent"], proofs: [statement],
                usedBy: [["submit", "carried.filing"], ["register", "statement.txt"], next],
                carrying: "statement.txt.filing", entries: 5, in: small, program),
            try Operation(
                "submit", ["submit", "sent.filing"], proofs: [Proof(name: "sent.filing.proof", document: nil)],
                in: sent, program),
            try Operation(
                "custody", ["custody", "2", "--event", "received", "--details", "@where"],
                proofs: [Proof(name: "custody-2-received.proof", document: nil)], in: small, program),
            try Operation("rotate, finish", ["log", "rotate-key", "--finish"], in: halfway, program),
        ]
    }

    /// A log with so many registered documents, of which the first proof is handed out, and a document that is not.
    private static func world(_ program: WatchedProgram, documents: Int) throws -> FaultFolder {
        let folder = try FaultFolder()
        try run(program, begin, in: folder)
        try folder.quickenKeys(in: folder.home)
        let names = (1...documents).map { "earlier-\($0).txt" }
        for name in names { try folder.write("What was said before, as \(name) has it.\n", to: name) }
        try run(program, ["register"] + names, in: folder)
        var promises = Promises(in: folder)
        try promises.take([Proof(name: "earlier-1.txt.proof", document: "earlier-1.txt")])
        for name in names { for ending in ["", ".proof", ".private"] { unlink(folder.world + "/" + name + ending) } }
        try folder.write("Q. Who was in the room?\nA. He, and the interpreter.\n", to: "statement.txt")
        try folder.write("Room 14\n", to: "where")
        try folder.write("Q. And on the day after?\nA. Nobody came.\n", to: "next.txt")
        return folder
    }

    private static func run(_ program: WatchedProgram, _ arguments: [String], in folder: FaultFolder) throws {
        let ending = try program.run(arguments, in: folder)
        guard ending.code == 0 else { throw Problem("\(arguments): \(ending.errors)") }
    }
}
