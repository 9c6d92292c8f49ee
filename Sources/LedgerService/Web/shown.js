// SPDX-License-Identifier: Apache-2.0
//
// How words of others are shown: set apart, with whatever could be obeyed or is not seen written out, and never as
// markup.

// Controls, direction marks, line separators, and characters that take no room or cannot be seen.
const obeyed = new RegExp(
  "[\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb]" +
    "|[\\u{e0000}-\\u{e0fff}]", "gu");

// Marks that this page and the program `indelible` set where something is withheld or differs.
const ownMarks = /[\u2588\u27e6\u27e7\u27ea\u27eb]/g;

/** A character written out, such as `\u{202e}`. */
function writtenOut(character) {
  return `\\u{${character.codePointAt(0).toString(16)}}`;
}

/** A text on one line, for where there are no nodes. */
function shownText(text) {
  return text.replace(obeyed, writtenOut);
}

/** The most characters of a text that are written out in elements of their own: a browser bears no million of them. */
const mostMarks = 5000;

/** The nodes of a text in which characters are written out, each in an element of its own. */
function writtenOutNodes(text, pattern) {
  const nodes = [];
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    if (nodes.length > 2 * mostMarks) return [...nodes, text.slice(at).replace(pattern, writtenOut)];
    if (match.index > at) nodes.push(text.slice(at, match.index));
    nodes.push(element("span", { class: "mark" }, [writtenOut(match[0])]));
    at = match.index + match[0].length;
  }
  if (at < text.length) nodes.push(text.slice(at));
  return nodes;
}

/** A short text of others, such as a name, within a sentence. */
function foreignNode(text) {
  return element("bdi", { class: "foreign" }, writtenOutNodes(text, obeyed));
}

// In a long text a newline is a newline, and no text can look as if something were withheld from it.
const obeyedInLines = new RegExp(`(?!\\n)(?:${obeyed.source})|${ownMarks.source}`, "gu");

/** The nodes of a long text of others. A carriage return before a newline is how some systems end lines. */
function foreignLines(text) {
  return writtenOutNodes(text.replaceAll("\r\n", "\n"), obeyedInLines);
}

/** An element with attributes, and with strings and nodes in it. */
function element(name, attributes = {}, children = []) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(key, value);
  }
  // Not all at once: a call has no room for a hundred thousand values.
  for (const child of children) node.append(child);
  return node;
}
