// SPDX-License-Identifier: Apache-2.0
//
// What became of a registration, in words, with the files to save.

/** A heading with its explanation and a way to save each file. */
function outcomeFile(button, text) {
  return make("div", { className: "result-file" }, button, make("p", { className: "small" }, text));
}

/** Shows a registration that is in the log and was checked. `whenSaved` is called once both files are saved. */
function registeredOutcome(job, answer, files, whenSaved, again) {
  const { entry, index, cosigned } = answer;
  const several = job.prepared.exhibit.documents.length > 1;
  const servers = cosigned.cosigners.map(({ witness }) => textOf(bytesOfOctets(witness.name)) ?? witness.name).join(", ");
  const facts = make("dl", { className: "facts" });
  const fact = (heading, ...values) => facts.append(make("dt", {}, say(heading)), make("dd", {}, ...values));
  fact("checked", say("checkedText", { quorum: servers ? say("checkedQuorum", { servers }) : "" }));
  fact("logClock", say("logClockText", { time: sayMoment(entry.time) }));
  if (answer.signedAfter) fact("after", say("afterText", { time: sayMoment(answer.signedAfter) }));
  fact("before", cosigned.upperBound === null ? say("beforeNone")
    : say("beforeText", { time: sayMoment(cosigned.upperBound), servers }));
  fact("notShown", say("notShownText"));
  const words = job.prepared.exhibit.documents.reduce((sum, document) => sum + (document.lengths?.length ?? 0), 0);
  const saved = (job.saved ??= new Set());
  const save = (label, name, content, type) => {
    const button = saveButton(say(label, { name }), name, content, type, () => {
      saved.add(name);
      if (saved.size === 2) whenSaved();
    });
    button.classList.add("primary");
    return button;
  };
  const documents = say(several ? "theseDocuments" : "thisDocument");
  return [
    make("h2", {}, say("registered", { entry: index })), make("p", { className: "names" }, ...documentNames(job)),
    facts, make("p", { className: "notice" }, say("saveBoth")),
    outcomeFile(save("saveProof", `${job.stem}.proof`, files.proof, "application/vnd.indelible.proof+json"),
      say("proofText", { documents, words: words > 0 ? say("wordsOneByOne", { n: words }) : "" })),
    outcomeFile(save("savePrivate", `${job.stem}.private`, files.private, "application/octet-stream"),
      `${say("privateText", { documents: job.isCarried ? "" : say("andDocuments") })} ${
        say("openedBy", { keys: job.recipients.map((key) => key.name).join(", ") })}`),
    make("button", { type: "button", onclick: again }, say("another")),
  ];
}

/** The names of what was registered, quoted. */
function documentNames(job) {
  return job.prepared.exhibit.documents.slice(0, 20).flatMap(({ name }, i) => (i > 0 ? [" · ", quoted(name)] : [quoted(name)]));
}

/** Shows that a registration is not finished, why, and what can be done: again, save what it takes, or give it up. */
function unfinishedOutcome(job, { title, text, line }, actions) {
  const [filing, draft] = [`${job.stem}.filing`, `${job.stem}.draft`];
  const parts = [make("h2", {}, say(title)), make("p", {}, text)];
  if (line) parts.push(make("p", { className: "log-line" }, say("logSays"), " ", quoted(line)));
  parts.push(make("button", { type: "button", className: "primary", id: "retry", onclick: actions.retry }, say("retry")));
  parts.push(make("p", { className: "notice" }, say("saveMeanwhile", { filing, stem: job.stem })));
  parts.push(make("div", { className: "choices" },
    saveButton(say("saveFiling", { name: filing }), filing, job.prepared.filing, "text/plain; charset=utf-8"),
    saveButton(say("saveDraft", { name: draft }), draft, job.draft, "application/octet-stream"),
    make("button", { type: "button", className: "plain", onclick: actions.giveUp }, say("giveUp"))));
  return parts;
}

/** What to say of an error from the log: {title, text, line, isFinal}. `isFinal`: the filing will never be taken. */
function faultWords(error, hasToken = false) {
  if (error instanceof Unreachable) return { title: "pendingTitle", text: say("pendingText") };
  if (error instanceof LogRefusal) {
    if (error.status >= 500 || error.status === 429 || error.status < 400) {
      return { title: "pendingTitle", text: say("pendingText"), line: error.line };
    }
    // A token that is wanted, or that is not one of this log, can be put right.
    const isToken = error.status === 401 || (error.status === 403 && hasToken);
    return {
      title: "refusedTitle", text: say(error.status === 401 ? "tokenNeeded" : "refusedText"), line: error.line,
      isFinal: !isToken,
    };
  }
  return { title: "answerTitle", text: say("answerText", { why: say(answerFault(error)) }) };
}
