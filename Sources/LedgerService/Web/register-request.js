// SPDX-License-Identifier: Apache-2.0
//
// The second step of the page that registers: what is chosen, who vouches and who may open it, checked before anything is
// made of it.

function takeDocuments({ stem, files }) {
  const known = new Set(page.chosen.files.map(({ name }) => name));
  // A file that is chosen again replaces the one before; a folder stands for itself.
  page.chosen = stem === null && page.chosen.stem === null
    ? { stem, files: [...page.chosen.files.filter(({ name }) => !files.some((file) => file.name === name)), ...files] }
    : { stem, files };
  const isTwice = new Set(files.map(({ name }) => name)).size < files.length || (known.size > 0 && files.length === 0);
  if (!isTwice) alertAt("documents-alert", null);
  showDocuments();
}

function showDocuments() {
  const { stem, files } = page.chosen;
  byID("file-list").replaceChildren(...documentItems(files, (i) => {
    page.chosen.files.splice(i, 1);
    showDocuments();
  }));
  byID("stem-part").hidden = files.length < 2 && stem === null;
  byID("stem").value = stem ?? (byID("stem").value || "documents");
  const fault = files.length > 0 ? documentsFault(files) : null;
  alertAt("documents-alert", fault?.words ?? null, fault?.name ? { node: quoted(fault.name) } : {});
}

function showRoles() {
  const select = byID("role");
  const chosen = select.value;
  select.replaceChildren(make("option", { value: "" }, say("roleNone")),
    ...attestationRoles.map((role) => make("option", { value: role }, say(`role_${role}`))));
  select.value = chosen;
  byID("name-part").hidden = select.value === "";
}

/** What is asked for, checked; or null where something is missing, which is said beside it. */
function readRequest() {
  for (const id of ["submit-alert", "documents-alert"]) alertAt(id, null);
  const { holder, standing, chosen } = page;
  const refuse = (id, words, values) => {
    alertAt(id, words, values);
    byID(id).scrollIntoView({ block: "center" });
    return null;
  };
  if (!holder) return refuse("submit-alert", "noKey");
  if (holder.file && !holder.isSaved) return refuse("submit-alert", "saveKeyFirst");
  const isOnce = settings.admission === "anyone" && byID("once").checked;
  if (standing?.state === "statusRevoked" && !isOnce) return refuse("submit-alert", "revokedKey");
  const fault = documentsFault(chosen.files);
  if (fault) return refuse("documents-alert", fault.words, fault.name ? { node: quoted(fault.name) } : {});
  const [role, name] = [byID("role").value, byID("role").value ? byID("name").value : ""];
  if (name && !isWireText(name)) return refuse("documents-alert", "badName");
  let custodians;
  try {
    custodians = vkeysOn(byID("custodians").value);
  } catch (error) {
    return refuse("documents-alert", "badVkey", { line: error.line });
  }
  const others = custodians.filter((key) => !isSameKey(key, holder.signer.key));
  if (holder.isKept && others.length === 0) return refuse("documents-alert", "custodiansNeeded");
  if (others.length > 63) return refuse("documents-alert", "custodiansTooMany");
  const recipients = holder.isKept ? others : [holder.signer.key, ...others];
  if (recipients.some(({ key }) => ed25519ToCurve25519(key) === null)) {
    return refuse("documents-alert", "custodianUnusable");
  }
  const publishes = byID("publish").checked;
  if (publishes && chosen.files.length > 64) return refuse("documents-alert", "tooManyHashes");
  const isOne = chosen.files.length === 1 && chosen.stem === null;
  const stem = isOne ? chosen.files[0].name : downloadName(byID("stem").value.trim()) || "documents";
  return {
    role, name, recipients, publishes, stem: downloadName(stem), isOnce, isCarried: others.length > 0,
    files: chosen.files.slice(), attester: holder.signer, token: byID("token").value.trim(),
  };
}
