// SPDX-License-Identifier: Apache-2.0
//
// libsodium's crypto_secretstream_xchacha20poly1305: the body of a private file (formats section 6).
//
//     24-byte header, then chunks: 1 byte (the tag, encrypted) || cipher text || 16-byte authenticator
//
// Chunks cannot be left out, repeated, reordered or cut off at the end unnoticed.

const secretStreamFinal = 3;

/** One end of a stream; the writer's and the reader's keep the same state. */
class SecretStream {
  /** Starts with a 32-byte key and the header. */
  constructor(key, header) {
    this.key = hchacha20(key, header.subarray(0, 16));
    // The counter, 1 at first, and the inner nonce.
    this.nonce = new Uint8Array(12);
    this.nonce[0] = 1;
    this.nonce.set(header.subarray(16, 24), 4);
  }

  authenticator(tagBlock, cipher) {
    const oneTime = new Uint8Array(64);
    chacha20Xor(oneTime, this.key, this.nonce, 0);
    const mac = new Poly1305(oneTime.subarray(0, 32));
    oneTime.fill(0);
    mac.update(tagBlock).update(cipher);
    // libsodium pads by the remainder itself and not by what is wanting to 16; every file that there is has it so.
    mac.update(new Uint8Array(cipher.length & 15));
    const lengths = new Uint8Array(16);
    new DataView(lengths.buffer).setUint32(8, 64 + cipher.length, true);
    return mac.update(lengths).finish();
  }

  /** After each chunk. Only the last one's tag asks for more, and nothing follows it. */
  step(mac) {
    for (let i = 0; i < 8; i++) this.nonce[4 + i] ^= mac[i];
    for (let i = 0, carry = 1; i < 4; i++) {
      carry += this.nonce[i];
      this.nonce[i] = carry & 255;
      carry >>= 8;
    }
  }

  /** Encrypts the next chunk. */
  seal(plain, isLast) {
    const tagBlock = new Uint8Array(64);
    tagBlock[0] = isLast ? secretStreamFinal : 0;
    chacha20Xor(tagBlock, this.key, this.nonce, 1);
    const out = new Uint8Array(plain.length + 17);
    const cipher = out.subarray(1, 1 + plain.length);
    cipher.set(plain);
    chacha20Xor(cipher, this.key, this.nonce, 2);
    out[0] = tagBlock[0];
    const mac = this.authenticator(tagBlock, cipher);
    out.set(mac, 1 + plain.length);
    this.step(mac);
    if (isLast) this.erase();
    return out;
  }

  /** Decrypts the next chunk: {plain, isLast}; null if it is not the one that was written there. */
  open(sealed) {
    if (sealed.length < 17) return null;
    const tagBlock = new Uint8Array(64);
    tagBlock[0] = sealed[0];
    chacha20Xor(tagBlock, this.key, this.nonce, 1);
    const tag = tagBlock[0];
    tagBlock[0] = sealed[0];
    const cipher = sealed.subarray(1, sealed.length - 16);
    const mac = this.authenticator(tagBlock, cipher);
    let difference = 0;
    for (let i = 0; i < 16; i++) difference |= mac[i] ^ sealed[sealed.length - 16 + i];
    if (difference !== 0 || (tag !== 0 && tag !== secretStreamFinal)) return null;
    const plain = new Uint8Array(cipher);
    chacha20Xor(plain, this.key, this.nonce, 2);
    this.step(mac);
    return { plain, isLast: tag === secretStreamFinal };
  }

  /** Forgets the key. */
  erase() {
    this.key.fill(0);
    this.nonce.fill(0);
  }
}
