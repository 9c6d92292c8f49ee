// SPDX-License-Identifier: Apache-2.0
import LedgerService
import Testing

struct ServiceRequestTests {
    /// Two hexadecimal digits in either case are a byte; whatever else stands behind a percent sign stays as it is.
    @Test(arguments: [
        ("%41", "A"), ("%c3%A9", "\u{E9}"), ("%+F", "% F"), ("%-0", "%-0"), ("%4", "%4"), ("%", "%"), ("%zz", "%zz"),
        ("a+b", "a b"), ("%2B", "+"), ("%FF", "\u{FFFD}"),
    ])
    func valuesAreDecoded(_ sent: String, _ meant: String) {
        let value = ServiceRequest("GET", "/find?text=\(sent)").parameter("text")
        #expect(value.map { Array($0.utf8) } == Array(meant.utf8))
    }
}
