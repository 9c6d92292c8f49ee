// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// The files of a ledger over HTTP, as any web server would serve its folder (C2SP tlog-tiles), by the names that a ledger
/// has and no others.
///
///     /checkpoint                             text, asked for anew each time
///     /tile/<L>/<N>[.p/<W>]                   octets, the same for ever; /tile/entries/... compressed for those who take it
///     /cosigned/<hh>/<hash>                   text, the same for ever
///     /timestamp/sizes, <size>.checkpoint, <size>.tsr
///
/// It answers to `if-none-match` and to a range of bytes. That there is nothing is never said for longer than now.
struct LedgerFiles: Sendable {
    let cache: FileCache

    /// The answer to a request for the file at a path without its first slash; nil where no ledger has such a file.
    func answer(_ request: ServiceRequest, _ path: String) async -> ServiceAnswer? {
        guard let kind = Kind(path) else { return nil }
        do {
            guard
                let file = try await cache.file(path, limit: kind.limit, compressing: kind.isCompressible)
            else { return .text(404, "nothing here\n") }
            return Self.answer(request, file, kind)
        } catch {
            return .text(503, "cannot tell now\n", headers: [.init("retry-after", "10")])
        }
    }

    private static func answer(_ request: ServiceRequest, _ file: FileCache.File, _ kind: Kind) -> ServiceAnswer {
        var headers: [ServiceAnswer.Field] = [
            .init("content-type", kind.type), .init("cache-control", kind.caching),
            .init("access-control-allow-origin", "*"), .init("x-content-type-options", "nosniff"),
        ]
        if kind.isCompressible { headers.append(.init("vary", "accept-encoding")) }
        if let wanted = request.header("if-none-match"), names(file.tag, in: wanted) {
            return ServiceAnswer(304, headers: headers + [.init("etag", file.tag)])
        }
        // A range is one of the bytes themselves, and only of those that the client has begun with.
        let isSame = request.header("if-range").map { $0 == file.tag } ?? true
        if isSame, let wanted = request.header("range"), wanted.hasPrefix("bytes="), !wanted.contains(",") {
            headers += [.init("etag", file.tag), .init("accept-ranges", "bytes")]
            let all = file.bytes.count
            guard let range = range(wanted.dropFirst(6), of: all) else {
                return ServiceAnswer(416, headers: headers + [.init("content-range", "bytes */\(all)")])
            }
            headers.append(.init("content-range", "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(all)"))
            return ServiceAnswer(206, headers: headers, body: Array(file.bytes[range]))
        }
        if let body = file.compressed, accepts(request.header("accept-encoding")) {
            // Other bytes have another tag.
            let tag = "\(file.tag.dropLast())-gzip\""
            headers += [.init("etag", tag), .init("content-encoding", "gzip")]
            return ServiceAnswer(200, headers: headers, body: body)
        }
        return ServiceAnswer(
            200, headers: headers + [.init("etag", file.tag), .init("accept-ranges", "bytes")], body: file.bytes)
    }

    private static func names(_ tag: String, in list: String) -> Bool {
        list.split(separator: ",").contains { item in
            let item = item.trimmingPrefix { $0 == " " }
            let plain = item.hasPrefix("W/") ? item.dropFirst(2) : item
            return plain == tag || plain == "\(tag.dropLast())-gzip\"" || plain == "*"
        }
    }

    /// `a-b`, `a-` or `-n`, cut to what there is; nil where nothing of it is there.
    private static func range(_ text: Substring, of count: Int) -> Range<Int>? {
        let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard ends.count == 2, text.utf8.count < 40 else { return nil }
        switch (Int(ends[0]), Int(ends[1])) {
        case (let first?, let last?) where first >= 0 && first <= last && first < count:
            return first..<min(last, count - 1) + 1
        case (let first?, nil) where ends[1].isEmpty && first >= 0 && first < count: return first..<count
        case (nil, let length?) where ends[0].isEmpty && length > 0 && count > 0:
            return max(0, count - length)..<count
        default: return nil
        }
    }

    private static func accepts(_ encodings: String?) -> Bool {
        (encodings ?? "").split(separator: ",").contains { item in
            let parts = item.split(separator: ";").map { $0.filter { $0 != " " } }
            return parts.first == "gzip" && !parts.dropFirst().contains("q=0")
        }
    }

    /// What a file is, by its name.
    private enum Kind {
        case checkpoint, hashes, entries, quoted, stampedCheckpoint, stamps, stampSizes

        /// Only names that a ledger gives its files: nothing else of the folder can be asked for.
        init?(_ path: String) {
            let bytes = Array(path.utf8)
            if bytes.elementsEqual("checkpoint".utf8) {
                self = .checkpoint
            } else if let tile = try? Tile(parsing: bytes) {
                self = if case .entries = tile.content { .entries } else { .hashes }
            } else if bytes.starts(with: "cosigned/".utf8) {
                let parts = path.split(separator: "/", omittingEmptySubsequences: false)
                guard parts.count == 3, Hash(hex: Array(parts[2].utf8)) != nil, parts[2].hasPrefix(parts[1]),
                    parts[1].utf8.count == 2
                else { return nil }
                self = .quoted
            } else if bytes.elementsEqual("timestamp/sizes".utf8) {
                self = .stampSizes
            } else if bytes.starts(with: "timestamp/".utf8) {
                let name = bytes.dropFirst(10)
                let digits = name.prefix { (0x30...0x39).contains($0) }
                guard Decimal.parse(digits, below: 1 << 53) != nil else { return nil }
                switch String(decoding: name.dropFirst(digits.count), as: UTF8.self) {
                case ".tsr": self = .stamps
                case ".checkpoint": self = .stampedCheckpoint
                default: return nil
                }
            } else {
                return nil
            }
        }

        var type: String {
            switch self {
            case .checkpoint, .quoted, .stampedCheckpoint, .stampSizes: "text/plain; charset=utf-8"
            case .hashes, .entries: "application/octet-stream"
            case .stamps: "application/timestamp-reply"
            }
        }

        var caching: String {
            switch self {
            case .checkpoint, .stampSizes: "no-cache"
            // Other authorities' time-stamps of the same checkpoint may be put behind the first.
            case .stamps, .stampedCheckpoint: "max-age=60"
            case .hashes, .entries, .quoted: "public, max-age=31536000, immutable"
            }
        }

        var isCompressible: Bool { self == .entries }

        /// The longest that it can be, in bytes.
        var limit: Int {
            switch self {
            case .hashes: Tile.fullWidth * Hash.byteCount
            case .entries: Tile.fullWidth * (2 + EntryBundle.maximumEntryByteCount)
            case .checkpoint, .quoted, .stampedCheckpoint: SignedNote.maximumByteCount
            case .stamps, .stampSizes: 1 << 24
            }
        }
    }
}
