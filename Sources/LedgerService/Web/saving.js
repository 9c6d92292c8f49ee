// SPDX-License-Identifier: Apache-2.0
//
// Files that the page hands to the person, and what is not saved yet. While something is unsaved, the browser asks
// before it leaves the page.

const unsavedFiles = new Set();
const savedContents = new Set();

/** Says from now on whether something is unsaved under a name. */
function setUnsaved(name, isUnsaved) {
  if (isUnsaved) unsavedFiles.add(name);
  else unsavedFiles.delete(name);
}

addEventListener("beforeunload", (event) => {
  if (unsavedFiles.size > 0) event.preventDefault();
});

/** A button that saves a file, and says so once it has. `content` is a Blob or text. */
function saveButton(label, name, content, type, whenSaved = () => {}) {
  const isSaved = savedContents.has(content);
  const button = make("button", { type: "button", className: isSaved ? "save saved" : "save" }, label);
  if (!isSaved) setUnsaved(name, true);
  button.addEventListener("click", () => {
    const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
    make("a", { href: address, download: downloadName(name) }).click();
    // Some browsers read it a while after the click.
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    setUnsaved(name, false);
    savedContents.add(content);
    button.classList.add("saved");
    whenSaved();
  });
  return button;
}

/** A name that a file system takes: controls, direction marks and separators give way. */
function downloadName(name) {
  return name.replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff/\\:*?"<>|]/g, "_");
}
