// SPDX-License-Identifier: Apache-2.0
//
// How words become what is shown. What is said is a list of parts: strings of this page's own, and values that are set
// apart, {foreign: text} and {moment: seconds}. It is turned into text or into nodes of the page, never into markup.

const languages = { en: englishWords, zh: chineseWords };

/** The language that the reader's browser asks for: the first of its languages that the page speaks. */
function preferredLanguage(wanted) {
  for (const language of wanted) {
    const [name, ...parts] = language.toLowerCase().split("-");
    if (Object.hasOwn(languages, name)) return name;
    if (parts.length > 0 && name === "yue") return "zh";
  }
  return "en";
}

/** The parts of what the words of this name say with these values, which are strings, numbers or lists of parts. */
function say(language, name, values = {}) {
  const template = languages[language][name];
  if (template === undefined) throw new Error(`no words are named ${name}`);
  const parts = [];
  let at = 0;
  for (const match of template.matchAll(/\{(\w+)(?::([^|}]*)\|([^}]*))?\}/g)) {
    const [whole, key, one, many] = match;
    if (match.index > at) parts.push(template.slice(at, match.index));
    at = match.index + whole.length;
    const value = values[key];
    if (value === undefined) throw new Error(`the words ${name} want a ${key}`);
    if (Array.isArray(value)) parts.push(...value);
    else parts.push(typeof value === "object" && value !== null ? value : String(value));
    if (one !== undefined) parts.push(` ${BigInt(value) === 1n ? one : many}`);
  }
  if (at < template.length) parts.push(template.slice(at));
  return parts;
}

/** Several lists of parts with words between them. */
function joined(language, name, lists) {
  return lists.flatMap((list, i) => (i === 0 ? list : [languages[language][name], ...list]));
}

/** What was said as one line of text, with whatever could be obeyed written out. */
function textOfParts(language, parts) {
  return parts.map((part) => {
    if (typeof part === "string") return part;
    return part.foreign !== undefined ? shownText(part.foreign) : momentText(language, part.moment);
  }).join("");
}

/** What was said as nodes of the page. */
function nodesOfParts(language, parts) {
  return parts.map((part) => {
    if (typeof part === "string") return part;
    return part.foreign !== undefined ? foreignNode(part.foreign) : momentNode(language, part.moment);
  });
}

// No calendar reaches further than the formats' numbers may.
const calendarEnd = 1n << 40n;

/** A moment by RFC 3339, for programs. */
function rfc3339(seconds) {
  if (BigInt(seconds) >= calendarEnd) return `second ${seconds}`;
  const parts = (moment) => moment.toISOString().slice(moment.getUTCFullYear() > 9999 ? 1 : 0);
  return parts(new Date(Number(seconds) * 1000)).replace(/^0(?=\d{5})/, "").replace(/\.\d+Z$/, "Z");
}

/** A moment to the minute: UTC in English, Beijing time in Chinese, as the program `indelible` says it. */
function momentText(language, seconds) {
  if (BigInt(seconds) >= calendarEnd) return `second ${seconds}`;
  const shift = language === "zh" ? 8 * 3600 : 0;
  const [day, clock] = rfc3339(BigInt(seconds) + BigInt(shift)).split("T");
  return `${day} ${clock.slice(0, 5)} ${language === "zh" ? languages.zh["moment.beijing"] : "UTC"}`;
}

/** A moment as the reader writes it where they are, and UTC behind it. */
function momentNode(language, seconds) {
  const node = document.createElement("time");
  const utc = momentText("en", seconds);
  const date = new Date(Number(seconds) * 1000);
  if (BigInt(seconds) >= calendarEnd || Number.isNaN(date.getTime())) {
    node.textContent = utc;
    return node;
  }
  node.dateTime = rfc3339(seconds);
  const isLocal = date.getTimezoneOffset() !== 0;
  node.textContent = !isLocal ? utc : languages[language]["moment.local"]
    .replace("{local}", () => localMoment(language, date)).replace("{utc}", () => utc);
  return node;
}

/** A moment as it is written where the reader is, with the name of the zone. */
function localMoment(language, date) {
  const locale = language === "zh" ? "zh-CN" : navigator.languages.find((name) => name.startsWith("en")) ?? "en-GB";
  const format = (more) => new Intl.DateTimeFormat(locale, {
    year: "numeric", month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...more,
  });
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zoneName = language === "zh" && zone === "Asia/Shanghai" ? languages.zh["moment.beijing"]
    : format({ timeZoneName: "short" }).formatToParts(date).find(({ type }) => type === "timeZoneName").value;
  return `${format({}).format(date)} ${zoneName}`;
}
