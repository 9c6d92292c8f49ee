// SPDX-License-Identifier: Apache-2.0
//
// A strict reader of the text of a filing or an attestation: lines of `keyword SP value` in a set order (formats.md
// sections 0, 1 and 4). The caller asks for each line in the order of its format; what is not asked for is refused.

const noteLineLimit = 1024;

class LineReader {
  /** Begins at the first line of `text`, which ends in a newline. Throws where it holds a refused code point. */
  constructor(text, format) {
    this.format = format;
    this.lines = text.slice(0, -1).split("\n");
    this.at = 0;
    if (!text.endsWith("\n")) throw new FormatError(format, "does not end in a newline");
    const refused = this.lines.findIndex(hasRefusedCodePoint);
    if (refused >= 0) throw new FormatError(format, "refused code point", refused + 1);
  }

  /** Reads the first line, the name of a format with its version. */
  header(expected) {
    const found = this.lines[0];
    if (found !== expected) {
      const name = expected.slice(0, expected.lastIndexOf("/") + 1);
      throw this.refuse(found.startsWith(name) ? "made by another version" : `want ${expected}`);
    }
    this.at += 1;
  }

  /** Reads a line `keyword SP value` if it stands next, and gives its value; otherwise null. */
  optional(keyword) {
    const line = this.lines[this.at];
    if (line === undefined || !line.startsWith(keyword + " ")) return null;
    if (line.length === keyword.length + 1) throw this.refuse(`${keyword} has no value`);
    this.at += 1;
    return line.slice(keyword.length + 1);
  }

  /** Reads one line `keyword SP value` and gives its value. */
  value(keyword) {
    const value = this.optional(keyword);
    if (value === null) throw this.refuse(`want a ${keyword} line`);
    return value;
  }

  /** Reads as many lines of one keyword as stand next, each by `read`; their number must be `least` to `most`. */
  values(keyword, least, most, read) {
    const values = [];
    for (let value = this.optional(keyword); value !== null; value = this.optional(keyword)) {
      if (values.length === most) throw this.refuse(`more than ${most} ${keyword} lines`, 1);
      values.push(read(value));
    }
    if (values.length < least) throw this.refuse(`fewer than ${least} ${keyword} lines`);
    return values;
  }

  /** Reads a whole line, whatever it is. */
  wholeLine() {
    if (this.at === this.lines.length) throw this.refuse("want an action");
    return this.lines[this.at++];
  }

  /** Throws unless every line has been read. */
  finish() {
    if (this.at < this.lines.length) throw this.refuse("unexpected line");
  }

  /** Reads the `log` line: an origin that is a key name. */
  origin() {
    const origin = this.value("log");
    if (!isKeyName(origin)) throw this.refuse("want an origin that is a key name", 1);
    return origin;
  }

  /** Reads an `after` line if one stands next: {size, hash}, the hash in base64. */
  quote() {
    const value = this.optional("after");
    if (value === null) return null;
    const [size, hash, ...more] = value.split(" ");
    const number = decimal(size);
    if (number === null || number < 1 || hash === undefined || hashOfBase64(hash) === null || more.length > 0) {
      throw this.refuse("want a size of 1 or more and a hash", 1);
    }
    return { size: BigInt(number), hash };
  }

  /** The vkey of type 0x01 that is the value of the line read last. */
  signingKey(value) {
    let key;
    try {
      key = parseVerifierKey(value);
    } catch (error) {
      throw error instanceof FormatError ? this.refuse(`vkey: ${error.reason}`, 1) : error;
    }
    if (key.type !== signatureTypes.ed25519) throw this.refuse("key is not of type 0x01", 1);
    return key;
  }

  /** The 32 bytes in base64 that are the value of the line read last. */
  hash(value) {
    const hash = hashOfBase64(value);
    if (hash === null) throw this.refuse("want 32 bytes in canonical base64", 1);
    return hash;
  }

  /** The index and leaf hash that are the value of the line read last: {index, hash}, the hash in base64. */
  reference(value) {
    const [index, hash, ...more] = value.split(" ");
    const number = decimal(index);
    if (number === null || hash === undefined || hashOfBase64(hash) === null || more.length > 0) {
      throw this.refuse("want an index and a leaf hash", 1);
    }
    return { index: BigInt(number), hash };
  }

  /** Reads one line whose value is a number below 2^53. */
  number(keyword) {
    const number = decimal(this.value(keyword));
    if (number === null) throw this.refuse(`${keyword} is not a number below 2^53`, 1);
    return number;
  }

  /** Reads a line whose value is text of at most 1,024 bytes, if it stands next; otherwise null. */
  text(keyword) {
    const value = this.optional(keyword);
    if (value !== null && utf8Length(value) > noteLineLimit) {
      throw this.refuse(`${keyword} is longer than 1,024 bytes`, 1);
    }
    return value;
  }

  /** Reads one line whose value is a word of a list. */
  word(keyword, list) {
    const word = this.value(keyword);
    if (!list.includes(word)) throw this.refuse(`unknown ${keyword}`, 1);
    return word;
  }

  /** An error at the line that is read next, or `back` lines before it. */
  refuse(reason, back = 0) {
    return new FormatError(this.format, reason, this.at + 1 - back);
  }
}
