// SPDX-License-Identifier: Apache-2.0
//
// The page that registers: the person's key, the documents, the filing, and what comes of it.
//
// The documents and the keys never leave the page. The filing goes to the log; it holds a sealed digest.

const settings = readLogSettings();
const byID = (id) => document.getElementById(id);

/** What the page holds: the person's key, what they chose, and the registration under way. */
const page = { policy: null, holder: null, standing: null, chosen: { stem: null, files: [] }, job: null, shown: null };

function alertAt(id, words, values = {}) {
  const node = byID(id);
  node.hidden = words === null;
  if (words === null) return node.replaceChildren();
  const parts = values.node ? sayAround(words, values.node, values) : [say(words, values)];
  node.replaceChildren(...parts);
}

// The key

function showForm(name) {
  for (const [button, form] of [["choose-open", "open-key"], ["choose-make", "make-key"]]) {
    byID(form).hidden = form !== name;
    byID(button).setAttribute("aria-expanded", String(form === name));
  }
  alertAt("key-alert", null);
  byID(name).querySelector("input").focus();
}

function clearSecrets() {
  for (const id of ["open-passphrase", "new-passphrase", "again-passphrase"]) byID(id).value = "";
  byID("suggestion").textContent = "";
  byID("suggestion").hidden = true;
}

function takeKey(holder) {
  clearSecrets();
  page.holder = holder;
  page.standing = null;
  showKey();
  askStanding();
  byID("key-card").focus();
}

async function askStanding() {
  const { holder } = page;
  try {
    const standing = await keyStanding(holder.signer.key, settings, page.policy);
    if (page.holder !== holder) return;
    page.standing = standing;
  } catch {
    if (page.holder !== holder) return;
    page.standing = "unknown";
  }
  byID("standing")?.replaceWith(standingLine(page.standing));
  showEnrolment();
}

function showKey() {
  const isOpen = page.holder !== null;
  byID("key-choice").hidden = isOpen;
  byID("key-card").hidden = !isOpen;
  byID("key-card").replaceChildren();
  if (isOpen) {
    byID("key-card").append(keyCard(page.holder, page.standing, {
      saved: () => {
        page.holder.isSaved = true;
      },
      close: closeKey,
      forget: forgetKey,
    }));
  }
  showEnrolment();
}

async function showEnrolment() {
  const details = byID("enrol");
  const isWanted = page.standing === "unknown" || /^statusNot/.test(page.standing?.state ?? "");
  details.hidden = !page.holder || !isWanted || page.standing?.state === "statusNameTaken";
  if (details.hidden || page.charter) return;
  try {
    const place = (await findEntries("charter", "")).at(-1);
    const { entry } = await verifyLogAnswer(await textFromLog(`proof/${place}`), page.policy);
    if (entry.filing.action.word !== "charter") return;
    page.charter = entry.filing.action;
  } catch {
    return;
  }
  sayCharter();
  const field = byID("enrol-with");
  const { stewards, threshold } = page.charter;
  if (!field.value && threshold === stewards.length) field.value = stewards.map((key) => key.text).join("\n");
}

function sayCharter() {
  if (!page.charter) return;
  const { threshold, sponsors, stewards } = page.charter;
  const line = sayAround("enrolRule", make("span", {}), { threshold, sponsors: sponsors > 0 ? say("orSponsors", { sponsors }) : "" });
  line[1] = make("span", {}, ...stewards.flatMap((key, i) => [i > 0 ? ", " : "", quoted(key.name)]));
  byID("enrol-rule").replaceChildren(...line);
}

function closeKey() {
  page.holder?.signer.erase();
  if (page.holder?.file) setUnsaved(keyFileName(page.holder.signer.key.name), false);
  page.holder = null;
  page.standing = null;
  byID("enrol-done").replaceChildren();
  showKey();
  showKeptKeys();
  byID("choose-open").focus();
}

async function forgetKey() {
  if (!confirm(say("forgetKeySure"))) return;
  await forgetKept("keys", page.holder.signer.key.text);
  closeKey();
}

async function showKeptKeys() {
  const kept = await listKept("keys");
  byID("kept-keys").hidden = kept.length === 0;
  byID("kept-keys").replaceChildren(...kept.map((key) => make("button", {
    type: "button", className: "kept", onclick: () => takeKey({ signer: keptSigner(key), isKept: true }),
  }, ...sayAround("useKept", quoted(key.name)))));
}

async function openKey(event) {
  event.preventDefault();
  const file = byID("key-file").files[0];
  if (!file) return alertAt("key-alert", "noKeyFile");
  const button = event.submitter;
  button.disabled = true;
  alertAt("key-alert", "working");
  try {
    const text = file.size <= keyFileMaximum ? await file.text() : "";
    const signer = await signerOfKeyFile(text, byID("open-passphrase").value);
    byID("key-file").value = "";
    alertAt("key-alert", null);
    takeKey({ signer, isKept: false });
  } catch (error) {
    const reason = error instanceof KeyFileError ? error.reason : "form";
    alertAt("key-alert", `keyFile${reason[0].toUpperCase()}${reason.slice(1)}`);
  } finally {
    button.disabled = false;
  }
}

async function makeKey(event) {
  event.preventDefault();
  const name = byID("key-name").value;
  if (!isKeyName(name) || hasRefusedCodePoint(name)) return alertAt("key-alert", "badKeyName");
  if (name === settings.origin) return alertAt("key-alert", "originName");
  const isKept = document.querySelector("input[name=keep]:checked").value === "here";
  const passphrase = byID("new-passphrase").value;
  if (!isKept && [...passphrase].length < 12) return alertAt("key-alert", "shortPassphrase");
  if (!isKept && passphrase !== byID("again-passphrase").value) return alertAt("key-alert", "unequalPassphrases");
  const button = event.submitter;
  button.disabled = true;
  alertAt("key-alert", "working");
  try {
    const made = isKept ? { signer: await makeKeptKey(name) } : await makeKeyFile(name, passphrase);
    alertAt("key-alert", null);
    takeKey({ ...made, isKept });
  } catch (error) {
    alertAt("key-alert", "failed", { what: error.message });
  } finally {
    button.disabled = false;
  }
}

async function makeEnrolment(event) {
  event.preventDefault();
  alertAt("enrol-alert", null);
  byID("enrol-done").replaceChildren();
  const { key } = page.holder.signer;
  try {
    const others = vkeysOn(byID("enrol-with").value);
    const revokers = revokerHashesOn(byID("enrol-revokers").value);
    if (others.length === 0) return alertAt("enrol-alert", "enrolNoSigner");
    const isOwn = others.some((other) => isSameKey(other, key)) || revokers.includes(base64Of(sha256(utf8(key.text))));
    if (others.length > 15 || revokers.length > 8 || isOwn) return alertAt("enrol-alert", "enrolTooMany");
    const filing = await enrolmentFiling(page.holder, others, revokers, settings);
    const name = `enrol-${downloadName(key.name)}.filing`;
    byID("enrol-done").append(
      make("p", {}, say("enrolReady", { names: others.map((other) => other.name).join(", ") })),
      saveButton(say("saveFiling", { name }), name, filing, "text/plain; charset=utf-8"));
  } catch (error) {
    if (error instanceof BadLine) return alertAt("enrol-alert", "badVkey", { line: error.line });
    throw error;
  }
}

// The documents

function takeDocuments({ stem, files }) {
  const known = new Set(page.chosen.files.map(({ name }) => name));
  // A file that is chosen again replaces the one before; a folder stands for itself.
  page.chosen = stem === null && page.chosen.stem === null
    ? { stem, files: [...page.chosen.files.filter(({ name }) => !files.some((file) => file.name === name)), ...files] }
    : { stem, files };
  const isTwice = new Set(files.map(({ name }) => name)).size < files.length || (known.size > 0 && files.length === 0);
  if (!isTwice) alertAt("documents-alert", null);
  showDocuments();
}

function showDocuments() {
  const { stem, files } = page.chosen;
  byID("file-list").replaceChildren(...documentItems(files, (i) => {
    page.chosen.files.splice(i, 1);
    showDocuments();
  }));
  byID("stem-part").hidden = files.length < 2 && stem === null;
  byID("stem").value = stem ?? (byID("stem").value || "documents");
  const fault = files.length > 0 ? documentsFault(files) : null;
  alertAt("documents-alert", fault?.words ?? null, fault?.name ? { node: quoted(fault.name) } : {});
}

function showRoles() {
  const select = byID("role");
  const chosen = select.value;
  select.replaceChildren(make("option", { value: "" }, say("roleNone")),
    ...attestationRoles.map((role) => make("option", { value: role }, say(`role_${role}`))));
  select.value = chosen;
  byID("name-part").hidden = select.value === "";
}

// Registering

/** What is asked for, checked; or null where something is missing, which is said beside it. */
function readRequest() {
  for (const id of ["submit-alert", "documents-alert"]) alertAt(id, null);
  const { holder, standing, chosen } = page;
  const refuse = (id, words, values) => {
    alertAt(id, words, values);
    byID(id).scrollIntoView({ block: "center" });
    return null;
  };
  if (!holder) return refuse("submit-alert", "noKey");
  if (holder.file && !holder.isSaved) return refuse("submit-alert", "saveKeyFirst");
  const isOnce = settings.admission === "anyone" && byID("once").checked;
  if (standing?.state === "statusRevoked" && !isOnce) return refuse("submit-alert", "revokedKey");
  const fault = documentsFault(chosen.files);
  if (fault) return refuse("documents-alert", fault.words, fault.name ? { node: quoted(fault.name) } : {});
  const [role, name] = [byID("role").value, byID("role").value ? byID("name").value : ""];
  if (name && !isWireText(name)) return refuse("documents-alert", "badName");
  let custodians;
  try {
    custodians = vkeysOn(byID("custodians").value);
  } catch (error) {
    return refuse("documents-alert", "badVkey", { line: error.line });
  }
  const others = custodians.filter((key) => !isSameKey(key, holder.signer.key));
  if (holder.isKept && others.length === 0) return refuse("documents-alert", "custodiansNeeded");
  if (others.length > 63) return refuse("documents-alert", "custodiansTooMany");
  const recipients = holder.isKept ? others : [holder.signer.key, ...others];
  if (recipients.some(({ key }) => ed25519ToCurve25519(key) === null)) {
    return refuse("documents-alert", "custodianUnusable");
  }
  const publishes = byID("publish").checked;
  if (publishes && chosen.files.length > 64) return refuse("documents-alert", "tooManyHashes");
  const isOne = chosen.files.length === 1 && chosen.stem === null;
  const stem = isOne ? chosen.files[0].name : downloadName(byID("stem").value.trim()) || "documents";
  return {
    role, name, recipients, publishes, stem: downloadName(stem), isOnce, isCarried: others.length > 0,
    files: chosen.files.slice(), attester: holder.signer, token: byID("token").value.trim(),
  };
}

function showProgress(words, values, part) {
  byID("progress").hidden = false;
  byID("progress-text").textContent = say(words, values);
  if (part === undefined) byID("progress-bar").removeAttribute("value");
  else byID("progress-bar").value = part;
}

/** The newest checkpoint that meets the quorum, to be quoted; null where the trust list asks for none or it is not had. */
async function newestCheckpoint() {
  if (page.policy.quorum === null) return null;
  try {
    const checkpoint = parseCheckpoint(await textFromLog("checkpoint"));
    const cosigned = await verifyCheckpoint(checkpoint, page.policy);
    if (!cosigned.isQuorumMet || checkpoint.origin !== settings.origin || checkpoint.size < 1n) return null;
    return { ...checkpoint, lowerBound: cosigned.lowerBound };
  } catch {
    return null;
  }
}

async function register() {
  const request = readRequest();
  if (!request) return;
  byID("register").disabled = true;
  setUnsaved("registration", true);
  try {
    page.job = await prepare(request);
  } catch (error) {
    const isFile = error instanceof FormatError || error instanceof DOMException;
    alertAt("submit-alert", isFile ? "changedWhileRead" : "failed", { what: error.message });
    stopWorking();
    return;
  }
  await offer();
}

/** Everything before the filing is sent: reads, seals, signs, and writes the draft. */
async function prepare(request) {
  const documents = [];
  const total = request.files.reduce((sum, { file }) => sum + file.size, 0);
  let before = 0;
  for (const { name, file } of request.files) {
    documents.push(await readDocument(file, name, (done) => showProgress(
      "reading", { name, done: saySize(before + done), total: saySize(total) }, (before + done) / Math.max(total, 1))));
    before += file.size;
  }
  const signer = request.isOnce ? seedSigner("one-time", randomBytes(32)) : request.attester;
  const quoted = await newestCheckpoint();
  const after = quoted && { size: quoted.size, hash: sha256(utf8(quoted.note.whole)) };
  const prepared = await prepareRegistration({
    origin: settings.origin, after, documents, fields: [], signer, attester: request.attester,
    role: request.role, name: request.name, publishesHashes: request.publishes,
    progress: (done, count) => showProgress("sealing", { done, total: count }, done / count),
  });
  if (request.isOnce) signer.erase();
  showProgress("locking", {});
  const job = { ...request, prepared, quoted };
  job.draft = await sealPrivateFile(privateContents(prepared, null, job.isCarried), job.recipients, carriedFiles(job));
  try {
    // Should the page die before the answer comes, the browser still has what it takes.
    await keep("begun", { filing: prepared.filing, draft: job.draft, stem: job.stem, since: Date.now() });
    job.isKeptHere = true;
  } catch {
    job.isKeptHere = false;
  }
  return job;
}

function carriedFiles(job) {
  return job.isCarried ? job.prepared.exhibit.documents.map(({ file }) => file) : [];
}

/** Offers the filing, checks the answer, and makes the two files of it. */
async function offer() {
  const { job } = page;
  job.token = byID("token").value.trim();
  showProgress("sending", {});
  try {
    const answer = await offerFiling(settings.submit, job.prepared.filing, job.token);
    if (answer.held !== undefined) {
      job.isUnclear = true;
      return showUnfinished({ title: "heldTitle", text: say("heldText"), line: answer.held });
    }
    const checked = await verifyOwnAnswer(answer.proof, job.prepared.filing, page.policy);
    const tied = job.quoted && await quotedCheckpoint(job.quoted, checked.checkpoint);
    const proof = registrationProof(job.prepared, answer.proof, tied ? [tied] : []);
    showProgress("locking", {});
    const contents = privateContents(job.prepared, proof, job.isCarried);
    const files = { proof: proofFileText(proof) };
    files.private = await sealPrivateFile(contents, job.recipients, carriedFiles(job));
    await showRegistered({ ...checked, signedAfter: tied ? job.quoted.lowerBound : null }, files);
  } catch (error) {
    const fault = faultWords(error, job.token !== "");
    // What may have been taken before is not thrown away because it is refused now.
    fault.isFinal = fault.isFinal === true && job.isUnclear !== true;
    job.isUnclear = !fault.isFinal;
    if (fault.isFinal) await forgetBegun(job);
    showUnfinished(fault);
  }
}

async function forgetBegun(job) {
  setUnsaved("registration", false);
  for (const suffix of ["filing", "draft"]) setUnsaved(`${job.stem}.${suffix}`, false);
  if (job.isKeptHere) await forgetKept("begun", job.prepared.filing).catch(() => {});
}

function stopWorking() {
  setUnsaved("registration", false);
  byID("progress").hidden = true;
  byID("register").disabled = false;
}

function showOutcome(draw, kind) {
  page.shown = { draw, kind };
  byID("progress").hidden = true;
  const outcome = byID("outcome");
  outcome.hidden = false;
  outcome.className = `outcome ${kind}`;
  outcome.replaceChildren(...draw());
  outcome.focus();
  outcome.scrollIntoView({ block: "start" });
}

async function showRegistered(answer, files) {
  const { job } = page;
  for (const suffix of ["filing", "draft"]) setUnsaved(`${job.stem}.${suffix}`, false);
  setUnsaved("registration", false);
  byID("submit-step").hidden = true;
  const again = () => {
    page.job = page.shown = null;
    page.chosen = { stem: null, files: [] };
    byID("outcome").hidden = true;
    byID("submit-step").hidden = false;
    byID("register").disabled = false;
    showDocuments();
    byID("documents-title").scrollIntoView();
  };
  showOutcome(() => registeredOutcome(job, answer, files, () => forgetBegun(job), again), "good");
}

function showUnfinished(fault) {
  const { job } = page;
  if (fault.isFinal) {
    stopWorking();
    page.job = null;
    return showOutcome(() => [
      make("h2", {}, say(fault.title)), make("p", {}, fault.text),
      fault.line ? make("p", { className: "log-line" }, say("logSays"), " ", quoted(fault.line)) : "",
    ], "bad");
  }
  showOutcome(() => unfinishedOutcome(job, fault, {
    retry: offer,
    giveUp: async () => {
      if (!confirm(say("giveUpSure"))) return;
      await forgetBegun(job);
      page.job = page.shown = null;
      byID("outcome").hidden = true;
      stopWorking();
    },
  }), "unsure");
}

// What was begun before

async function showBegun() {
  const begun = (await listKept("begun")).filter(({ filing }) => filing.includes(`\nlog ${settings.origin}\n`));
  byID("begun").hidden = begun.length === 0;
  byID("begun-list").replaceChildren(...begun.map((kept) => {
    const { filing, draft, stem, since } = kept;
    const box = make("div", { className: "begun-item" });
    const answerLine = make("p", { role: "status" });
    const ask = async () => {
      try {
        const answer = await offerFiling(settings.submit, filing, byID("token").value.trim());
        if (answer.held !== undefined) return answerLine.replaceChildren(say("heldText"));
        const { index } = await verifyOwnAnswer(answer.proof, filing, page.policy);
        const name = `${stem}.filing.proof`;
        const proof = proofFileText({ format: "indelible-proof/v1", inclusion: [answer.proof] });
        answerLine.replaceChildren(say("begunLogged", { entry: index, name, stem }), " ",
          saveButton(say("saveFiling", { name }), name, proof, "application/vnd.indelible.proof+json"));
      } catch (error) {
        const { text, line } = faultWords(error);
        answerLine.replaceChildren(text, ...(line ? [" ", say("logSays"), " ", quoted(line)] : []));
      }
    };
    const forget = async () => {
      if (!confirm(say("begunForgetSure"))) return;
      await forgetKept("begun", filing);
      for (const suffix of ["filing", "draft"]) setUnsaved(`${stem}.${suffix}`, false);
      showBegun();
    };
    box.append(make("p", {}, ...sayAround("begunItem", quoted(stem), { time: sayMoment(Math.floor(since / 1000)) })),
      make("div", { className: "choices" },
        saveButton(say("saveFiling", { name: `${stem}.filing` }), `${stem}.filing`, filing, "text/plain; charset=utf-8"),
        saveButton(say("saveDraft", { name: `${stem}.draft` }), `${stem}.draft`, draft, "application/octet-stream"),
        make("button", { type: "button", onclick: ask }, say("begunAsk")),
        make("button", { type: "button", className: "plain", onclick: forget }, say("begunForget"))),
      answerLine);
    for (const suffix of ["filing", "draft"]) setUnsaved(`${stem}.${suffix}`, false);
    return box;
  }));
}

// The page

function sayAll() {
  showRoles();
  sayCharter();
  if (page.policy) byID("log-line").textContent = say("logLine", {
    origin: settings.origin, fingerprint: fingerprint(bytesOfHex(page.policy.fingerprint).subarray(0, 4)),
  });
  if (page.holder) showKey();
  if (page.holder && page.standing) byID("standing").replaceWith(standingLine(page.standing));
  showDocuments();
  showKeptKeys();
  showBegun();
  if (page.shown && !byID("outcome").hidden) byID("outcome").replaceChildren(...page.shown.draw());
}

async function openPage() {
  startSpeaking(registerWords, sayAll);
  const unusable = !globalThis.isSecureContext || !globalThis.crypto?.subtle ? "insecure" : null;
  try {
    page.policy = parsePolicy(settings.policy);
    if (!page.policy.logs.some(({ key }) => key.text === settings.vkey)) throw new FormatError("policy", "another log");
  } catch {
    page.policy = null;
  }
  if (unusable || !page.policy) {
    alertAt("unusable", unusable ?? "brokenPolicy");
    for (const step of document.querySelectorAll(".step")) step.hidden = true;
    return;
  }
  sayAll();
  byID("once-option").hidden = byID("token-part").hidden = settings.admission !== "anyone";
  byID("folder-label").hidden = !("webkitdirectory" in byID("folder"));
  byID("keep-here-option").hidden = !(await canKeepKeys());

  byID("choose-open").addEventListener("click", () => showForm("open-key"));
  byID("choose-make").addEventListener("click", () => showForm("make-key"));
  byID("open-key").addEventListener("submit", openKey);
  byID("make-key").addEventListener("submit", makeKey);
  byID("enrol-form").addEventListener("submit", makeEnrolment);
  for (const radio of document.querySelectorAll("input[name=keep]")) {
    radio.addEventListener("change", () => {
      byID("new-passphrase-part").hidden = radio.value === "here";
    });
  }
  byID("suggest").addEventListener("click", () => {
    byID("suggestion").textContent = suggestedPassphrase();
    byID("suggestion").hidden = false;
  });
  for (const id of ["files", "folder"]) {
    byID(id).addEventListener("change", () => {
      takeDocuments(chosenOfList(byID(id).files));
      byID(id).value = "";
    });
  }
  const drop = byID("drop");
  // A file dropped beside the mark would take the page's place, and with it all that is unsaved.
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => event.preventDefault());
  drop.addEventListener("dragover", () => drop.classList.add("over"));
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", async (event) => {
    drop.classList.remove("over");
    takeDocuments(await chosenOfDrop(event.dataTransfer));
  });
  byID("role").addEventListener("change", () => {
    byID("name-part").hidden = byID("role").value === "";
  });
  byID("register").addEventListener("click", register);
  addEventListener("pagehide", () => {
    clearSecrets();
    page.holder?.signer.erase();
  });
  // A page that the browser took out of its memory again has no keys any more.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}

openPage();
