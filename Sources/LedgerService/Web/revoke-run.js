// SPDX-License-Identifier: Apache-2.0
//
// Signs a revocation, offers it, checks the answer, and says what it does and what it does not.

async function revoke() {
  const refuse = (words) => alertAt("confirm-alert", words);
  refuse(null);
  if (!page.signer && !page.signed) return refuse("needSheet");
  if (!page.owner) return refuse("needOwner");
  if (!page.signed && !chosenReason()) return refuse("needReason");
  let since;
  try {
    since = chosenSince();
  } catch {
    return refuse("badSince");
  }
  if (!byID("understood").checked) return refuse("needUnderstood");
  const { owner } = page;
  byID("revoke").disabled = true;
  let filing = page.signed?.note.whole;
  if (!filing) {
    const lines = [`revoke ${owner.key.text}`, `reason ${chosenReason()}`, ...(since === null ? [] : [`since ${since}`])];
    const text = filingText({ origin: settings.origin, signers: [page.signer.key.text], lines });
    filing = await signedNote(text, [page.signer]);
  }
  page.job = { filing, key: owner.key, name: `revoke-${downloadName(owner.key.name)}` };
  setUnsaved("revocation", true);
  await offer();
}

async function offer() {
  const { job } = page;
  showOutcome(() => [make("p", {}, say("signing"))], "");
  try {
    const answer = await offerFiling(settings.submit, job.filing);
    if (answer.held !== undefined) return showUnfinished({ title: "heldTitle", text: "heldText", line: answer.held });
    const checked = await verifyOwnAnswer(answer.proof, job.filing, page.policy);
    setUnsaved("revocation", false);
    page.signer?.erase();
    page.signer = null;
    showForm(false);
    byID("sheet-step").hidden = true;
    showOutcome(() => doneOutcome(job, checked, answer.proof), "good");
  } catch (error) {
    showUnfinished(faultOf(error));
  } finally {
    byID("revoke").disabled = false;
  }
}

/** What to say of an error: {title, text, why, line, isFinal}. */
function faultOf(error) {
  if (error instanceof Unreachable) return { title: "pendingTitle", text: "pendingText" };
  if (!(error instanceof LogRefusal)) return { title: "answerTitle", text: "answerText", why: answerFault(error) };
  const isLater = error.status >= 500 || error.status === 429 || error.status < 400;
  return isLater ? { title: "pendingTitle", text: "pendingText", line: error.line }
    : { title: "refusedTitle", text: "refusedText", line: error.line, isFinal: true };
}

function showOutcome(draw, kind) {
  page.shown = draw;
  const outcome = byID("outcome");
  outcome.hidden = false;
  outcome.className = `outcome ${kind}`;
  outcome.replaceChildren(...draw());
  outcome.focus();
  outcome.scrollIntoView({ block: "start" });
}

function doneOutcome(job, { entry, index, cosigned }, proof) {
  const servers = cosigned.cosigners.map(({ witness }) => textOf(bytesOfOctets(witness.name)) ?? witness.name).join(", ");
  const name = `${job.name}.filing.proof`;
  const text = proofFileText({ format: "indelible-proof/v1", inclusion: [proof] });
  const save = saveButton(say("saveProof", { name }), name, text, "application/vnd.indelible.proof+json");
  // It can be had again from the log at any time.
  setUnsaved(name, false);
  setUnsaved(`${job.name}.filing`, false);
  return [
    make("h2", {}, say("doneTitle", { entry: index })),
    make("p", { className: "sentence" }, ...sayAround("doneText", make("b", {}, quoted(job.key.name)))),
    make("p", {}, say("checkedText", { quorum: servers ? say("checkedQuorum", { servers }) : "" }), " ",
      say("clockText", { time: sayMoment(entry.time) })),
    make("p", { className: "notice" }, say("afterwards")),
    save,
  ];
}

function showUnfinished({ title, text, why, line, isFinal }) {
  const { job } = page;
  if (isFinal) setUnsaved("revocation", false);
  showOutcome(() => {
    const parts = [make("h2", {}, say(title)), make("p", {}, say(text, { why: why ? say(why) : "" }))];
    if (line) parts.push(make("p", { className: "log-line" }, say("logSays"), " ", quoted(line)));
    parts.push(make("button", { type: "button", className: "primary", id: "retry", onclick: offer }, say("retry")));
    const name = `${job.name}.filing`;
    const save = saveButton(say("saveFiling", { name }), name, job.filing, "text/plain; charset=utf-8",
      () => setUnsaved("revocation", false));
    setUnsaved(name, false);
    parts.push(make("p", {}, say("saveMeanwhile")), save);
    return parts;
  }, isFinal ? "bad" : "unsure");
}
