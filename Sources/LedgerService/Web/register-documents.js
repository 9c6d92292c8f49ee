// SPDX-License-Identifier: Apache-2.0
//
// The documents on the page that registers: chosen, dropped, or a folder, each with the path that it is registered
// under.
//
//     chosen: {stem, files: [{name, file}]}      `stem` is what the files that are saved are named after

const longestFolder = 10_000;

/** What a person chose with a file field. A folder's own name is not part of the paths. */
function chosenOfList(list) {
  const files = [...list].map((file) => {
    const path = file.webkitRelativePath;
    return { name: path ? path.slice(path.indexOf("/") + 1) : file.name, file };
  });
  const folder = list[0]?.webkitRelativePath?.split("/", 1)[0];
  return { stem: folder || null, files };
}

/** What a person dropped: files, or one folder with all that is in it. */
async function chosenOfDrop(transfer) {
  const entries = [...transfer.items].filter((item) => item.kind === "file").map((item) => item.webkitGetAsEntry?.());
  if (entries.length === 0 || entries.some((entry) => !entry)) return chosenOfList(transfer.files);
  const isFolder = entries.length === 1 && entries[0].isDirectory;
  const files = [];
  for (const entry of entries) await collectEntry(entry, isFolder ? "" : entry.name, files);
  return { stem: isFolder ? entries[0].name : null, files };
}

async function collectEntry(entry, path, files) {
  if (files.length >= longestFolder) throw new FormatError("folder", "too many files");
  if (entry.isFile) {
    files.push({ name: path, file: await new Promise((resolve, reject) => entry.file(resolve, reject)) });
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    // A browser gives the entries of a folder in portions; an empty one is the last.
    const portion = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (portion.length === 0) return;
    for (const inner of portion) await collectEntry(inner, path ? `${path}/${inner.name}` : inner.name, files);
  }
}

/** What is wrong with the chosen files: {words, name}, or null. */
function documentsFault(files) {
  if (files.length === 0) return { words: "noDocuments" };
  const seen = new Set();
  for (const { name } of files) {
    // A browser writes U+FFFD where a name is not Unicode: no proof could show what it was.
    if (!isExhibitPath(name) || name.includes("\ufffd") || utf8Length(name) > 4096) return { words: "badPath", name };
    if (seen.has(name)) return { words: "twicePath", name };
    seen.add(name);
  }
  return null;
}

/** The list of the chosen files, each with a button to take it out again. */
function documentItems(files, remove) {
  return files.map(({ name, file }, i) => {
    const label = make("span", { className: "file-name" }, quoted(name));
    const isMarked = hasRefusedCodePoint(name);
    const button = make("button", { type: "button", className: "plain small remove" }, "×");
    button.setAttribute("aria-label", say("removeFile", { name }));
    button.addEventListener("click", () => remove(i));
    return make("li", {}, label, make("span", { className: "quiet small" }, saySize(file.size)),
      button, isMarked ? make("span", { className: "small notice" }, say("markedName")) : null);
  });
}
