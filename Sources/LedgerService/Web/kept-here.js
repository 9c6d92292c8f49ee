// SPDX-License-Identifier: Apache-2.0
//
// What this browser keeps of its own, in IndexedDB: keys that cannot be taken out of it, and registrations that were
// begun and are not finished. Whoever clears the browser's data clears both.
//
//     keys      {vkey, name, privateKey}           a WebCrypto key, not extractable
//     begun     {filing, draft, since}             the filing holds no secret; the draft is encrypted

function keptDatabase() {
  return new Promise((resolve, reject) => {
    if (!globalThis.indexedDB) return reject(new Error("no IndexedDB"));
    const request = indexedDB.open("indelible", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("keys", { keyPath: "vkey" });
      request.result.createObjectStore("begun", { keyPath: "filing" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** One call on a store, until it is on disk. */
async function withStore(name, mode, call) {
  const database = await keptDatabase();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(name, mode, { durability: "strict" });
      const request = call(transaction.objectStore(name));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

/** Everything in a store; nothing where the browser keeps nothing. */
async function listKept(name) {
  try {
    return await withStore(name, "readonly", (store) => store.getAll());
  } catch {
    return [];
  }
}

function keep(name, value) {
  return withStore(name, "readwrite", (store) => store.put(value));
}

function forgetKept(name, key) {
  return withStore(name, "readwrite", (store) => store.delete(key));
}

/** Whether this browser can make Ed25519 keys that cannot be taken out of it, and keep them. */
async function canKeepKeys() {
  try {
    await crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]);
    (await keptDatabase()).close();
    return true;
  } catch {
    return false;
  }
}

/** Makes a key under a name and keeps it. */
async function makeKeptKey(name) {
  const pair = await crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]);
  const publicKey = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const kept = { vkey: vkeyText(name, signatureTypes.ed25519, publicKey), name, privateKey: pair.privateKey };
  const signer = keptSigner(kept);
  await keep("keys", kept);
  return signer;
}

/** A signer that the browser keeps the key of. */
function keptSigner({ vkey, privateKey }) {
  const sign = async (message) => new Uint8Array(await crypto.subtle.sign({ name: "Ed25519" }, privateKey, message));
  return { key: parseVerifierKey(vkey), sign, erase: () => {} };
}
