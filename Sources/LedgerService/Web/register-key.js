// SPDX-License-Identifier: Apache-2.0
//
// The person's key on the page that registers: opened from a file, made, or kept by the browser; what the log knows of
// it; and the filing by which others enrol it.
//
//     holder: {signer, isKept, file}       `file` the text of a key file that is new, until it is saved

/** What the log shows of a key: {state, entry, reason, known}; state one of the `status...` words. */
async function keyStanding(key, settings, policy) {
  const places = await findEntries("key", key.text);
  let enrolled = null, revoked = null, isSteward = false, known = null;
  const look = async (place) => {
    const { entry, index } = await verifyLogAnswer(await textFromLog(`proof/${place}`), policy);
    const { action } = entry.filing;
    if (index !== place || entry.filing.log !== settings.origin) throw new LogRefusal(200, "");
    if (action.word === "enrol" && isSameKey(action.key, key)) [enrolled, known] = [index, action.key];
    if (action.word === "revoke" && isSameKey(action.key, key)) revoked ??= { entry: index, reason: action.reason };
    if (action.word === "charter") isSteward = action.stewards.some((other) => isSameKey(other, key));
  };
  // What enrols it is among the first. A key that is revoked signs nothing more, so what is last about it tells.
  const first = places.slice(0, 32);
  for (let i = 0; i < first.length && enrolled === null; i++) await look(first[i]);
  for (const place of places.slice(-4)) await look(place);
  if (revoked) return { state: "statusRevoked", ...revoked };
  if (known && known.text !== key.text) return { state: "statusNameTaken", known };
  if (enrolled !== null) return { state: "statusEnrolled", entry: enrolled };
  if (settings.admission === "anyone") return { state: "statusNotAnyone" };
  return { state: isSteward ? "statusSteward" : "statusNot" };
}

/** Opens a key file under a passphrase. Throws KeyFileError. */
async function signerOfKeyFile(text, passphrase) {
  const key = readSigningKey(vkeyOfKeyFile(text));
  if (!key) throw new KeyFileError("form");
  const secret = utf8(passphrase);
  try {
    const signer = seedSigner(key.name, await openKeyFile(text, secret));
    if (signer.key.text !== key.text) throw new KeyFileError("anotherKey");
    return signer;
  } finally {
    secret.fill(0);
  }
}

/** Makes a key and its file. */
async function makeKeyFile(name, passphrase) {
  const seed = randomBytes(32);
  const signer = seedSigner(name, seed);
  const secret = utf8(passphrase);
  const file = await sealKeyFile(seed, signer.key.text, secret);
  secret.fill(0);
  return { signer, file };
}

/** A passphrase of six random words of five letters: 96 bits. */
function suggestedPassphrase() {
  const bytes = randomBytes(12);
  const words = Array.from({ length: 6 }, (_, i) => proquint((bytes[2 * i] << 8) | bytes[2 * i + 1]));
  bytes.fill(0);
  return words.join("-");
}

/** The name of a file for a key, as far as file systems agree on characters. */
function keyFileName(name) {
  return `${downloadName(name)}.pem`;
}

/** The card that shows an opened key. `standing` is null while the log is asked, and "unknown" where it cannot be. */
function keyCard(holder, standing, actions) {
  const { key } = holder.signer;
  const card = document.createDocumentFragment();
  card.append(make("h3", {}, ...sayAround("keyOpened", quoted(key.name))));
  const facts = make("dl", { className: "facts" });
  const fact = (heading, ...values) => facts.append(make("dt", {}, heading), make("dd", {}, ...values));
  fact(say("keyID"), make("code", {}, shortKey(key)), holder.isKept ? ` (${say("keyKeptHere")})` : "");
  fact(say("vkeyIs"), make("code", { className: "vkey", id: "own-vkey" }, key.text), copyButton(key.text));
  fact(say("fingerprintIs"), make("code", {}, fingerprint(sha256(utf8(key.text)))));
  card.append(facts, standingLine(standing));
  const row = make("div", { className: "choices" });
  if (holder.file) {
    const name = keyFileName(key.name);
    const button = saveButton(say("saveKey", { name }), name, holder.file, "application/x-pem-file", actions.saved);
    button.classList.add("primary");
    card.append(make("p", { className: "notice" }, say("saveKeyFirst")));
    row.append(button);
  }
  row.append(make("button", { type: "button", id: "close-key", onclick: actions.close }, say("closeKey")));
  if (holder.isKept) row.append(make("button", { type: "button", className: "plain", onclick: actions.forget }, say("forgetKey")));
  card.append(row);
  return card;
}

function standingLine(standing) {
  const line = make("p", { className: "standing", id: "standing", role: "status" });
  if (standing === null) line.append(say("statusAsking"));
  else if (standing === "unknown") line.append(say("statusUnknown"));
  else if (standing.known) line.append(...sayAround(standing.state, quoted(standing.known.name)));
  else {
    const reason = standing.reason ? say(`reason_${standing.reason}`) : "";
    line.append(say(standing.state, { entry: standing.entry, reason }));
  }
  const isGood = standing?.state === "statusEnrolled" || standing?.state === "statusNotAnyone";
  line.classList.add(isGood ? "good" : standing === null || standing === "unknown" ? "unsure" : "bad");
  return line;
}

function copyButton(text) {
  const button = make("button", { type: "button", className: "plain small" }, say("copy"));
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = say("copied");
    } catch {
      // Where the browser does not let it, the text is there to be marked and copied.
    }
  });
  return button;
}

/** The vkeys on the lines of a field, each once. Throws {line} at the first that is none. */
function vkeysOn(text) {
  const keys = [];
  for (const [i, line] of text.split("\n").entries()) {
    if (!line.trim()) continue;
    const key = readSigningKey(line);
    if (!key) throw new BadLine(i + 1);
    if (!keys.some((other) => isSameKey(other, key))) keys.push(key);
  }
  return keys;
}

/** A line of a field that is not what it should be. */
class BadLine extends Error {
  constructor(line) {
    super(`line ${line}`);
    this.line = line;
  }
}

/** The hashes of the revokers on the lines of a field: of vkeys, or hashes as they are. */
function revokerHashesOn(text) {
  const hashes = [];
  for (const [i, line] of text.split("\n").entries()) {
    const value = line.trim();
    if (!value) continue;
    const key = hashOfBase64(value) ? null : readSigningKey(value);
    if (!key && !hashOfBase64(value)) throw new BadLine(i + 1);
    const hash = key ? base64Of(sha256(utf8(key.text))) : value;
    if (!hashes.includes(hash)) hashes.push(hash);
  }
  return hashes;
}

/** The filing by which others enrol a key: signed by it alone so far. */
function enrolmentFiling(holder, others, revokers, settings) {
  const { key } = holder.signer;
  const text = filingText({
    origin: settings.origin, signers: [key.text, ...others.map((other) => other.text)],
    lines: [`enrol ${key.text}`, ...revokers.map((hash) => `revoker ${hash}`)],
  });
  return signedNote(text, [holder.signer]);
}
