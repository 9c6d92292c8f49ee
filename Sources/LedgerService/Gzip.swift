// SPDX-License-Identifier: Apache-2.0
import CZlib

/// The gzip form of bytes (RFC 1952), for those who accept it.
enum Gzip {
    /// Compresses; nil where that does not make it shorter.
    static func compressed(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.count > 256, let length = UInt32(exactly: bytes.count) else { return nil }
        var stream = z_stream()
        // 15 bits of window, and 16 for gzip's own head and tail.
        guard
            deflateInit2_(
                &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
                Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else { return nil }
        defer { deflateEnd(&stream) }
        var input = bytes
        return input.withUnsafeMutableBufferPointer { input in
            let output = [UInt8](unsafeUninitializedCapacity: bytes.count) { output, count in
                stream.next_in = input.baseAddress
                stream.avail_in = length
                stream.next_out = output.baseAddress
                stream.avail_out = length
                count = deflate(&stream, Z_FINISH) == Z_STREAM_END ? bytes.count - Int(stream.avail_out) : 0
            }
            return output.isEmpty ? nil : output
        }
    }
}
