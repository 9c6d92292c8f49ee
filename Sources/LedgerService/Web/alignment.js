// SPDX-License-Identifier: Apache-2.0
//
// Which words of one text are those of another: longest runs that both have once come first, what lies between them is
// aligned in its turn, and short stretches are aligned exactly. A copy that lost its line breaks, or half its paragraphs,
// is aligned all the same.

/** The number of words that a run must have to be looked for, the longest first. */
const anchorLengths = [12, 6, 3, 1];

/** The most pairs of words of a stretch that is aligned exactly. */
const exactLimit = 1 << 20;

/** For each word of `left`, the place of the word of `right` that it is, or -1; places ascend. Words are numbers. */
function alignWords(left, right) {
  const matches = new Int32Array(left.length).fill(-1);
  const stretches = [[0, left.length, 0, right.length]];
  while (stretches.length > 0) {
    let [from, to, start, end] = stretches.pop();
    while (from < to && start < end && left[from] === right[start]) matches[from++] = start++;
    while (from < to && start < end && left[to - 1] === right[end - 1]) matches[--to] = --end;
    if (from === to || start === end) continue;
    const anchors = findAnchors(left, from, to, right, start, end);
    if (anchors.length === 0) {
      if ((to - from) * (end - start) <= exactLimit) alignExactly(left, from, to, right, start, end, matches);
      continue;
    }
    let [lastLeft, lastRight] = [from, start];
    for (const [one, other] of [...anchors, [to, end]]) {
      if (one < lastLeft || other < lastRight) continue;
      stretches.push([lastLeft, one, lastRight, other]);
      [lastLeft, lastRight] = [one, other];
      while (lastLeft < to && lastRight < end && left[lastLeft] === right[lastRight]) {
        matches[lastLeft++] = lastRight++;
      }
    }
  }
  return matches;
}

/** Where runs begin that stand once in either stretch, in an order that both keep: [place, place], ascending. */
function findAnchors(left, from, to, right, start, end) {
  for (const length of anchorLengths) {
    const leftRuns = singleRuns(left, from, to, length);
    const rightRuns = singleRuns(right, start, end, length);
    const pairs = [];
    for (const [run, place] of leftRuns) {
      const other = rightRuns.get(run);
      if (place >= 0 && other >= 0) pairs.push([place, other]);
    }
    if (pairs.length > 0) return longestAscending(pairs.sort(([a], [b]) => a - b));
  }
  return [];
}

/** The place of each run of so many words that stands once in a stretch; -1 for those that stand there more often. */
function singleRuns(words, from, to, length) {
  const runs = new Map();
  for (let i = from; i + length <= to; i++) {
    const run = length === 1 ? words[i] : words.subarray(i, i + length).join();
    runs.set(run, runs.has(run) ? -1 : i);
  }
  return runs;
}

/** The longest choice of pairs whose second places ascend; the first ones do. */
function longestAscending(pairs) {
  const tails = [];
  const before = new Int32Array(pairs.length);
  pairs.forEach(([, place], i) => {
    let [low, high] = [0, tails.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (pairs[tails[middle]][1] < place) low = middle + 1;
      else high = middle;
    }
    before[i] = low > 0 ? tails[low - 1] : -1;
    tails[low] = i;
  });
  const chosen = [];
  for (let i = tails.at(-1) ?? -1; i >= 0; i = before[i]) chosen.push(pairs[i]);
  return chosen.reverse();
}

/** The longest common subsequence of two short stretches. */
function alignExactly(left, from, to, right, start, end, matches) {
  const [rows, columns] = [to - from, end - start];
  const lengths = new Uint32Array((rows + 1) * (columns + 1));
  const at = (row, column) => row * (columns + 1) + column;
  for (let row = rows - 1; row >= 0; row--) {
    for (let column = columns - 1; column >= 0; column--) {
      lengths[at(row, column)] = left[from + row] === right[start + column]
        ? lengths[at(row + 1, column + 1)] + 1
        : Math.max(lengths[at(row + 1, column)], lengths[at(row, column + 1)]);
    }
  }
  let [row, column] = [0, 0];
  while (row < rows && column < columns) {
    if (left[from + row] === right[start + column]) matches[from + row++] = start + column++;
    else if (lengths[at(row + 1, column)] >= lengths[at(row, column + 1)]) row += 1;
    else column += 1;
  }
}
