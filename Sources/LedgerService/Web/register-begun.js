// SPDX-License-Identifier: Apache-2.0
//
// What an earlier visit to the page that registers began and did not finish.

async function showBegun() {
  const isOpen = ({ filing }) => filing.includes(`\nlog ${settings.origin}\n`) && filing !== page.job?.prepared.filing;
  const begun = (await listKept("begun")).filter(isOpen);
  byID("begun").hidden = begun.length === 0;
  byID("begun-list").replaceChildren(...begun.map((kept) => {
    const { filing, draft, since } = kept;
    const stem = `begun-${hexOf(sha256(utf8(filing))).slice(0, 8)}`;
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
    const finish = async () => {
      try {
        await finishBegun(kept);
      } catch (error) {
        const values = { node: quoted(error.document ?? "") };
        answerLine.replaceChildren(...sayAround(error instanceof OtherDraft ? error.code : "begunOther", values.node));
        stopWorking();
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
        make("button", { type: "button", className: "finish", onclick: finish }, say("begunFinish")),
        make("button", { type: "button", className: "plain", onclick: forget }, say("begunForget"))),
      answerLine);
    for (const suffix of ["filing", "draft"]) setUnsaved(`${stem}.${suffix}`, false);
    return box;
  }));
}

/**
 * Finishes what was begun, with the key that is open and the documents that are chosen. The private file is encrypted to
 * that key and to the custodians that are named now: nobody can see to whom the draft was.
 */
async function finishBegun(kept) {
  const request = page.holder?.signer.openAny && page.chosen.files.length > 0 ? readRequest() : null;
  if (!request) throw new OtherDraft("begunNeeds");
  const contents = await openPrivateFile(kept.draft, page.holder.signer);
  if (!contents) throw new OtherDraft("begunNotForKey");
  const documents = await readChosen(request.files);
  const progress = (done, total) => showProgress("sealing", { done, total }, done / total);
  const prepared = await resumeRegistration(kept.filing, contents, documents, progress);
  page.job = {
    ...request, prepared, isCarried: prepared.isCarried, draft: kept.draft, isKeptHere: true, quoted: null,
    isUnclear: true,
  };
  byID("begun").hidden = true;
  await offer();
}
