// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import indelible

@Suite("The memory of the program")
struct ProcessMemoryTests {
    @Test("Nobody but the administrator reads it, crashed or not")
    func closing() {
        ProcessMemory.close()
        #expect(ProcessMemory.isClosed)
    }
}
