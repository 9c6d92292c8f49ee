// SPDX-License-Identifier: Apache-2.0
import Synchronization
import TransparencyLog

/// Tiles and bundles that a reader keeps in memory, for when many proofs are made one after the other.
///
/// They never change under their names, partial ones included. Of hash tiles, the hashes above their own are kept too: 16
/// kB each, and a bundle some ten times that. What was kept longest goes first. What many ask for at once is read once:
/// those who wait for one batch of a log all ask for the same.
public final class TileMemory: Sendable {
    private let tiles: Shelf<TileData>
    private let bundles: Shelf<EntryBundle>

    /// Keeps so many hash tiles, and so many bundles.
    public init(tiles: Int = 512, bundles: Int = 64) {
        self.tiles = Shelf(capacity: tiles)
        self.bundles = Shelf(capacity: bundles)
    }

    /// A tile with the hashes above its own: as it was kept, or as `read` gives it.
    func data(
        of tile: Tile, reading read: @escaping @Sendable () async throws -> TileData
    ) async throws -> TileData {
        try await tiles.value(of: tile) { try await read().withInterior() }
    }

    /// A bundle, as it was kept or as `read` gives it.
    func bundle(
        _ tile: Tile, reading read: @escaping @Sendable () async throws -> EntryBundle
    ) async throws -> EntryBundle {
        try await bundles.value(of: tile, reading: read)
    }
}

/// What was read, and what is being read.
private final class Shelf<Value: Sendable>: Sendable {
    private enum Place {
        case kept(Value)
        case coming(Task<Value, any Error>)
    }

    private struct State {
        var kept: BoundedMemory<Tile, Value>
        var coming: [Tile: Task<Value, any Error>] = [:]
    }

    private let state: Mutex<State>

    init(capacity: Int) {
        state = Mutex(State(kept: BoundedMemory(capacity: capacity)))
    }

    /// A read that fails is told to all who wait for it, and tried again by the next.
    func value(of tile: Tile, reading read: @escaping @Sendable () async throws -> Value) async throws -> Value {
        switch place(of: tile, reading: read) {
        case .kept(let value): value
        // A task of its own: whoever came first may be cancelled, and the others not.
        case .coming(let task): try await task.value
        }
    }

    private func place(of tile: Tile, reading read: @escaping @Sendable () async throws -> Value) -> Place {
        state.withLock { state in
            if let value = state.kept[tile] { return .kept(value) }
            if let task = state.coming[tile] { return .coming(task) }
            let task = Task {
                do {
                    let value = try await read()
                    took(value, of: tile)
                    return value
                } catch {
                    took(nil, of: tile)
                    throw error
                }
            }
            state.coming[tile] = task
            return .coming(task)
        }
    }

    private func took(_ value: Value?, of tile: Tile) {
        state.withLock { state in
            state.coming[tile] = nil
            if let value { state.kept.keep(value, for: tile) }
        }
    }
}
