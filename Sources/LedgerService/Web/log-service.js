// SPDX-License-Identifier: Apache-2.0
//
// Talks with the log that served the page, and with nobody else. It is sent filings and asked for what is public; what
// it answers is read like anything from outside.
//
//     POST /entries   a filing        200 tlog-proof, 202 logged and held back, otherwise one line that says why
//     GET  /find?key=VKEY, ?charter=  {"entries": [index, ...]}
//     GET  /proof/<index>             tlog-proof, its extra line the entry
//     GET  /checkpoint                the newest checkpoint

const answerLimit = 4 * 1024 * 1024;

/** What the page was told of its log when it was served: {origin, vkey, policy, policy_name, admission, submit}. */
function readLogSettings() {
  const settings = JSON.parse(document.getElementById("log").textContent);
  return { ...settings, policy: bytesOfBase64(settings.policy) };
}

/** Thrown where nothing came back, or not all of it. */
class Unreachable extends Error {}

/** Thrown where the log answered something else than was asked for; `line` is what it says, in its own words. */
class LogRefusal extends Error {
  constructor(status, line) {
    super(`status ${status}`);
    this.status = status;
    this.line = line;
  }
}

/** The bytes of an answer of at most `limit`: {status, bytes}. */
async function askLog(path, options = {}, limit = answerLimit) {
  try {
    const response = await fetch(path, {
      ...options, cache: "no-store", credentials: "omit", redirect: "error", referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(60_000),
    });
    const reader = response.body.getReader();
    const parts = [];
    for (let total = 0; ;) {
      const { done, value } = await reader.read();
      if (done) break;
      total += value.length;
      if (total > limit) throw new Unreachable();
      parts.push(value);
    }
    return { status: response.status, bytes: concat(...parts) };
  } catch {
    throw new Unreachable();
  }
}

/** The first line of an answer in words, at most 500 characters. */
function firstLine(bytes) {
  return (textOf(bytes) ?? "").split("\n", 1)[0].slice(0, 500);
}

/** The text at a path. Throws LogRefusal or Unreachable. */
async function textFromLog(path) {
  const { status, bytes } = await askLog(path);
  const text = textOf(bytes);
  if (status !== 200 || text === null) throw new LogRefusal(status, firstLine(bytes));
  return text;
}

/**
 * Offers a filing: {proof} with the tlog-proof where it is logged, {held} with the log's words where it is logged and
 * too few servers have cosigned. Throws LogRefusal or Unreachable. The same filing offered again gets the same entry.
 */
async function offerFiling(path, filing, token = "") {
  const headers = { "content-type": "text/plain; charset=utf-8" };
  if (token) headers.authorization = `Bearer ${token}`;
  const { status, bytes } = await askLog(path, { method: "POST", headers, body: utf8(filing) });
  if (status === 202) return { held: firstLine(bytes) };
  const proof = textOf(bytes);
  if (status !== 200 || proof === null) throw new LogRefusal(status, firstLine(bytes));
  return { proof };
}

/** Where things stand in the log, ascending: the entries that a key signs or that are about it, or its charters. */
async function findEntries(name, value) {
  const found = [];
  const isPlace = (place) => Number.isSafeInteger(place) && place >= 0;
  for (let from = 0; from !== undefined; ) {
    const query = `${name}=${encodeURIComponent(value)}&from=${from}`;
    const { entries, next } = JSON.parse(await textFromLog(`find?${query}`)) ?? {};
    if (!Array.isArray(entries) || !entries.every(isPlace)) throw new LogRefusal(200, "");
    found.push(...entries);
    // Each answer begins further on, or it is no answer.
    if (next !== undefined && !(isPlace(next) && next > from)) throw new LogRefusal(200, "");
    from = next;
  }
  return found.sort((a, b) => a - b);
}

/** A path with a number in groups of three digits, as logs name their files (C2SP tlog-tiles). */
function numberedPath(folder, number) {
  let path = String(number % 1000).padStart(3, "0");
  for (let rest = Math.floor(number / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    path = `x${String(rest % 1000).padStart(3, "0")}/${path}`;
  }
  return `${folder}/${path}`;
}
