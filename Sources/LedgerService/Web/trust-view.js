// SPDX-License-Identifier: Apache-2.0
//
// The trust list as a person chooses it: the one that the page came with, a file, or a text. It is never taken from what
// is dropped with a document.

/** The trust list that the page came with: {name, policy}, or null. */
function embeddedTrust() {
  const data = document.getElementById("trust");
  const bytes = data === null ? null : bytesOfBase64(data.textContent.trim());
  return bytes === null ? null : { name: data.dataset.name, policy: parsePolicy(bytes), isEmbedded: true };
}

/** Which trust list is in use, in a sentence. */
function trustSummary(language, trust) {
  if (trust === null) return say(language, "trust.none");
  const name = element("bdi", { class: "foreign strong" }, [shownText(trust.name)]);
  const fingerprint = element("span", { class: "fingerprint" }, [shortFingerprint(trust.policy)]);
  // The two values are set apart from the words around them.
  return say(language, "trust.summary", { name: [{ node: name }], fingerprint: [{ node: fingerprint }] })
    .map((part) => part.node ?? part);
}

/** What a trust list says, as nodes. */
function trustNodes(language, trust) {
  if (trust === null) return [];
  const { policy } = trust;
  const rows = [
    ["name", [element("bdi", { class: "foreign strong" }, [shownText(trust.name)])]],
    ["fingerprint", [element("span", { class: "fingerprint" }, [shortFingerprint(policy)]),
      element("span", { class: "code quiet rest" }, [policy.fingerprint.slice(8)])]],
    ["logs", policy.logs.flatMap(({ key }, i) => [...(i === 0 ? [] : [", "]), foreignNode(key.name)])],
  ];
  if (policy.quorum === null) {
    rows.push(["servers", say(language, "trust.noServers")]);
  } else {
    const names = policy.witnesses.flatMap(({ name }, i) => [...(i === 0 ? [] : [", "]), foreignNode(octetsText(name))]);
    rows.push(["servers", names], ["quorum", quorumParts(language, policy)]);
  }
  return [element("dl", { class: "rows trust-rows" }, rows.flatMap(([name, nodes]) =>
    [element("dt", {}, say(language, `trust.${name}`)), element("dd", {}, nodes)]))];
}

/** How many of the servers must have cosigned. */
function quorumParts(language, { quorum, witnesses, groups }) {
  const group = groups.find(({ name }) => name === quorum);
  const names = new Set(witnesses.map(({ name }) => name));
  const n = group === undefined ? 1 : group.members.length;
  if (group !== undefined && !group.members.every((member) => names.has(member))) {
    return say(language, "trust.quorumNested");
  }
  const k = group === undefined ? 1 : group.threshold;
  return k === n ? say(language, "trust.quorumAll", { n }) : say(language, "trust.quorumSome", { k, n });
}
