// SPDX-License-Identifier: Apache-2.0
import Foundation

/// One measured figure with what it is held against, both from this machine and this run.
struct Measured {
    let what: String
    let figure: String
    let against: String
    let ratio: Double?
    let wanted: String

    var row: String {
        let ratio = ratio.map { "\(Double(Int($0 * 100)) / 100)" } ?? "-"
        return "| \(what) | \(figure) | \(against) | \(ratio) | \(wanted) |"
    }

    static let head = "| what | measured | against, in the same run | ratio | wanted |\n|---|---|---|---|---|"
}

/// How long something takes by the wall clock, in seconds.
func seconds(_ body: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try body()
    return start.duration(to: .now) / .seconds(1)
}

/// A stop-watch, for what cannot be put into a closure.
struct Watch {
    private let start = ContinuousClock.now

    /// The seconds since it was started.
    var seconds: Double { start.duration(to: .now) / .seconds(1) }
}

/// The most memory that this process has had, in megabytes.
func peakMemory() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
    return (Int(line.filter(\.isNumber)) ?? 0) / 1024
}

/// The middle one of some figures.
func median(_ figures: [Double]) -> Double {
    figures.sorted()[figures.count / 2]
}
