// SPDX-License-Identifier: Apache-2.0
//
// The words of a sheet as a person types, pastes or scans them: each is looked at as it comes, and what it may have been
// is offered. When all of them fit together they are taken out of the fields.

/** The seventeen fields, and what is said of them. `whenWhole` is given the seed, once the words fit together. */
class SheetWords {
  constructor(form, whenWhole) {
    this.form = form;
    this.whenWhole = whenWhole;
    this.fields = Array.from({ length: paperWordCount }, (_, i) => this.makeField(i));
    form.replaceChildren(...this.fields.map(({ box }) => box));
    form.addEventListener("submit", (event) => event.preventDefault());
  }

  makeField(i) {
    const id = `word-${i + 1}`;
    const input = make("input", {
      type: "text", id, autocomplete: "off", spellcheck: false, maxLength: 200, enterkeyhint: i < 16 ? "next" : "done",
    });
    input.setAttribute("autocapitalize", "none");
    input.setAttribute("autocorrect", "off");
    input.setAttribute("aria-describedby", `${id}-hint`);
    const label = make("label", { htmlFor: id }, String(i + 1));
    const hint = make("div", { className: "hint small", id: `${id}-hint` });
    const box = make("div", { className: "word" }, label, input, hint);
    input.addEventListener("input", () => this.typed(i));
    input.addEventListener("blur", () => this.show(i, true));
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || (event.key === " " && input.value)) {
        event.preventDefault();
        this.fields[i + 1]?.input.focus();
      } else if (event.key === "Backspace" && !input.value && i > 0) {
        event.preventDefault();
        this.fields[i - 1].input.focus();
      }
    });
    return { box, input, hint, isJudged: false };
  }

  get words() {
    return this.fields.map(({ input }) => paperWordsIn(input.value)[0] ?? "");
  }

  /** After a change in a field: several words at once are spread over the fields that follow. */
  typed(i) {
    const found = paperWordsIn(this.fields[i].input.value);
    if (found.length > 1) return this.put(found, i);
    this.fields[i].isJudged = false;
    this.show(i);
    const isDone = proquintValue(found[0] ?? "") !== null;
    if (isDone && document.activeElement === this.fields[i].input && !this.fields[i + 1]?.input.value) {
      this.fields[i + 1]?.input.focus();
    }
    this.judge();
  }

  /** Puts words into the fields from one on. */
  put(words, from = 0) {
    words.slice(0, paperWordCount - from).forEach((word, k) => {
      this.fields[from + k].input.value = word;
      this.show(from + k, true);
    });
    this.fields[Math.min(from + words.length, paperWordCount) - 1].input.focus();
    this.judge();
  }

  /** Says what is to be said of one field. A word under way is left alone until it is five letters long, or left. */
  show(i, isLeft = false) {
    const entry = this.fields[i];
    const typed = this.words[i];
    entry.isJudged ||= isLeft || typed.length >= 5;
    const isRight = proquintValue(typed) !== null;
    const isWrong = !isRight && typed !== "" && entry.isJudged;
    entry.box.classList.toggle("right", isRight);
    entry.box.classList.toggle("wrong", isWrong);
    entry.input.setAttribute("aria-invalid", String(isWrong));
    entry.input.setAttribute("aria-label", say("word", { n: i + 1 }));
    if (!isWrong) return entry.hint.replaceChildren();
    const suggestions = paperSuggestions(typed);
    entry.hint.replaceChildren(say(suggestions.length > 0 ? "didYouMean" : "notAWord"),
      this.suggestionButtons(suggestions.map((word) => ({ at: i, word }))));
  }

  suggestionButtons(suggestions) {
    return make("div", { className: "suggestions" }, ...suggestions.map(({ at, word }) => make("button", {
      type: "button",
      onclick: () => {
        this.fields[at].input.value = word;
        this.typed(at);
        (this.fields[at + 1] ?? this.fields[at]).input.focus();
      },
    }, word)));
  }

  /** Says how far it is; hands the seed on where all words fit together. */
  judge() {
    const { words } = this;
    const right = words.filter((word) => proquintValue(word) !== null).length;
    const wrong = words.flatMap((word, i) => (word && proquintValue(word) === null && this.fields[i].isJudged ? [i + 1] : []));
    const status = document.getElementById("words-status");
    const likely = document.getElementById("likely");
    likely.replaceChildren();
    status.textContent = wrong.length > 0 ? say("wordsWrong", { n: right, list: wrong.join(", ") })
      : right > 0 ? say("wordsSoFar", { n: right }) : "";
    if (right < paperWordCount) return;
    const seed = seedOfPaperWords(words);
    if (seed) {
      this.clear();
      return this.whenWhole(seed);
    }
    status.textContent = say("wordsDiffer");
    for (const suggestion of likelyPaperWords(words).slice(0, 3)) {
      likely.append(make("p", {}, say("wordsLikely", { n: suggestion.at + 1 })), this.suggestionButtons([suggestion]));
    }
  }

  /** Takes all words out of the page, as far as a page can. */
  clear() {
    this.fields.forEach(({ input }, i) => {
      input.value = "";
      this.show(i);
    });
    document.getElementById("words-status").textContent = "";
    document.getElementById("likely").replaceChildren();
  }

  /** Says everything again in another language. */
  sayAgain() {
    this.fields.forEach((_, i) => this.show(i));
    if (this.words.some(Boolean)) this.judge();
  }
}

/** The browser's reader of square codes; null where it has none. */
async function codeReader() {
  try {
    const formats = await globalThis.BarcodeDetector?.getSupportedFormats();
    return formats?.includes("qr_code") ? new BarcodeDetector({ formats: ["qr_code"] }) : null;
  } catch {
    return null;
  }
}

/** The words in a picture or in what the camera sees now; null where there is no such code. */
async function wordsInPicture(reader, picture) {
  for (const { rawValue } of await reader.detect(picture)) {
    const words = rawValue.length <= 4096 ? paperWordsIn(rawValue) : [];
    if (words.length === paperWordCount) return words;
  }
  return null;
}

/** Watches with the camera until the words are seen or `signal` ends it: the words, or null. Throws without a camera. */
async function scanWords(reader, video, signal) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
  try {
    video.srcObject = stream;
    await video.play();
    while (!signal.aborted) {
      const words = await wordsInPicture(reader, video).catch(() => null);
      if (words) return words;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    return null;
  } finally {
    stream.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
  }
}
