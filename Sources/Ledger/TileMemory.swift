// SPDX-License-Identifier: Apache-2.0
import Synchronization
import TransparencyLog

/// Tiles and bundles that a reader keeps in memory, for when many proofs are made one after the other.
///
/// They never change under their names, partial ones included. Of hash tiles, the hashes above their own are kept too: 16
/// kB each, and a bundle some ten times that. What was kept longest goes first.
public final class TileMemory: Sendable {
    private struct Kept<Value> {
        let capacity: Int
        var values: [Tile: Value] = [:]
        var order: [Tile] = []
        var first = 0

        mutating func keep(_ value: Value, _ tile: Tile) {
            guard values.updateValue(value, forKey: tile) == nil else { return }
            order.append(tile)
            guard values.count > capacity else { return }
            values[order[first]] = nil
            first += 1
            if first > 2 * capacity {
                order.removeFirst(first)
                first = 0
            }
        }
    }

    private let tiles: Mutex<Kept<TileData>>
    private let bundles: Mutex<Kept<EntryBundle>>

    /// Keeps so many hash tiles, and so many bundles.
    public init(tiles: Int = 512, bundles: Int = 64) {
        self.tiles = Mutex(Kept(capacity: tiles))
        self.bundles = Mutex(Kept(capacity: bundles))
    }

    func data(of tile: Tile) -> TileData? { tiles.withLock { $0.values[tile] } }

    /// Keeps a tile, and gives it with the hashes above its own.
    func keep(_ data: TileData, of tile: Tile) -> TileData {
        let whole = data.withInterior()
        tiles.withLock { $0.keep(whole, tile) }
        return whole
    }

    func bundle(_ tile: Tile) -> EntryBundle? { bundles.withLock { $0.values[tile] } }

    func keep(_ bundle: EntryBundle, of tile: Tile) {
        bundles.withLock { $0.keep(bundle, tile) }
    }
}
