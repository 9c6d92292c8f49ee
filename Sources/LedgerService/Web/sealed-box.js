// SPDX-License-Identifier: Apache-2.0
//
// libsodium's crypto_box_seal: a message to a public key from nobody, with XSalsa20-Poly1305 under a key that both
// ends can work out.
//
//     ephemeral public key (32) || authenticator (16) || cipher text
//     nonce = BLAKE2b-192(ephemeral public key || recipient's public key)

/** Encrypts and authenticates with a 32-byte key and a 24-byte nonce: crypto_secretbox_easy. */
function secretboxSeal(message, nonce, key) {
  const stream = xsalsa20Stream(key, nonce, 32 + message.length);
  const out = new Uint8Array(16 + message.length);
  for (let i = 0; i < message.length; i++) out[16 + i] = message[i] ^ stream[32 + i];
  out.set(new Poly1305(stream.subarray(0, 32)).update(out.subarray(16)).finish());
  stream.fill(0);
  return out;
}

/** The reverse; null if it was made with another key or changed since. */
function secretboxOpen(sealed, nonce, key) {
  if (sealed.length < 16) return null;
  const stream = xsalsa20Stream(key, nonce, 16 + sealed.length);
  const tag = new Poly1305(stream.subarray(0, 32)).update(sealed.subarray(16)).finish();
  let difference = 0;
  for (let i = 0; i < 16; i++) difference |= tag[i] ^ sealed[i];
  const message = new Uint8Array(sealed.length - 16);
  if (difference === 0) {
    for (let i = 0; i < message.length; i++) message[i] = sealed[16 + i] ^ stream[32 + i];
  }
  stream.fill(0);
  return difference === 0 ? message : null;
}

/** The key of crypto_box; null where the other end's public key is of small order. */
function boxKey(publicKey, scalar) {
  const shared = x25519(scalar, publicKey);
  if (shared.every((byte) => byte === 0)) return null;
  const key = hsalsa20(shared, new Uint8Array(16));
  shared.fill(0);
  return key;
}

/** Seals to a public key of X25519; null where nothing can be sealed to it. `scalar` is 32 fresh random bytes. */
function sealBox(message, publicKey, scalar = randomBytes(32)) {
  const ephemeral = x25519Public(scalar);
  const key = boxKey(publicKey, scalar);
  scalar.fill(0);
  if (!key) return null;
  const sealed = secretboxSeal(message, blake2b(concat(ephemeral, publicKey), 24), key);
  key.fill(0);
  return concat(ephemeral, sealed);
}

/** Opens what was sealed to a key pair; null if it was not. */
function openBox(sealed, publicKey, scalar) {
  if (sealed.length < 48) return null;
  const ephemeral = sealed.subarray(0, 32);
  const key = boxKey(ephemeral, scalar);
  if (!key) return null;
  const message = secretboxOpen(sealed.subarray(32), blake2b(concat(ephemeral, publicKey), 24), key);
  key.fill(0);
  return message;
}
