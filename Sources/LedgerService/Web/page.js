// SPDX-License-Identifier: Apache-2.0
//
// The page: what a person gives, what is done with it, and the language in which it is said.

const page = {
  language: preferredLanguage(navigator.languages ?? [navigator.language]),
  given: [],
  trust: null,
  trustProblem: null,
  results: [],
  notes: [],
  // Files that are still being taken up, before there is work on them.
  arriving: 0,
  work: null,
  madeAt: null,
};

const nodeOf = (id) => document.getElementById(id);

/** Says a thing in the page's language. */
const here = (name, values) => say(page.language, name, values);

/** Puts everything that the page says in its language. */
function speak() {
  document.documentElement.lang = page.language === "zh" ? "zh-Hans" : "en";
  document.title = here("page.title").join("");
  for (const node of document.querySelectorAll("[data-say]")) node.replaceChildren(...here(node.dataset.say));
  for (const node of document.querySelectorAll("[data-label]")) {
    node.setAttribute("aria-label", here(node.dataset.label).join(""));
  }
  for (const language of ["en", "zh"]) {
    nodeOf(`speak-${language}`).setAttribute("aria-pressed", String(page.language === language));
  }
  showGiven();
  showTrust();
  showResults();
  sayVerdicts();
}

/** Lists what was given, and says what is missing. */
function showGiven() {
  const list = nodeOf("given");
  const shown = page.given.slice(0, 12);
  list.replaceChildren(...shown.map((given) => {
    const remove = element("button", { type: "button", class: "plain remove", "aria-label":
      textOfParts(page.language, here("files.remove", { name: [{ foreign: given.path }] })) }, ["\u00d7"]);
    remove.addEventListener("click", () => {
      page.given = page.given.filter((other) => other !== given);
      begin();
    });
    const kind = given.kind === null ? [] : [element("span", { class: "kind" }, here(`kind.${given.kind}`))];
    return element("li", {}, [foreignNode(given.path), " ", ...kind, remove]);
  }));
  if (page.given.length > shown.length) {
    list.append(element("li", {}, here("files.more", { n: page.given.length - shown.length })));
  }
  nodeOf("again").hidden = page.given.length === 0 && page.results.length === 0;
  const notes = page.notes.map(({ name, values }) => element("p", { class: "notice" }, nodesOfParts(page.language, here(name, values))));
  nodeOf("need").replaceChildren(...notes);
}

function showTrust() {
  const { trust, trustProblem } = page;
  nodeOf("trust-summary").replaceChildren(...trustSummary(page.language, trust));
  nodeOf("trust-list").replaceChildren(...trustNodes(page.language, trust));
  nodeOf("trust-embedded").hidden = trust?.isEmbedded !== true;
  nodeOf("trust-explain").hidden = trust !== null;
  nodeOf("trust-other").open = trust === null || trustProblem !== null;
  nodeOf("trust-problem").replaceChildren(...(trustProblem === null ? []
    : nodesOfParts(page.language, here("trust.malformed", { reason: [{ foreign: trustProblem }] }))));
}

function showResults() {
  const nodes = page.results.map((result) => resultNode(page.language, result, page.trust));
  if (nodes.length > 0) {
    const made = element("p", { class: "quiet small" },
      nodesOfParts(page.language, here("result.at", { moment: [{ moment: page.madeAt }] })));
    const print = element("button", { type: "button", class: "print-button" }, here("result.print"));
    print.addEventListener("click", () => window.print());
    nodes.push(element("div", { class: "result-end" }, [made, print]));
  }
  nodeOf("results").replaceChildren(...nodes);
}

/** Takes up more files, and starts to check. */
function give(files) {
  for (const { path, file } of files) {
    page.given = page.given.filter((other) => other.path !== path);
    page.given.push({ path, file, kind: null });
  }
  begin();
}

function useTrust(name, bytes) {
  try {
    page.trust = { name, policy: parsePolicy(bytes) };
    page.trustProblem = null;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    page.trustProblem = error.message;
  }
  begin();
}

/** Starts to check what was given; what was being checked is given up. */
async function begin() {
  if (page.work !== null) page.work.isCancelled = true;
  const work = { isCancelled: false, done: 0, all: 0 };
  page.work = work;
  page.results = [];
  page.notes = [];
  try {
    const results = await check(work);
    if (work.isCancelled) return;
    page.results = results;
    page.madeAt = BigInt(Math.floor(Date.now() / 1000));
  } catch (error) {
    if (error instanceof Cancelled || work.isCancelled) return;
    const isProblem = error instanceof FileProblem;
    page.notes = [isProblem ? { name: `work.${error.code}`, values: { name: [{ foreign: error.path }] } }
      : { name: "work.failed", values: { reason: [{ foreign: String(error) }] } }];
  } finally {
    if (page.work === work) {
      page.work = null;
      nodeOf("work").hidden = true;
      showGiven();
      showTrust();
      showResults();
      sayVerdicts();
      if (page.results.length > 0) nodeOf("results").scrollIntoView({ block: "start" });
    }
  }
}

/** Says to who cannot see the page what came of it. */
function sayVerdicts() {
  const verdicts = [...nodeOf("results").querySelectorAll(".sentence")].map((node) => node.textContent);
  nodeOf("live").textContent = verdicts.join(" ");
}

async function check(work) {
  showResults();
  for (const given of page.given) given.kind ??= await kindOf(given);
  showGiven();
  const ofKind = (kind) => page.given.filter((given) => given.kind === kind);
  const note = (name, path) => page.notes.push({ name, values: { name: [{ foreign: path ?? "" }] } });
  const proofs = ofKind("proof");
  let documents = ofKind("document");
  for (const { path } of ofKind("private")) note("files.private", path);
  // One that was registered is a document like any other.
  const lists = ofKind("trust");
  const isRegistered = ({ path }) => proofs.some((proof) => proof.path === `${path}.proof`);
  documents = [...documents, ...lists.filter(isRegistered)];
  for (const list of lists) if (!isRegistered(list)) note("trust.inDrop", list.path);
  if (proofs.length === 0) {
    if (documents.length > 0) note("need.proofText");
    return [];
  }
  if (page.trust === null) {
    note("need.trust");
    return [];
  }
  const { pairs, left } = pairFiles(proofs, documents);
  for (const { path } of left.slice(0, 5)) note("files.unpaired", path);
  work.all = pairs.reduce((sum, pair) => sum + pair.documents.reduce((size, { file }) => size + file.size, 0), 0);
  const results = [];
  for (const [i, pair] of pairs.entries()) results.push(await checkPair(work, pair, `result-${i}`));
  return results;
}

async function checkPair(work, { proof, documents, folder }, id) {
  const result = { id, name: proof.path, copies: [] };
  showWork(work, here("work.checking"));
  const bytes = await readProof(proof);
  // A long proof takes a while; the page says so first.
  if (bytes.length > 200_000) await new Promise((resolve) => setTimeout(resolve, 30));
  try {
    const verified = await verifyProof(parseProofFile(bytes), page.trust.policy);
    const comparisons = [];
    for (const given of documents) {
      const read = await readDocument(given, (count) => {
        work.done += count;
        showWork(work, here("work.hashing", { name: [shownText(given.path)] }));
      });
      comparisons.push(await compareDocument(read, verified.exhibit));
    }
    result.claims = new Claims(verified, page.trust, comparisons, folder);
    result.claims.isByBrowser = await browserKeepsTheRule();
    await compareWords(result, documents, comparisons);
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof FormatError)) throw error;
    result.error = error;
  }
  return result;
}

/** Where a proof shows words and not the hash, the words of a given document are compared with them. */
async function compareWords(result, documents, comparisons) {
  if (shownTexts(result.claims.verified).length === 0) return;
  for (const [i, { result: found }] of comparisons.entries()) {
    if (found === "nothing") result.copies.push(await readCopy(documents[i].file, 0, true));
  }
}

/** Shows how far the work is; ends it where it was given up. */
function showWork(work, words) {
  if (work.isCancelled) throw new Cancelled();
  nodeOf("work").hidden = false;
  nodeOf("work-text").replaceChildren(...words);
  const bar = nodeOf("work-bar");
  bar.max = Math.max(work.all, 1);
  bar.value = work.done;
  const size = (count) => `${(count / 1e6).toFixed(count < 1e8 ? 1 : 0)} MB`;
  nodeOf("work-count").replaceChildren(...(work.all < 1e6 ? []
    : here("work.progress", { done: size(work.done), all: size(work.all) })));
}

/** Takes something up that takes a moment to arrive. */
async function arrive(taking) {
  page.arriving += 1;
  try {
    await taking();
  } finally {
    page.arriving -= 1;
  }
}

function listen() {
  const drop = nodeOf("drop");
  const isFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  // Wherever files are let go, the browser must not open them in place of the page.
  let depth = 0;
  const mark = (isOver) => drop.classList.toggle("over", isOver);
  addEventListener("dragenter", (event) => isFiles(event) && mark((depth += 1) > 0));
  addEventListener("dragleave", (event) => isFiles(event) && mark((depth = Math.max(0, depth - 1)) > 0));
  addEventListener("dragover", (event) => isFiles(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    // Words may still be dropped where words go.
    if (!isFiles(event)) return;
    event.preventDefault();
    mark((depth = 0) > 0);
    arrive(async () => give(await droppedFiles(event.dataTransfer)));
  });
  // What is printed says what was checked, and what was not.
  addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details.checked")) details.open = true;
  });
  for (const [button, input] of [["choose-files", "files"], ["choose-folder", "folder"], ["choose-trust", "trust-file"]]) {
    nodeOf(button).addEventListener("click", () => nodeOf(input).click());
  }
  for (const id of ["files", "folder"]) {
    nodeOf(id).addEventListener("change", ({ target }) => {
      const files = [...target.files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
      target.value = "";
      give(files);
    });
  }
  nodeOf("trust-file").addEventListener("change", ({ target }) => {
    const [file] = target.files;
    if (file === undefined) return;
    arrive(async () => {
      const bytes = new Uint8Array(await file.slice(0, policyLimit + 1).arrayBuffer());
      target.value = "";
      useTrust(file.name, bytes);
    });
  });
  nodeOf("use-trust").addEventListener("click", () => {
    const text = nodeOf("trust-text").value.trim();
    if (text !== "") useTrust(here("trust.pasted").join(""), utf8(`${text}\n`));
  });
  nodeOf("again").addEventListener("click", () => {
    page.given = [];
    begin();
    nodeOf("choose-files").focus();
  });
  nodeOf("cancel").addEventListener("click", () => {
    if (page.work === null) return;
    page.work.isCancelled = true;
    page.work = null;
    page.given = [];
    page.notes = [{ name: "work.cancelled", values: {} }];
    nodeOf("work").hidden = true;
    showGiven();
    nodeOf("choose-files").focus();
  });
  for (const language of ["en", "zh"]) {
    nodeOf(`speak-${language}`).addEventListener("click", () => {
      page.language = language;
      speak();
    });
  }
}

page.trust = embeddedTrust();
listen();
speak();
