// SPDX-License-Identifier: Apache-2.0
//
// The third step of the page that registers: reads, seals, signs, offers the filing, checks the answer, and makes the two
// files of it.

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

/** Reads and hashes the chosen files, and says how far it is. */
async function readChosen(files) {
  const documents = [];
  const total = files.reduce((sum, { file }) => sum + file.size, 0);
  let before = 0;
  for (const { name, file } of files) {
    documents.push(await readDocument(file, name, (done) => showProgress(
      "reading", { name, done: saySize(before + done), total: saySize(total) }, (before + done) / Math.max(total, 1))));
    before += file.size;
  }
  return documents;
}

/** Everything before the filing is sent: reads, seals, signs, and writes the draft. */
async function prepare(request) {
  const documents = await readChosen(request.files);
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
    // No name goes with it: what is left on a disk that is taken says nothing of the documents.
    await keep("begun", { filing: prepared.filing, draft: job.draft, since: Date.now() });
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
