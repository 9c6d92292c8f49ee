// SPDX-License-Identifier: Apache-2.0
//
// Attestations: what one person says of one exhibit (formats.md section 4).
//
//     indelible-attestation/v1
//     log <origin>
//     after <size> <base64 SHA-256 of a checkpoint>    0 or 1
//     signer <vkey>                                    exactly 1
//     attest <base64 exhibit digest>
//     role <word>
//     name <what the signer calls themself>            0 or 1
//     note <text>                                      0 or 1

const roles = [
  "author", "interviewer", "interviewee", "interpreter", "translator", "transcriber", "recorder", "signatory",
  "eyewitness", "counsel", "relative", "expert", "custodian", "observer",
];

/** Reads an attestation: {log, after, signer, exhibit, role, name, remark, note}. Throws a FormatError. */
function parseAttestation(whole) {
  const note = parseNote(whole);
  const reader = new LineReader(note.text, "attestation");
  reader.header("indelible-attestation/v1");
  const log = reader.origin();
  const after = reader.quote();
  const signer = reader.signingKey(reader.value("signer"));
  const exhibit = reader.hash(reader.value("attest"));
  const role = reader.word("role", roles);
  const name = reader.text("name");
  const remark = reader.text("note");
  reader.finish();
  return { note, log, after, signer, exhibit, role, name, remark };
}

/** Verifies that it has exactly one signature line, by its signer. Throws a Refusal. */
async function verifyAttestation({ note, signer }) {
  const signature = signatureClaiming(note, signer);
  if (note.signatures.length !== 1 || signature === undefined) throw new Refusal("signatureLineDiffers");
  if (!(await ed25519Verify(signer.key, signature.bytes, utf8(note.text)))) {
    throw new Refusal("invalidSignature", { name: signer.name });
  }
}
