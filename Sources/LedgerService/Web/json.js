// SPDX-License-Identifier: Apache-2.0
//
// The strict JSON that proof files are made of (formats.md section 0), and a cursor that refuses what it does not expect.
//
// It is RFC 8259 in UTF-8 without a byte order mark. Refused besides what is not JSON: a duplicate member, a lone
// surrogate, a number that is not an integer from 0 to 2^53 - 1, nesting deeper than 100, and far more values than the
// length can be worth. Objects become Maps, so that no name means anything to the language.

const jsonLimits = { bytes: 1 << 28, depth: 100 };

/** Reads one value with nothing but white space around it. Throws a FormatError in the name of `format`. */
function parseJSON(bytes, format) {
  if (bytes.length > jsonLimits.bytes) throw new FormatError(format, `longer than ${jsonLimits.bytes} bytes`);
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    throw new FormatError(format, "begins with a byte order mark");
  }
  const text = textOf(bytes);
  if (text === null) throw new FormatError(format, "not UTF-8");
  return new JSONReader(text, bytes.length, format).document();
}

const jsonEscapes = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

class JSONReader {
  constructor(text, byteCount, format) {
    this.text = text;
    this.format = format;
    this.at = 0;
    this.depth = 0;
    this.left = 1_000_000 + Math.floor(byteCount / 16);
  }

  document() {
    const value = this.value();
    this.skipSpace();
    if (this.at < this.text.length) throw this.refuse("something follows the value");
    return value;
  }

  value() {
    this.skipSpace();
    if (this.left-- === 0) throw this.refuse("too many values for its length");
    const next = this.text[this.at];
    switch (next) {
      case "{": return this.object();
      case "[": return this.array();
      case '"': return this.string();
      case "t": return this.literal("true", true);
      case "f": return this.literal("false", false);
      case "n": return this.literal("null", null);
      case undefined: throw this.refuse("ends where a value should be");
      default:
        if (next === "-" || (next >= "0" && next <= "9")) return this.number();
        throw this.refuse("want a value");
    }
  }

  object() {
    this.descend();
    const members = new Map();
    if (!this.skip("}")) {
      do {
        this.skipSpace();
        if (this.text[this.at] !== '"') throw this.refuse("want the name of a member");
        const name = this.string();
        if (members.has(name)) throw this.refuse("duplicate member");
        if (!this.skip(":")) throw this.refuse("want a colon");
        members.set(name, this.value());
      } while (this.skip(","));
      if (!this.skip("}")) throw this.refuse("want a comma or the end of an object");
    }
    this.depth -= 1;
    return members;
  }

  array() {
    this.descend();
    const elements = [];
    if (!this.skip("]")) {
      do elements.push(this.value());
      while (this.skip(","));
      if (!this.skip("]")) throw this.refuse("want a comma or the end of an array");
    }
    this.depth -= 1;
    return elements;
  }

  descend() {
    if (this.depth === jsonLimits.depth) throw this.refuse(`nested deeper than ${jsonLimits.depth}`);
    this.depth += 1;
    this.at += 1;
  }

  string() {
    const parts = [];
    let start = ++this.at;
    for (;;) {
      const unit = this.text.charCodeAt(this.at);
      if (unit === 0x22) {
        parts.push(this.text.slice(start, this.at++));
        return parts.length === 1 ? parts[0] : parts.join("");
      }
      if (unit === 0x5c) {
        parts.push(this.text.slice(start, this.at), this.escape());
        start = this.at;
      } else if (unit < 0x20) {
        throw this.refuse("control character in a string");
      } else if (Number.isNaN(unit)) {
        throw this.refuse("ends inside a string");
      } else {
        this.at += 1;
      }
    }
  }

  escape() {
    const letter = this.text[this.at + 1];
    if (letter === "u") return this.escapedCodePoint();
    if (letter === undefined || !Object.hasOwn(jsonEscapes, letter)) throw this.refuse("unknown escape");
    this.at += 2;
    return jsonEscapes[letter];
  }

  /** The code point of `\uXXXX`, or of a surrogate pair `\uXXXX\uXXXX`. */
  escapedCodePoint() {
    const high = this.hexadecimal();
    if (high < 0xd800 || high > 0xdfff) return String.fromCharCode(high);
    if (high < 0xdc00 && this.text.startsWith("\\u", this.at)) {
      const low = this.hexadecimal();
      if (low >= 0xdc00 && low <= 0xdfff) return String.fromCharCode(high, low);
    }
    throw this.refuse("lone surrogate");
  }

  hexadecimal() {
    const digits = this.text.slice(this.at + 2, this.at + 6);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw this.refuse("want four hexadecimal digits");
    this.at += 6;
    return parseInt(digits, 16);
  }

  number() {
    const start = this.at;
    while (/[0-9.+\-eE]/.test(this.text[this.at] ?? "")) this.at += 1;
    const value = decimal(this.text.slice(start, this.at));
    if (value === null) throw this.refuse("want an integer from 0 to 2^53 - 1");
    return value;
  }

  literal(word, value) {
    if (!this.text.startsWith(word, this.at)) throw this.refuse("want a value");
    this.at += word.length;
    return value;
  }

  /** Steps over white space and then `character`, if it is there. */
  skip(character) {
    this.skipSpace();
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  skipSpace() {
    for (;;) {
      const unit = this.text.charCodeAt(this.at);
      if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return;
      this.at += 1;
    }
  }

  refuse(reason) {
    const before = this.text.slice(0, this.at);
    return new FormatError(this.format, `byte ${utf8Length(before)}: ${reason}`, before.split("\n").length);
  }
}

/** A JSON value with its place in the text: every refusal names the place, as in `exhibit.tree[0][1].items[3]`. */
class JSONCursor {
  constructor(value, format, place = null, key = null) {
    this.value = value;
    this.format = format;
    this.outer = place;
    this.key = key;
  }

  get place() {
    if (this.outer === null) return "";
    const outer = this.outer.place;
    return typeof this.key === "number" ? `${outer}[${this.key}]` : outer === "" ? this.key : `${outer}.${this.key}`;
  }

  refuse(reason) {
    const place = this.place;
    return new FormatError(this.format, place === "" ? reason : `${place}: ${reason}`);
  }

  text() {
    if (typeof this.value !== "string") throw this.refuse("want a string");
    return this.value;
  }

  base64() {
    const bytes = bytesOfBase64(this.text());
    if (bytes === null) throw this.refuse("base64 is not canonical");
    return bytes;
  }

  hash() {
    const bytes = hashOfBase64(this.text());
    if (bytes === null) throw this.refuse("want 32 bytes in base64");
    return bytes;
  }

  number() {
    if (typeof this.value !== "number") throw this.refuse("want a number");
    return this.value;
  }

  array(least = 0, most = Infinity) {
    if (!Array.isArray(this.value)) throw this.refuse("want an array");
    const count = this.value.length;
    if (count < least || count > most) throw this.refuse(`an array of ${count} elements`);
    return this.value.map((element, i) => new JSONCursor(element, this.format, this, i));
  }

  /** The members of an object that has each of `required`, any of `optional` and no others, by name. */
  object(required, optional = []) {
    if (!(this.value instanceof Map)) throw this.refuse("want an object");
    for (const name of this.value.keys()) {
      if (!required.includes(name) && !optional.includes(name)) {
        // A name is repeated only where it is short and plain.
        throw this.refuse(/^[\x21-\x7e]{1,40}$/.test(name) ? `unknown member ${name}` : "unknown member");
      }
    }
    for (const name of required) if (!this.value.has(name)) throw this.refuse(`no member ${name}`);
    const cursors = {};
    for (const [name, value] of this.value) cursors[name] = new JSONCursor(value, this.format, this, name);
    return cursors;
  }
}
