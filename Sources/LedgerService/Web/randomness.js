// SPDX-License-Identifier: Apache-2.0
//
// Randomness, all of it from the browser's generator for cryptography.

/** Random bytes of the browser's generator. */
function randomBytes(count) {
  return crypto.getRandomValues(new Uint8Array(count));
}

/** A random whole number below `limit`, which is at most 2^32, each equally likely. */
function randomBelow(limit) {
  const top = Math.floor(2 ** 32 / limit) * limit;
  for (;;) {
    const number = new DataView(randomBytes(4).buffer).getUint32(0);
    if (number < top) return number % limit;
  }
}

/** The same in an order that says nothing, each order equally likely. */
function shuffled(list) {
  const order = list.slice();
  for (let i = order.length - 1; i > 0; i--) {
    const j = randomBelow(i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
