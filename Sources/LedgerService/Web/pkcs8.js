// SPDX-License-Identifier: Apache-2.0
//
// A private key at rest: PEM of an Ed25519 key in PKCS#8 (RFC 5958, RFC 8410), encrypted by PBES2 (RFC 8018) with
// scrypt (RFC 7914) and AES-256-CBC, with a line in front that names it. The command reads it, and `openssl pkey`.
//
//     indelible private key of registrar+5fd52a6f+ASNyVXkh...
//     -----BEGIN ENCRYPTED PRIVATE KEY-----
//     ...
//     -----END ENCRYPTED PRIVATE KEY-----
//
// It is written with the numbers that the command writes. Read are scrypt up to 64 MiB and PBKDF2 with SHA-256, with
// AES-128 or AES-256 in CBC mode.

const keyFileFirstWords = "indelible private key of ";
const keyFileScrypt = { n: 16384, r: 8, p: 5 };
const keyFileMaximum = 65536;

const oidEd25519 = "2b6570";
const oidPBES2 = "2a864886f70d01050d";
const oidPBKDF2 = "2a864886f70d01050c";
const oidScrypt = "2b06010401da47040b";
const oidHMACSHA256 = "2a864886f70d0209";
const oidAES256CBC = "60864801650304012a";
const oidAES128CBC = "608648016503040102";

/** One DER element around its contents. */
function derElement(tag, ...parts) {
  const contents = concat(...parts);
  const { length } = contents;
  const head = length < 128 ? [tag, length]
    : length < 256 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 255];
  return concat(Uint8Array.from(head), contents);
}

function derObjectIdentifier(hexDigits) {
  return derElement(6, bytesOfHex(hexDigits));
}

/** A number, not negative, below 2^31. */
function derInteger(number) {
  const bytes = [];
  for (let rest = number; bytes.length === 0 || rest > 0 || bytes[0] > 127; rest = Math.floor(rest / 256)) {
    bytes.unshift(rest & 255);
  }
  return derElement(2, Uint8Array.from(bytes));
}

/** Reads DER elements one after the other. Throws where the bytes are no DER of these short forms. */
class DERReader {
  constructor(bytes) {
    this.rest = bytes;
  }

  get isAtEnd() {
    return this.rest.length === 0;
  }

  peek() {
    return this.rest[0];
  }

  /** The contents of the next element, which must have this tag. */
  take(tag) {
    const bytes = this.rest;
    let length = bytes[1], start = 2;
    if (length === 0x81) [length, start] = [bytes[2], 3];
    else if (length === 0x82) [length, start] = [(bytes[2] << 8) | bytes[3], 4];
    else if (length > 127) throw new KeyFileError("form");
    if (bytes[0] !== tag || length === undefined || start + length > bytes.length) throw new KeyFileError("form");
    this.rest = bytes.subarray(start + length);
    return bytes.subarray(start, start + length);
  }

  sequence() {
    return new DERReader(this.take(0x30));
  }

  objectIdentifier() {
    return hexOf(this.take(6));
  }

  number() {
    const bytes = this.take(2);
    if (bytes.length === 0 || bytes.length > 5 || bytes[0] > 127) throw new KeyFileError("form");
    return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  }
}

/** Why a key file is not opened: "form", "algorithm", "passphrase", "notEd25519" or "anotherKey". */
class KeyFileError extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

/** PKCS#8 of a seed, not encrypted. */
function pkcs8OfSeed(seed) {
  return derElement(0x30, derInteger(0), derElement(0x30, derObjectIdentifier(oidEd25519)),
    derElement(4, derElement(4, seed)));
}

/** The seed in PKCS#8 that is not encrypted. */
function seedOfPKCS8(bytes) {
  const key = new DERReader(bytes).sequence();
  key.number();
  if (key.sequence().objectIdentifier() !== oidEd25519) throw new KeyFileError("notEd25519");
  const seed = new DERReader(key.take(4)).take(4);
  if (seed.length !== 32) throw new KeyFileError("notEd25519");
  return new Uint8Array(seed);
}

/** A key file of a seed under a passphrase, both bytes. `vkey` is the text that names it. */
async function sealKeyFile(seed, vkey, passphrase) {
  const salt = randomBytes(16), iv = randomBytes(16);
  const { n, r, p } = keyFileScrypt;
  const raw = await scrypt(passphrase, salt, n, r, p, 32);
  const key = await crypto.subtle.importKey("raw", raw, "AES-CBC", false, ["encrypt"]);
  raw.fill(0);
  const plain = pkcs8OfSeed(seed);
  const cipher = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-CBC", iv }, key, plain));
  plain.fill(0);
  const derivation = derElement(0x30, derObjectIdentifier(oidScrypt),
    derElement(0x30, derElement(4, salt), derInteger(n), derInteger(r), derInteger(p)));
  const encryption = derElement(0x30, derObjectIdentifier(oidAES256CBC), derElement(4, iv));
  const scheme = derElement(0x30, derObjectIdentifier(oidPBES2), derElement(0x30, derivation, encryption));
  const body = base64Of(derElement(0x30, scheme, derElement(4, cipher))).replace(/.{64}(?=.)/g, "$&\n");
  return `${keyFileFirstWords}${vkey}\n-----BEGIN ENCRYPTED PRIVATE KEY-----\n${body}\n`
    + "-----END ENCRYPTED PRIVATE KEY-----\n";
}

/** The vkey that a key file says it holds, without opening it. */
function vkeyOfKeyFile(text) {
  const end = text.indexOf("\n");
  if (text.length > keyFileMaximum || !text.startsWith(keyFileFirstWords) || end < 0) {
    throw new KeyFileError("form");
  }
  return text.slice(keyFileFirstWords.length, end).replace(/\r$/, "");
}

/** The seed in a key file. */
async function openKeyFile(text, passphrase) {
  const match = /-----BEGIN ENCRYPTED PRIVATE KEY-----([\sA-Za-z0-9+/=]+)-----END ENCRYPTED PRIVATE KEY-----/.exec(text);
  const der = match && bytesOfBase64(match[1].replace(/\s+/g, ""));
  if (!der) throw new KeyFileError("form");
  const whole = new DERReader(der).sequence();
  const scheme = whole.sequence();
  if (scheme.objectIdentifier() !== oidPBES2) throw new KeyFileError("algorithm");
  const parameters = scheme.sequence();
  const derive = keyDerivation(parameters.sequence());
  const encryption = parameters.sequence();
  const cipher = encryption.objectIdentifier();
  const length = { [oidAES256CBC]: 32, [oidAES128CBC]: 16 }[cipher];
  if (!length) throw new KeyFileError("algorithm");
  const iv = encryption.take(4);
  const raw = await derive(passphrase, length);
  const key = await crypto.subtle.importKey("raw", raw, "AES-CBC", false, ["decrypt"]);
  raw.fill(0);
  let plain;
  try {
    plain = new Uint8Array(await crypto.subtle.decrypt({ name: "AES-CBC", iv }, key, whole.take(4)));
  } catch {
    throw new KeyFileError("passphrase");
  }
  try {
    return seedOfPKCS8(plain);
  } catch (error) {
    // A wrong passphrase gives sound padding once in 256 times, and then no PKCS#8.
    throw error.reason === "notEd25519" ? error : new KeyFileError("passphrase");
  } finally {
    plain.fill(0);
  }
}

/** What makes a key of a passphrase, by the parameters in a file. */
function keyDerivation(reader) {
  const algorithm = reader.objectIdentifier();
  const parameters = reader.sequence();
  const salt = new Uint8Array(parameters.take(4));
  if (algorithm === oidScrypt) {
    const [n, r, p] = [parameters.number(), parameters.number(), parameters.number()];
    const isPower = n > 1 && Number.isInteger(Math.log2(n));
    if (!isPower || r < 1 || p < 1 || p > 64 || 128 * r * n > 1 << 26) throw new KeyFileError("algorithm");
    return (passphrase, length) => scrypt(passphrase, salt, n, r, p, length);
  }
  if (algorithm !== oidPBKDF2) throw new KeyFileError("algorithm");
  const iterations = parameters.number();
  if (iterations < 1 || iterations > 20_000_000) throw new KeyFileError("algorithm");
  if (!parameters.isAtEnd && parameters.peek() === 2) parameters.number();
  const hash = parameters.isAtEnd ? null : parameters.sequence().objectIdentifier();
  if (hash !== oidHMACSHA256) throw new KeyFileError("algorithm");
  return (passphrase, length) => pbkdf2(passphrase, salt, iterations, length);
}
