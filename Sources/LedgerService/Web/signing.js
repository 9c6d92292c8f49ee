// SPDX-License-Identifier: Apache-2.0
//
// Filings and attestations as they are written and signed (formats.md sections 1 and 4).
//
//     indelible-filing/v1
//     log <origin>
//     after <size> <base64 SHA-256 of a checkpoint>      0 or 1
//     signer <vkey>                                      1 to 16
//     <action and its fields>
//
// A signer is {key, sign, erase}: its vkey as `parseVerifierKey` gives it, and what makes a signature of 64 bytes;
// with `openAny`, which opens the first of several sealed boxes that it can, where the page holds the seed.

const attestationRoles = [
  "author", "interviewer", "interviewee", "interpreter", "translator", "transcriber", "recorder", "signatory",
  "eyewitness", "counsel", "relative", "expert", "custodian", "observer",
];

const revocationReasons = ["retired", "superseded", "lost", "compromised", "coerced", "detained"];

/** The longest `name` and `note` line, in bytes. */
const lineLimit = 1024;

/** Whether a text can be the value of a line: 1 to `limit` bytes without a refused code point. */
function isWireText(text, limit = lineLimit) {
  const length = utf8Length(text);
  return length >= 1 && length <= limit && !hasRefusedCodePoint(text) && text.isWellFormed?.() !== false;
}

/** The text of a filing. `lines` are those of the action; `after` is {size, hash} or null. */
function filingText({ origin, after = null, signers, lines }) {
  return [
    "indelible-filing/v1", `log ${origin}`, ...afterLines(after), ...signers.map((vkey) => `signer ${vkey}`), ...lines,
  ].map((line) => line + "\n").join("");
}

function afterLines(after) {
  return after === null ? [] : [`after ${after.size} ${base64Of(after.hash)}`];
}

/** The SHA-256 of the signer lines: what binds a dossier to those who file it. */
function signerLinesHash(signers) {
  return sha256(utf8(signers.map((vkey) => `signer ${vkey}\n`).join("")));
}

/** The text of an attestation of one exhibit. */
function attestationText({ origin, after = null, signer, exhibit, role, name = "", note = "" }) {
  const lines = [
    "indelible-attestation/v1", `log ${origin}`, ...afterLines(after), `signer ${signer}`,
    `attest ${base64Of(exhibit)}`, `role ${role}`,
  ];
  if (name) lines.push(`name ${name}`);
  if (note) lines.push(`note ${note}`);
  return lines.map((line) => line + "\n").join("");
}

/** A text as a signed note, signed by these signers in their order. */
async function signedNote(text, signers) {
  const lines = [];
  for (const signer of signers) {
    const signature = await signer.sign(utf8(text));
    // One that does not verify gives away its key, and is no use.
    if (!(await ed25519Verify(signer.key.key, signature, utf8(text)))) throw new FormatError("signature", "wrong");
    lines.push(signatureLine(signer.key.name, signer.key.id, signature));
  }
  return text + "\n" + lines.join("");
}

/** The vkey that somebody typed or pasted, where it is one that signs filings; null otherwise. */
function readSigningKey(text) {
  try {
    const key = parseVerifierKey(text.trim());
    return key.type === signatureTypes.ed25519 && !hasRefusedCodePoint(key.name) ? key : null;
  } catch {
    return null;
  }
}

/** A signer that holds a seed. */
function seedSigner(name, seed) {
  const publicKey = ed25519PublicKey(seed);
  const key = parseVerifierKey(vkeyText(name, signatureTypes.ed25519, publicKey));
  return {
    key,
    sign: (message) => signWithSeed(message, seed, publicKey),
    openAny: (boxes) => {
      const [curveKey, scalar] = [ed25519ToCurve25519(publicKey), ed25519SeedToCurve25519(seed)];
      const opened = boxes.map((box) => openBox(box, curveKey, scalar)).find((message) => message?.length === 32);
      scalar.fill(0);
      return opened ?? null;
    },
    erase: () => seed.fill(0),
  };
}

/** A fingerprint in groups of four digits, to be compared aloud. */
function fingerprint(bytes) {
  return hexOf(bytes).replace(/.{4}(?=.)/g, "$& ");
}
