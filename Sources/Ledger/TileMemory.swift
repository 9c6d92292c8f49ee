// SPDX-License-Identifier: Apache-2.0
import Synchronization
import TransparencyLog

/// Tiles and bundles that a reader keeps in memory, for when many proofs are made one after the other.
///
/// They never change under their names, partial ones included. Of hash tiles, the hashes above their own are kept too: 16
/// kB each, and a bundle some ten times that. What was kept longest goes first.
public final class TileMemory: Sendable {
    private let tiles: Mutex<BoundedMemory<Tile, TileData>>
    private let bundles: Mutex<BoundedMemory<Tile, EntryBundle>>

    /// Keeps so many hash tiles, and so many bundles.
    public init(tiles: Int = 512, bundles: Int = 64) {
        self.tiles = Mutex(BoundedMemory(capacity: tiles))
        self.bundles = Mutex(BoundedMemory(capacity: bundles))
    }

    func data(of tile: Tile) -> TileData? { tiles.withLock { $0[tile] } }

    /// Keeps a tile, and gives it with the hashes above its own.
    func keep(_ data: TileData, of tile: Tile) -> TileData {
        let whole = data.withInterior()
        tiles.withLock { $0.keep(whole, for: tile) }
        return whole
    }

    func bundle(_ tile: Tile) -> EntryBundle? { bundles.withLock { $0[tile] } }

    func keep(_ bundle: EntryBundle, of tile: Tile) {
        bundles.withLock { $0.keep(bundle, for: tile) }
    }
}
