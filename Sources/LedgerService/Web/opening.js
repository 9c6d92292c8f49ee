// SPDX-License-Identifier: Apache-2.0
//
// Openings: what is shown of a sealed list, with what it takes to compute the digest of the whole (formats.md section 3).
//
//     {"count": 5, "tree": [[{"seed": base64, "items": [item, item]}, {"hash": base64}], {"hash": base64}]}
//
// A node becomes {hidden: hash}, {seed, items} or {left, right}. An item becomes {kind, label, text}, {kind, label, hash}
// or a run {kind, file, from, text, bytes, lengths}, the kind being "text", "sha256" or "run".

const labelLimit = 4096;

/** Reads an opening. Throws unless it fits the shape of its count, and is canonical. */
function parseOpening(cursor) {
  const { count, tree } = cursor.object(["count", "tree"]);
  const items = count.number();
  if (items < 1 || items > sealedLimit) throw count.refuse("want 1 to 2^32 items");
  return { count: items, tree: parseNode(tree, items) };
}

function parseNode(cursor, count) {
  if (!(cursor.value instanceof Map)) return parsePair(cursor, count);
  if (cursor.value.size === 1) return { hidden: cursor.object(["hash"]).hash.hash() };
  const { seed, items } = cursor.object(["seed", "items"]);
  return { seed: seed.hash(), items: parseItems(items, count) };
}

function parsePair(cursor, count) {
  if (count === 1) throw cursor.refuse("a pair where the list has one item");
  const parts = cursor.array(2, 2);
  const half = leftCount(count);
  const left = parseNode(parts[0], half);
  const right = parseNode(parts[1], count - half);
  if (left.hidden && right.hidden) throw cursor.refuse("not canonical: a pair of two hidden parts");
  if (left.items && right.items) throw cursor.refuse("not canonical: a pair of two shown parts");
  return { left, right };
}

function parseItems(cursor, count) {
  const items = [];
  let left = count;
  for (const element of cursor.array(1, count)) {
    const item = parseItem(element);
    const last = items.at(-1);
    if (item.kind === "run" && last?.kind === "run" && last.file === item.file && runEnd(last) === item.from) {
      throw element.refuse("not canonical: two runs that could be one");
    }
    left -= itemCount(item);
    if (left < 0) throw cursor.refuse("more items than the list has here");
    items.push(item);
  }
  if (left > 0) throw cursor.refuse("fewer items than the list has here");
  return items;
}

function parseItem(cursor) {
  if (!(cursor.value instanceof Map)) throw cursor.refuse("want an item");
  if (cursor.value.size === 4) return parseRun(cursor);
  if (cursor.value.has("sha256")) {
    const { label, sha256: hash } = cursor.object(["label", "sha256"]);
    const bytes = hashOfHex(hash.text());
    if (bytes === null) throw hash.refuse("want 64 digits of lower-case hexadecimal");
    return { kind: "sha256", label: parseLabel(label), hash: bytes };
  }
  const { label, text } = cursor.object(["label", "text"]);
  return { kind: "text", label: parseLabel(label), text: text.text() };
}

function parseLabel(cursor) {
  const label = cursor.text();
  if (utf8Length(label) > labelLimit) throw cursor.refuse("label too long");
  return label;
}

function parseRun(cursor) {
  const members = cursor.object(["file", "from", "text", "lengths"]);
  const run = {
    kind: "run",
    file: members.file.number(),
    from: members.from.number(),
    text: members.text.text(),
    lengths: members.lengths.base64(),
  };
  run.bytes = utf8(run.text);
  if (run.lengths.length === 0 || run.from > 2 ** 53 - run.lengths.length) {
    throw cursor.refuse("a run without slices, or beyond 2^53");
  }
  if (!isCut(run.bytes, run.lengths)) {
    throw cursor.refuse("lengths do not cut the text into slices of whole code points");
  }
  return run;
}

/** Whether these are the lengths of slices of whole code points that make up a text. */
function isCut(bytes, lengths) {
  let end = 0;
  for (const length of lengths) {
    end += length;
    if (length === 0 || end > bytes.length || (end < bytes.length && (bytes[end] & 0xc0) === 0x80)) return false;
  }
  return end === bytes.length;
}

/** The number of items of the list that an item stands for. */
function itemCount(item) {
  return item.kind === "run" ? item.lengths.length : 1;
}

/** The number of the slice behind a run. */
function runEnd(run) {
  return run.from + run.lengths.length;
}

/** The digest of the whole list, as of a domain: the opening holds for a list if this is the list's digest. */
function openingDigest(opening, domain) {
  return sealedDigest(domain, opening.count, openingRoot(opening.tree, opening.count));
}

function openingRoot(node, count) {
  if (node.hidden) return node.hidden;
  if (node.items) {
    const leaves = leavesOf(node.items);
    return sealedRoot(count, node.seed, () => leaves.next().value);
  }
  const half = leftCount(count);
  return nodeHash(openingRoot(node.left, half), openingRoot(node.right, count - half));
}

const sliceBlock = new Uint8Array(320);

/** The SHA-256 of a slice, of 1 to 255 bytes. */
function sliceHash(bytes, start, end) {
  for (let i = start; i < end; i++) sliceBlock[i - start] = bytes[i];
  return sha256OfBlock(sliceBlock, end - start);
}

/** The bytes of an ASCII text. */
function asciiBytes(text) {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** The single items of a shown part, each run taken apart again. */
function* leavesOf(items) {
  for (const item of items) {
    if (item.kind === "run") {
      let start = 0;
      for (let i = 0; i < item.lengths.length; i++) {
        const end = start + item.lengths[i];
        const label = asciiBytes(`file/${item.file}#${item.from + i}`);
        yield { valueHash: sliceHash(item.bytes, start, end), label };
        start = end;
      }
    } else {
      yield { valueHash: item.kind === "text" ? sha256(utf8(item.text)) : item.hash, label: utf8(item.label) };
    }
  }
}

/**
 * What is shown and what is withheld, from the first item to the last: {position, item}, or {position, withheld: count}
 * for a hidden part in its place. Adjacent hidden parts are never joined.
 */
function openingParts(opening) {
  const parts = [];
  const visit = (node, position, count) => {
    if (node.hidden) {
      parts.push({ position, withheld: count });
    } else if (node.items) {
      let at = position;
      for (const item of node.items) {
        parts.push({ position: at, item });
        at += itemCount(item);
      }
    } else {
      const half = leftCount(count);
      visit(node.left, position, half);
      visit(node.right, position + half, count - half);
    }
  };
  visit(opening.tree, 0, opening.count);
  return parts;
}

/** The number of items of these parts that are withheld. */
function withheldCount(parts) {
  return parts.reduce((sum, part) => sum + (part.withheld ?? 0), 0);
}
