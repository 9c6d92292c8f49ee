// SPDX-License-Identifier: Apache-2.0
//
// Private files and drafts, always encrypted (formats.md section 6).
//
//     indelible-private/v1
//     <base64 crypto_box_seal of a 32-byte key>        one line a recipient, in random order
//     (an empty line)
//     crypto_secretstream_xchacha20poly1305: 24-byte header, then chunks of at most 65,536 bytes plus 17
//
// The plain text is the length of the JSON, the JSON, the carried files, and zero bytes up to a multiple of 4,096.

const privateFormat = "indelible-private/v1";
const privateChunk = 65536;
const privatePadding = 4096;
const privateRecipients = 64;

/**
 * Encrypts to vkeys, parsed: a Blob. `carried` are File objects, in the order of the JSON.
 *
 * Throws where a recipient's key cannot be encrypted to, or a file has another size than when it was read.
 */
async function sealPrivateFile(json, recipients, carried, progress = () => {}) {
  const contentKey = randomBytes(32);
  const lines = shuffled(recipients.slice(0, privateRecipients)).map((recipient) => {
    const curveKey = ed25519ToCurve25519(recipient.key);
    const box = curveKey && sealBox(contentKey, curveKey);
    if (!box) throw new FormatError("vkey", "nothing can be encrypted to it");
    return base64Of(box) + "\n";
  });
  const header = randomBytes(24);
  const body = new PrivateBody(new SecretStream(contentKey, header), progress);
  contentKey.fill(0);
  body.parts.push(utf8(`${privateFormat}\n${lines.join("")}\n`), header);
  const text = utf8(json);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, text.length);
  await body.put(length);
  await body.put(text);
  text.fill(0);
  for (const file of carried) {
    for (let at = 0; at < file.size; at += 1 << 20) {
      await body.put(new Uint8Array(await file.slice(at, at + (1 << 20)).arrayBuffer()));
    }
  }
  return body.finish();
}

/** The body as it is written: plain bytes in, full chunks out. */
class PrivateBody {
  constructor(stream, progress) {
    this.stream = stream;
    this.progress = progress;
    this.parts = [];
    this.chunk = new Uint8Array(privateChunk);
    this.filled = 0;
    this.total = 0;
  }

  async put(bytes) {
    this.total += bytes.length;
    for (let at = 0; at < bytes.length;) {
      // A full chunk is held back until more comes: the last one bears another tag.
      if (this.filled === privateChunk) {
        this.parts.push(this.stream.seal(this.chunk, false));
        this.filled = 0;
        if (this.parts.length % 64 === 0) {
          // The browser may put what is done so far on its disk, encrypted as it is.
          this.parts = [new Blob(this.parts)];
          this.progress(this.total);
          await pause();
        }
      }
      const part = bytes.subarray(at, at + privateChunk - this.filled);
      this.chunk.set(part, this.filled);
      this.filled += part.length;
      at += part.length;
    }
  }

  async finish() {
    await this.put(new Uint8Array((privatePadding - this.total % privatePadding) % privatePadding));
    this.parts.push(this.stream.seal(this.chunk.subarray(0, this.filled), true));
    this.chunk.fill(0);
    return new Blob(this.parts, { type: "application/octet-stream" });
  }
}
