// SPDX-License-Identifier: Apache-2.0
//
// Opens a private file or draft as far as its JSON (formats.md section 6): what the files that it may carry are read for
// is for the command.

const privateHeadLimit = 16_384;

/**
 * The JSON of a private file, as an object; null where it is not sealed to the signer's key, or the signer has no key that
 * can open. Throws a FormatError where it is no private file, or was changed.
 */
async function openPrivateFile(blob, signer) {
  const refuse = (reason) => new FormatError("private file", reason);
  const head = new Uint8Array(await blob.slice(0, privateHeadLimit).arrayBuffer());
  const end = head.findIndex((byte, i) => byte === 0x0a && head[i + 1] === 0x0a);
  const [first, ...lines] = (end < 0 ? "" : textOf(head.subarray(0, end)) ?? "").split("\n");
  if (first !== privateFormat || lines.length === 0 || lines.length > privateRecipients) throw refuse("not of this format");
  const contentKey = signer.openAny?.(lines.map((line) => bytesOfBase64(line) ?? new Uint8Array()));
  if (!contentKey) return null;
  let at = end + 2 + 24;
  const stream = new SecretStream(contentKey, new Uint8Array(await blob.slice(at - 24, at).arrayBuffer()));
  contentKey.fill(0);
  const parts = [];
  let [filled, wanted] = [0, 4];
  while (filled < wanted) {
    const sealed = new Uint8Array(await blob.slice(at, at + privateChunk + 17).arrayBuffer());
    const opened = stream.open(sealed);
    if (!opened || opened.plain.length === 0) throw refuse("changed, or cut off");
    at += sealed.length;
    if (parts.length === 0) wanted = 4 + new DataView(opened.plain.buffer).getUint32(0);
    if (wanted > 256 * 1024 * 1024) throw refuse("too long");
    parts.push(opened.plain);
    filled += opened.plain.length;
    if (opened.isLast && filled < wanted) throw refuse("cut off");
  }
  stream.erase();
  const json = concat(...parts);
  const contents = JSON.parse(textOf(json.subarray(4, wanted)) ?? "");
  for (const part of [...parts, json]) part.fill(0);
  return contents;
}
