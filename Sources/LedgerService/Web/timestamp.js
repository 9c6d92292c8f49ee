// SPDX-License-Identifier: Apache-2.0
//
// Time-stamps (RFC 3161, DER), read far enough to see what an authority states: that it granted, of which hash, when.
//
//     TimeStampResp ::= SEQUENCE { PKIStatusInfo, timeStampToken }
//     ContentInfo, SignedData with the content TSTInfo ::= SEQUENCE {
//         version 1,  policy,  messageImprint { SHA-256, hash },  serialNumber,  genTime,
//         accuracy (0 or 1),  ordering,  nonce (0 or 1),  tsa (0 or 1),  extensions (0 or 1) }
//
// The signature and the certificates behind it are not checked here: whoever reads the page is told so.

const timestampLimit = 1 << 16;

const objectIdentifiers = {
  signedData: "06092a864886f70d010702",
  timestampInfo: "060b2a864886f70d0109100104",
  sha256: "0609608648016503040201",
  names: ["0603550403", "060355040a", "060355040b"],
  subjectKeyIdentifier: "0603551d0e",
};

const isObject = (element, identifier) => element !== undefined && hexOf(element.bytes) === identifier;

/** Reads a granted response of at most 64 KiB: {imprint, seconds, bound, policy, name}. Throws a FormatError. */
function parseTimestamp(bytes) {
  const refuse = (reason) => new FormatError("time-stamp response", reason);
  if (bytes.length > timestampLimit) throw refuse("longer than 64 KiB");
  const parts = elementsWithin(bytes, 0x30);
  const status = parts?.[0]?.tag === 0x30 ? elementsOf(parts[0].content)?.[0] : undefined;
  const number = status?.tag === 0x02 ? integerOf(status.content) : null;
  if (parts === null || number === null) throw refuse("not a response of a time-stamp authority");
  if (number > 1n) {
    throw refuse(number <= 5n && parts.length === 1 ? "the authority refused" : "not granted, and not of the form for that");
  }
  if (parts.length !== 2) throw refuse("granted, and without a time-stamp");
  const signed = parseSignedData(parts[1].bytes);
  if (signed === null) throw new FormatError("time-stamp", "not signed data with a TSTInfo");
  return { ...parseTimestampInfo(signed.content), name: signerName(signed) };
}

/** The TSTInfo, the certificates and the one SignerInfo of a CMS ContentInfo; null where it is something else. */
function parseSignedData(bytes) {
  const [type, wrapped] = elementsWithin(bytes, 0x30) ?? [];
  if (!isObject(type, objectIdentifiers.signedData) || wrapped?.tag !== 0xa0) return null;
  const fields = elementsWithin(wrapped.content, 0x30) ?? [];
  const [version, algorithms, inner, ...rest] = fields;
  if (version?.tag !== 0x02 || algorithms?.tag !== 0x31 || inner?.tag !== 0x30) return null;
  const [innerType, innerWrapped] = elementsOf(inner.content) ?? [];
  if (!isObject(innerType, objectIdentifiers.timestampInfo) || innerWrapped?.tag !== 0xa0) return null;
  const text = firstElement(innerWrapped.content);
  if (text?.tag !== 0x04 || text.bytes.length !== innerWrapped.content.length) return null;
  const certificates = rest[0]?.tag === 0xa0 ? elementsOf(rest.shift().content) : [];
  if (rest[0]?.tag === 0xa1) rest.shift();
  const signers = rest.length === 1 && rest[0].tag === 0x31 ? elementsOf(rest[0].content) : null;
  if (certificates === null || signers?.length !== 1 || signers[0].tag !== 0x30) return null;
  return { content: text.content, certificates, signer: elementsOf(signers[0].content) ?? [] };
}

function parseTimestampInfo(bytes) {
  const refuse = (reason) => new FormatError("time-stamp", reason);
  const fields = elementsWithin(bytes, 0x30);
  if (fields === null || fields.length < 5) throw refuse("its TSTInfo is malformed");
  const [version, policy, imprint, serial, time, ...rest] = fields;
  if (hexOf(version.bytes) !== "020101") throw refuse("not of version 1");
  const dotted = policy.tag === 0x06 ? dottedOf(policy.content) : null;
  if (dotted === null) throw refuse("its policy is malformed");
  const hash = parseImprint(imprint);
  if (hash === null) throw refuse("it is not of a SHA-256");
  if (serial.tag !== 0x02 || serial.content.length > 64) throw refuse("its serial is malformed");
  const moment = time.tag === 0x18 ? parseGeneralizedTime(octets(time.content)) : null;
  if (moment === null) throw refuse("its time is malformed");
  const next = (tag) => (rest[0]?.tag === tag ? rest.shift() : undefined);
  const accuracy = next(0x30);
  const slack = accuracy === undefined ? 0n : parseAccuracy(accuracy.content);
  if (slack === null) throw refuse("its accuracy is malformed");
  if ((next(0x01)?.content.length ?? 1) !== 1) throw refuse("its ordering is malformed");
  if ((next(0x02)?.content.length ?? 0) > 64) throw refuse("its nonce is malformed");
  next(0xa0);
  const extensions = next(0xa1);
  if (extensions !== undefined && !areUncritical(extensions.content)) {
    throw refuse("it has an extension that this version does not know");
  }
  if (rest.length > 0) throw refuse("its TSTInfo is malformed");
  return {
    imprint: hash,
    seconds: moment.seconds,
    // The first whole second that is not before the moment and the accuracy after it.
    bound: moment.seconds + (moment.nanoseconds + slack + 999_999_999n) / 1_000_000_000n,
    policy: dotted,
  };
}

function parseImprint(element) {
  const [algorithm, hash, ...more] = (element.tag === 0x30 ? elementsOf(element.content) : null) ?? [];
  const [type, parameters, ...others] = (algorithm?.tag === 0x30 ? elementsOf(algorithm.content) : null) ?? [];
  if (!isObject(type, objectIdentifiers.sha256) || others.length > 0 || more.length > 0) return null;
  if (parameters !== undefined && hexOf(parameters.bytes) !== "0500") return null;
  return hash?.tag === 0x04 && hash.content.length === 32 ? hash.content : null;
}

/** `20261122130402.25Z`: POSIX seconds and nanoseconds, as BigInts; null for anything else. */
function parseGeneralizedTime(text) {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{1,9}))?Z$/.exec(text);
  if (parts === null) return null;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number);
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  // A 31st of November comes out as another day than it went in.
  const isKept = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (year < 1970 || !isKept || hour > 23 || minute > 59 || second > 59) return null;
  return { seconds: BigInt(date.getTime() / 1000), nanoseconds: BigInt((parts[7] ?? "").padEnd(9, "0")) };
}

/** The nanoseconds of seconds, [0] milliseconds and [1] microseconds, each of which may be left out; or null. */
function parseAccuracy(content) {
  const rest = elementsOf(content);
  if (rest === null) return null;
  let sum = 0n;
  for (const [tag, unit, limit] of [[0x02, 1_000_000_000n, 1n << 32n], [0x80, 1_000_000n, 1000n], [0x81, 1000n, 1000n]]) {
    if (rest[0]?.tag !== tag) continue;
    const number = integerOf(rest.shift().content);
    if (number === null || number >= limit) return null;
    sum += number * unit;
  }
  return rest.length === 0 ? sum : null;
}

/** Whether no extension is critical: what a token says besides must not be passed over where it says so. */
function areUncritical(content) {
  const isUncritical = (item) => {
    const parts = item.tag === 0x30 ? elementsOf(item.content) : null;
    return parts !== null && !parts.some((part) => part.tag === 0x01 && part.content.some((byte) => byte !== 0));
  };
  return elementsOf(content)?.every(isUncritical) ?? false;
}

/** What the certificate that the token names as its signer's calls itself; null where the token has none. */
function signerName({ certificates, signer }) {
  for (const certificate of certificates) {
    const fields = elementsWithin(certificate.bytes, 0x30)?.[0];
    const parts = fields === undefined ? null : elementsOf(fields.content);
    if (parts?.[0]?.tag === 0xa0) parts.shift();
    const [serial, , issuer, , subject] = parts ?? [];
    if (subject === undefined || !isNamedBy(signer[1], serial, issuer, parts)) continue;
    const pairs = (elementsOf(subject.content) ?? []).flatMap(({ content }) =>
      (elementsOf(content) ?? []).map((pair) => elementsOf(pair.content) ?? []));
    for (const name of objectIdentifiers.names) {
      const value = pairs.find(([type]) => isObject(type, name))?.[1];
      const text = value === undefined ? null : stringOf(value);
      if (text) return [...text].slice(0, 128).join("");
    }
  }
  return null;
}

/** Whether a SignerInfo's identifier is that of a certificate: by its issuer and serial number, or by its key's. */
function isNamedBy(identifier, serial, issuer, parts) {
  if (identifier?.tag === 0x30) return equalBytes(identifier.content, concat(issuer.bytes, serial.bytes));
  if (identifier?.tag !== 0x80) return false;
  const extensions = parts.find(({ tag }) => tag === 0xa3);
  return (extensions === undefined ? [] : (elementsWithin(extensions.content, 0x30) ?? [])).some((extension) => {
    const inner = elementsOf(extension.content) ?? [];
    const value = isObject(inner[0], objectIdentifiers.subjectKeyIdentifier) ? firstElement(inner.at(-1).content) : null;
    return value !== null && equalBytes(value.content, identifier.content);
  });
}
