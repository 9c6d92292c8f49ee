// SPDX-License-Identifier: Apache-2.0
//
// Seals a list: its digest, and the canonical opening that shows some of its items (formats.md section 3).
//
//     items: one after the other {valueHash, label, shown}, `shown` the JSON of the item where it is to be shown
//
// It takes items as they come, so that a list of millions needs no more memory than its source, and gives the page a
// turn now and then.

const sealingTurn = 4096;

/** Seals `count` items from an iterator under a seed: {digest, opening}. `progress` is told the items done so far, and of how many. */
async function sealList(domain, count, seed, items, progress = () => {}) {
  if (count < 1 || count > sealedLimit) throw new FormatError(domain, "want 1 to 2^32 items");
  let done = 0;
  const part = async (size, partSeed) => {
    if (size <= sealingTurn) {
      const node = sealPart(size, partSeed, items);
      done += size;
      progress(done, count);
      if (count > sealingTurn) await pause();
      return node;
    }
    const [left, right] = childSeeds(partSeed);
    const half = leftCount(size);
    return joinParts(partSeed, await part(half, left), await part(size - half, right));
  };
  const node = await part(count, seed);
  return { digest: sealedDigest(domain, count, node.hash), opening: { count, tree: partJSON(node) } };
}

function sealPart(size, seed, items) {
  if (size === 1) {
    const { valueHash, label, shown } = items.next().value;
    return { hash: sealedLeaf(seed, valueHash, label), seed, items: shown ? [shown] : null, pair: null };
  }
  const [left, right] = childSeeds(seed);
  const half = leftCount(size);
  return joinParts(seed, sealPart(half, left, items), sealPart(size - half, right, items));
}

/** A part is hidden, shown whole (`items`), or has both in it (`pair`). */
function joinParts(seed, left, right) {
  const hash = nodeHash(left.hash, right.hash);
  const isShown = left.items !== null && right.items !== null;
  const isHidden = [left, right].every((part) => part.items === null && part.pair === null);
  return {
    hash, seed, items: isShown ? left.items.concat(right.items) : null,
    pair: isShown || isHidden ? null : [partJSON(left), partJSON(right)],
  };
}

function partJSON(part) {
  if (part.items !== null) return { seed: base64Of(part.seed), items: part.items };
  return part.pair ?? { hash: base64Of(part.hash) };
}
