// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing

@Suite struct WireTextTests {
    private static let refused: [ClosedRange<UInt32>] = [
        0x00...0x1F, 0x7F...0x9F, 0x61C...0x61C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF...0xFEFF,
    ]

    /// Every code point there is, alone and between others.
    @Test func refusesExactlyTheListedCodePoints() {
        var wrong: [UInt32] = []
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let isRefused = Self.refused.contains { $0.contains(value) }
            let bytes = Array(UTF8.encode(scalar)!)
            if (WireText.firstRefused(in: bytes) == 0) != isRefused { wrong.append(value) }
            let position = WireText.firstRefused(in: [0xE8, 0xAF, 0x81] + bytes + [0x61])
            if position != (isRefused ? 3 : nil) { wrong.append(value) }
        }
        #expect(wrong == [])
    }

    @Test func holdsOneToTheLimit() {
        #expect(WireText("") == nil)
        #expect(WireText("a")?.utf8 == [0x61])
        #expect(WireText([UInt8](repeating: 0x61, count: 1024)) != nil)
        #expect(WireText([UInt8](repeating: 0x61, count: 1025)) == nil)
        #expect(WireText([UInt8](repeating: 0x61, count: 4096), limit: 4096) != nil)
        #expect(WireText([UInt8](repeating: 0x61, count: 4097), limit: 4096) == nil)
        #expect(WireText([0xC3]) == nil)
        #expect(WireText("one\u{2028}two") == nil)
    }

    @Test func comparesBytes() throws {
        let composed = try #require(WireText("\u{E9}"))
        let decomposed = try #require(WireText("e\u{301}"))
        #expect(composed != decomposed)
        #expect(decomposed < composed)
        #expect("\(composed)" == "é")
    }
}
