// SPDX-License-Identifier: Apache-2.0
//
// Makes the proof that a tree of a log begins with an earlier one, from the log's tiles (RFC 6962 section 2.1.2, C2SP
// tlog-tiles): it ties the checkpoint that a filing quotes to the tree in which the filing stands.
//
// Sizes are numbers: a log of 2^53 entries has yet to be.

/** The path of a tile of hashes, of which there are `width`. */
function tilePath(level, number, width) {
  return `${numberedPath(`tile/${level}`, number)}${width < 256 ? `.p/${width}` : ""}`;
}

/** Hashes of the tree of `size` leaves, out of the log's tiles. */
class TreeHashes {
  constructor(size) {
    this.size = size;
    this.tiles = new Map();
  }

  /** The hashes of one tile, each 32 bytes. */
  async tile(level, number) {
    const name = `${level}/${number}`;
    if (!this.tiles.has(name)) {
      const width = Math.min(256, Math.floor(this.size / 256 ** level) - 256 * number);
      let answer = await askLog(tilePath(level, number, width));
      // A tile that has become full since may be there as such alone.
      if (answer.status === 404) answer = await askLog(tilePath(level, number, 256));
      if (answer.status !== 200 || answer.bytes.length < 32 * width) throw new LogRefusal(answer.status, "");
      this.tiles.set(name, answer.bytes);
    }
    return this.tiles.get(name);
  }

  /** The root over the leaves from `start` to `end`, which must be a part of the tree as RFC 6962 divides it. */
  async root(start, end) {
    const count = end - start;
    if (Number.isInteger(Math.log2(count))) {
      const level = Math.floor(Math.log2(count) / 8);
      const step = 256 ** level;
      const bytes = await this.tile(level, Math.floor(start / step / 256));
      const first = (start / step) % 256;
      let hashes = Array.from({ length: count / step }, (_, i) => bytes.subarray(32 * (first + i), 32 * (first + i + 1)));
      while (hashes.length > 1) hashes = hashes.flatMap((hash, i) => (i % 2 ? [nodeHash(hashes[i - 1], hash)] : []));
      return hashes[0];
    }
    const half = leftCount(count);
    return nodeHash(await this.root(start, start + half), await this.root(start + half, end));
  }

  /** The proof that the tree begins with its first `older` leaves. */
  async consistency(older) {
    const path = [];
    const prove = async (start, end, rest, isWhole) => {
      if (rest === end - start) {
        if (!isWhole) path.push(await this.root(start, end));
        return;
      }
      const half = leftCount(end - start);
      if (rest <= half) {
        await prove(start, start + half, rest, isWhole);
        path.push(await this.root(start + half, end));
      } else {
        await prove(start + half, end, rest - half, false);
        path.push(await this.root(start, start + half));
      }
    };
    await prove(0, this.size, older, true);
    return path;
  }
}

/**
 * What a proof file carries of a quoted checkpoint: {checkpoint, consistency}, tied to the checkpoint of the answer; null
 * where the log does not give what it takes. A proof without it shows less, and can be renewed.
 */
async function quotedCheckpoint(quoted, newest) {
  try {
    const path = await new TreeHashes(Number(newest.size)).consistency(Number(quoted.size));
    checkConsistency(quoted, newest, path);
    return { checkpoint: quoted.note.whole, consistency: path.map(base64Of) };
  } catch {
    return null;
  }
}
