// SPDX-License-Identifier: Apache-2.0
//
// Trust lists: whom a verifier trusts (C2SP tlog-policy).
//
//     log ledger.example/log+d125cc7f+AZF8w/cAdUtphcBYYuH6PONVS45QiHlj2WD6dU50U2m9
//     witness w1 witness.example/w1+9843961a+BNbGnT4BwWFPhsJCJEC1lSuIsyECCSkpRRDtUOrZzguC https://w1.example
//     group both all w1 w2
//     quorum both
//
// Log keys are of type 0x01, witness keys of type 0x04. ML-DSA-44 keys (0x06) may stand in either place; nothing here can
// verify their signatures, which never count.

const policyLimit = 1 << 20;

/**
 * Reads a policy file of at most 1 MiB. Throws a FormatError.
 *
 * Gives {bytes, fingerprint, logs: [{key}], witnesses: [{name, key}], groups: [{name, threshold, members}], quorum},
 * the quorum being a name, or null for `quorum none`. Names are strings of one character for each byte: the format gives
 * them no encoding.
 */
function parsePolicy(bytes) {
  const refuse = (reason) => new FormatError("policy", reason);
  if (bytes.length > policyLimit) throw refuse("longer than 1 MiB");
  if (bytes.some((byte) => (byte < 0x20 && byte !== 0x09 && byte !== 0x0a) || byte === 0x7f)) {
    throw refuse("control character");
  }
  // A file that was cut off in a name must not mean something else.
  if (bytes.at(-1) !== 0x0a) throw refuse("does not end in a newline");
  const reader = new PolicyReader();
  octets(bytes.subarray(0, -1)).split("\n").forEach((line, i) => reader.read(line, i + 1));
  if (reader.quorum === undefined) throw refuse("no quorum line");
  const { logs, witnesses, groups, quorum } = reader;
  return { bytes, fingerprint: hexOf(sha256(bytes)), logs, witnesses, groups, quorum };
}

/** A string of one character for each byte. */
function octets(bytes) {
  const parts = [];
  for (let at = 0; at < bytes.length; at += 8192) parts.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
  return parts.join("");
}

/** The bytes of such a string. */
function bytesOfOctets(text) {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Whether the witnesses with these names together are enough. */
function isQuorumMet(policy, names) {
  if (policy.quorum === null) return true;
  const met = new Set();
  for (const { name, key } of policy.witnesses) {
    if (names.has(name) && key.type === signatureTypes.cosignature) met.add(name);
  }
  for (const group of policy.groups) {
    if (group.members.filter((member) => met.has(member)).length >= group.threshold) met.add(group.name);
  }
  return met.has(policy.quorum);
}

class PolicyReader {
  constructor() {
    this.logs = [];
    this.witnesses = [];
    this.groups = [];
    this.quorum = undefined;
    this.defined = new Set();
    this.members = new Set();
    this.publicKeys = { log: new Set(), witness: new Set() };
    /** The text of each vkey by its name and key ID. */
    this.vkeys = new Map();
  }

  read(text, line) {
    this.line = line;
    const [keyword, ...items] = text.split(/[ \t]+/).filter((item) => item !== "");
    if (keyword === undefined || keyword.startsWith("#")) return;
    const wants = (least, most, form) => {
      if (items.length < least || items.length > most) throw this.refuse(`want ${form}`);
    };
    if (keyword === "log") {
      wants(1, 2, "log <vkey> [<url>]");
      this.readLog(items[0]);
    } else if (keyword === "witness") {
      wants(2, 3, "witness <name> <vkey> [<url>]");
      this.readWitness(items[0], items[1]);
    } else if (keyword === "group") {
      wants(3, Infinity, "group <name> all|any|<k> <name>...");
      this.readGroup(items);
    } else if (keyword === "quorum") {
      wants(1, 1, "quorum <name>");
      if (this.quorum !== undefined) throw this.refuse("second quorum line");
      this.quorum = items[0] === "none" ? null : this.definedName(items[0]);
    } else {
      throw this.refuse("unknown keyword");
    }
  }

  readLog(text) {
    const key = this.key(text, [signatureTypes.ed25519, signatureTypes.mlDSA44]);
    this.take("log", key);
    this.logs.push({ key });
  }

  readWitness(item, text) {
    const name = this.newName(item);
    const key = this.key(text, [signatureTypes.cosignature, signatureTypes.mlDSA44]);
    this.take("witness", key);
    this.witnesses.push({ name, key });
    this.defined.add(name);
  }

  readGroup([item, count, ...items]) {
    const name = this.newName(item);
    const members = items.map((member) => {
      const known = this.definedName(member);
      if (this.members.has(known)) throw this.refuse("a name is a member twice");
      this.members.add(known);
      return known;
    });
    const threshold = count === "all" ? members.length : count === "any" ? 1 : decimal(count);
    if (threshold === null || threshold < 1 || threshold > members.length) {
      throw this.refuse("the threshold is not all, any or 1 to the number of members");
    }
    this.groups.push({ name, threshold, members });
    this.defined.add(name);
  }

  key(item, types) {
    const text = textOf(bytesOfOctets(item));
    let key;
    try {
      if (text === null) throw new FormatError("vkey", "name");
      key = parseVerifierKey(text);
    } catch (error) {
      throw error instanceof FormatError ? this.refuse(`vkey: ${error.reason}`) : error;
    }
    if (!types.includes(key.type)) throw this.refuse("a key of this type does not fit the keyword");
    // A collision of key IDs is the only way to this; it would leave open whose a signature line is.
    if ((this.vkeys.get(PolicyReader.mark(key)) ?? key.text) !== key.text) {
      throw this.refuse("another key has this name and key ID");
    }
    return key;
  }

  /** Takes the key of a log or of a witness, of which none may have it already. */
  take(kind, key) {
    if (this.publicKeys[kind].has(key.keyHex)) throw this.refuse(`another ${kind} has this public key`);
    this.publicKeys[kind].add(key.keyHex);
    this.vkeys.set(PolicyReader.mark(key), key.text);
  }

  /** What a signature line has of a key; no name has white space. */
  static mark(key) {
    return `${key.name} ${key.id}`;
  }

  newName(item) {
    if (item === "none") throw this.refuse("a name that is reserved");
    if (this.defined.has(item)) throw this.refuse("the name is defined on an earlier line");
    return item;
  }

  definedName(item) {
    if (!this.defined.has(item)) throw this.refuse("a name that no earlier line defines");
    return item;
  }

  refuse(reason) {
    return new FormatError("policy", reason, this.line);
  }
}
