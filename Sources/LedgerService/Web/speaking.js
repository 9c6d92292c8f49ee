// SPDX-License-Identifier: Apache-2.0
//
// What a page says, in English or Simplified Chinese, and how it shows the words of others.
//
//     const pageWords = { title: ["Register", "登记"], held: ["kept for {days} days", "保留 {days} 天"], ... }
//     <h1 data-say="title"></h1>      <input data-say-label="name" data-say-hint="nameHint">
//
// The language is the browser's, and can be changed on the page; nothing remembers it but the address (`#lang=zh-Hans`).

const spokenLanguages = ["en", "zh-Hans"];

let spokenWords = {};
let spokenLanguage = "en";

/** The words of a key with values put in; values are not looked at for further places. */
function say(key, values = {}) {
  const pair = spokenWords[key];
  if (!pair) throw new Error(`no words for ${key}`);
  return pair[spokenLanguages.indexOf(spokenLanguage)].replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** Starts speaking: finds the language, fills the page, and lets the buttons of `.languages` change it. */
function startSpeaking(words, whenChanged) {
  spokenWords = words;
  const asked = /[#&]lang=([\w-]+)/.exec(location.hash)?.[1];
  const wanted = asked ?? (navigator.language || "en");
  spokenLanguage = /^zh/i.test(wanted) ? "zh-Hans" : "en";
  for (const button of document.querySelectorAll(".languages button")) {
    button.addEventListener("click", () => {
      spokenLanguage = button.value;
      history.replaceState(null, "", `#lang=${button.value}`);
      fillPage();
      whenChanged();
    });
  }
  fillPage();
}

/** Puts the words of the language into every element that names some. */
function fillPage() {
  document.documentElement.lang = spokenLanguage;
  document.title = say("pageTitle");
  for (const node of document.querySelectorAll("[data-say]")) node.textContent = say(node.dataset.say);
  for (const node of document.querySelectorAll("[data-say-label]")) {
    node.setAttribute("aria-label", say(node.dataset.sayLabel));
  }
  for (const node of document.querySelectorAll("[data-say-hint]")) node.placeholder = say(node.dataset.sayHint);
  for (const button of document.querySelectorAll(".languages button")) {
    button.setAttribute("aria-pressed", String(button.value === spokenLanguage));
  }
}

/** An element with properties and children; strings become text, never markup. */
function make(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in node) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

/** The words of somebody else: set apart, their controls and direction marks written out. */
function quoted(text, tag = "bdi") {
  const node = make(tag, { className: "foreign" });
  for (const part of text.split(/([\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff])/)) {
    if (part.length === 1 && /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/.test(part)) {
      const code = part.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
      node.append(make("span", { className: "mark" }, `U+${code}`));
    } else if (part) {
      node.append(part);
    }
  }
  return node;
}

/** Words with a place in them for a node: the text before, the node, the text behind. */
function sayAround(key, node, values = {}) {
  const [before, behind] = say(key, { ...values, node: "\u0000" }).split("\u0000");
  return [before, node, behind ?? ""];
}

/** A number of bytes in a reader's words. */
function saySize(bytes) {
  if (bytes < 1000) return say("bytes", { n: bytes });
  const units = ["kB", "MB", "GB", "TB"];
  let value = bytes, unit = -1;
  while (value >= 999.5 && unit < 3) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** A moment in POSIX seconds: UTC, and in Chinese Beijing time. */
function sayMoment(seconds) {
  const shift = spokenLanguage === "en" ? 0 : 8 * 3600;
  const date = new Date((Number(seconds) + shift) * 1000);
  if (Number.isNaN(date.getTime())) return String(seconds);
  const text = date.toISOString().slice(0, 16).replace("T", " ");
  return spokenLanguage === "en" ? `${text} UTC` : `${text} 北京时间`;
}
