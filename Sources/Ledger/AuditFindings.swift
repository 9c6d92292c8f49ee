// SPDX-License-Identifier: Apache-2.0

/// Faults and gaps as an audit comes upon them: all are counted, and so many listed.
struct AuditFindings: Sendable {
    let limit: Int
    private(set) var faults: [AuditFault] = []
    private(set) var faultCount = 0
    private(set) var gaps: [AuditGap] = []
    private(set) var gapCount = 0
    private(set) var strays: [String] = []
    private(set) var strayCount = 0
    private(set) var isComplete = true

    init(limit: Int) {
        self.limit = limit
    }

    var isEmpty: Bool { faultCount == 0 && gapCount == 0 && strayCount == 0 }

    mutating func add(_ fault: AuditFault) {
        if faults.count < limit { faults.append(fault) }
        faultCount += 1
    }

    mutating func add(_ gap: AuditGap) {
        if gaps.count < limit { gaps.append(gap) }
        gapCount += 1
        if !gap.isChosen { isComplete = false }
    }

    mutating func addStray(_ path: String) {
        if strays.count < limit { strays.append(path) }
        strayCount += 1
    }

    mutating func add(_ other: AuditFindings) {
        faults += other.faults.prefix(limit - faults.count)
        faultCount += other.faultCount
        gaps += other.gaps.prefix(limit - gaps.count)
        gapCount += other.gapCount
        strays += other.strays.prefix(limit - strays.count)
        strayCount += other.strayCount
        isComplete = isComplete && other.isComplete
    }
}
