// SPDX-License-Identifier: Apache-2.0
//
// Long work in turns: a page that does not answer looks broken.

/** Lets the page paint and answer. */
function pause() {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
