// SPDX-License-Identifier: Apache-2.0
import SystemPackage

/// A file that is open until nobody holds this any more.
final class OpenFile: Sendable {
    let descriptor: FileDescriptor

    init(_ descriptor: FileDescriptor) { self.descriptor = descriptor }

    deinit { try? descriptor.close() }
}
