// SPDX-License-Identifier: Apache-2.0
import CQRencode
import CSodium

/// A square code (QR, ISO/IEC 18004) that a telephone reads back as text.
///
/// A quarter of it may be damaged. The modules are a secret where the text is one, and are wiped with the last use.
final class QRCode {
    /// The number of modules in a row, and of rows.
    let width: Int
    private let code: UnsafeMutablePointer<CQRencode.QRcode>

    /// The clear modules that belong around it.
    static let quietZone = 4

    /// Encodes a text without NULs; nil if it is too long for any square code.
    init?(_ text: [UInt8]) {
        var terminated: [UInt8] = []
        terminated.reserveCapacity(text.count + 1)
        terminated += text
        terminated.append(0)
        defer { sodium_memzero(&terminated, terminated.count) }
        let encoded = terminated.withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                QRcode_encodeString($0.baseAddress, 0, QR_ECLEVEL_Q, QR_MODE_8, 1)
            }
        }
        guard let encoded else { return nil }
        code = encoded
        width = Int(encoded.pointee.width)
    }

    deinit {
        sodium_memzero(code.pointee.data, width * width)
        QRcode_free(code)
    }

    /// Whether a module is dark.
    func isDark(row: Int, column: Int) -> Bool {
        code.pointee.data[row * width + column] & 1 == 1
    }

    /// The code as an SVG picture that stands within HTML, one unit a module.
    func appendSVG(to sheet: SecretText) {
        let side = width + 2 * Self.quietZone
        sheet.append(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(side) \(side)\" shape-rendering=\"crispEdges\">"
                + "<rect width=\"\(side)\" height=\"\(side)\" fill=\"#fff\"/><path fill=\"#000\" d=\"")
        for row in 0..<width {
            var column = 0
            while column < width {
                let start = column
                while column < width, isDark(row: row, column: column) { column += 1 }
                if column > start {
                    let length = column - start
                    sheet.append("M\(start + Self.quietZone) \(row + Self.quietZone)h\(length)v1h-\(length)z")
                }
                column += 1
            }
        }
        sheet.append("\"/></svg>")
    }
}
