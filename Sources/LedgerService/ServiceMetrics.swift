// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// What a service counts, in the text that Prometheus reads. Nothing in it names a client, a key or a document.
final class ServiceMetrics: Sendable {
    private static let bounds: [(seconds: Double, text: String)] = [
        (0.001, "0.001"), (0.005, "0.005"), (0.01, "0.01"), (0.05, "0.05"), (0.1, "0.1"), (0.5, "0.5"), (1, "1"),
        (5, "5"), (30, "30"),
    ]

    private struct Series: Hashable {
        let route: String
        let status: Int
    }

    private struct Times {
        var counts = [UInt64](repeating: 0, count: bounds.count)
        var total: UInt64 = 0
        var seconds: Double = 0

        mutating func add(_ time: Double) {
            total += 1
            seconds += time
            for (place, bound) in bounds.enumerated() where time <= bound.seconds { counts[place] += 1 }
        }
    }

    private struct State {
        var answers: [Series: UInt64] = [:]
        var times: [String: Times] = [:]
        var filings: [String: UInt64] = [:]
    }

    private let state = Mutex(State())

    /// Counts an answer, and how long it took.
    func answered(_ route: String, _ status: Int, in time: Duration) {
        let seconds = time / .seconds(1)
        state.withLock { state in
            state.answers[Series(route: route, status: status), default: 0] += 1
            state.times[route, default: Times()].add(seconds)
        }
    }

    /// Counts what became of a filing.
    func filed(_ outcome: String) {
        state.withLock { $0.filings[outcome, default: 0] += 1 }
    }

    /// All of it, with what is measured now.
    func text(_ gauges: [(name: String, help: String, value: UInt64)]) -> String {
        let state = state.withLock { $0 }
        var lines: [String] = []
        for gauge in gauges {
            lines += [
                "# HELP \(gauge.name) \(gauge.help)", "# TYPE \(gauge.name) gauge", "\(gauge.name) \(gauge.value)",
            ]
        }
        lines += [
            "# HELP indelible_filings_total Filings that were offered, by what became of them.",
            "# TYPE indelible_filings_total counter",
        ]
        for (outcome, count) in state.filings.sorted(by: { $0.key < $1.key }) {
            lines.append("indelible_filings_total{outcome=\"\(outcome)\"} \(count)")
        }
        lines += [
            "# HELP indelible_http_answers_total Answers, by what was asked for and their status.",
            "# TYPE indelible_http_answers_total counter",
        ]
        for (series, count) in state.answers.sorted(by: {
            ($0.key.route, $0.key.status) < ($1.key.route, $1.key.status)
        }) {
            lines.append("indelible_http_answers_total{route=\"\(series.route)\",status=\"\(series.status)\"} \(count)")
        }
        let name = "indelible_http_answer_seconds"
        lines += ["# HELP \(name) How long answers took to be found.", "# TYPE \(name) histogram"]
        for (route, times) in state.times.sorted(by: { $0.key < $1.key }) {
            for (bound, count) in zip(Self.bounds, times.counts) {
                lines.append("\(name)_bucket{route=\"\(route)\",le=\"\(bound.text)\"} \(count)")
            }
            lines.append("\(name)_bucket{route=\"\(route)\",le=\"+Inf\"} \(times.total)")
            lines.append("\(name)_sum{route=\"\(route)\"} \(times.seconds)")
            lines.append("\(name)_count{route=\"\(route)\"} \(times.total)")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
