// Checks receipts of the transparency log in the reader's own browser (RFC 9162, C2SP notes): the
// one that the page shows, and files that the reader has kept. Nothing is sent anywhere.
(() => {
  "use strict";
  const text = new TextEncoder();
  const bytes = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const ofHex = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  const joined = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));
  const equal = (a, b) => a.length === b.length && a.every((value, at) => value === b[at]);
  const sha256 = async (data) => new Uint8Array(await crypto.subtle.digest("SHA-256", data));
  const base64 = (data) => btoa(String.fromCharCode(...data));
  const hex = (data) => [...data].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const nodeHash = (left, right) => sha256(joined([1], left, right));

  class Refused extends Error {}
  const must = (holds, why) => { if (!holds) throw new Refused(why); };

  // RFC 8785 for the values that leaves hold: JSON with the names of objects in order.
  const canonical = (value) => {
    if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
    if (value === null || typeof value !== "object") return JSON.stringify(value);
    const names = Object.keys(value).sort();
    return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
  };

  // RFC 9162 section 2.1.3.2.
  const leadsTo = async (leaf, place, size, proof) => {
    let [found, last] = [leaf, size - 1];
    if (!Number.isSafeInteger(place) || place < 0 || place > last) return null;
    for (const hash of proof) {
      if (last === 0) return null;
      if (place % 2 === 1 || place === last) {
        found = await nodeHash(hash, found);
        while (place % 2 === 0 && place > 0) {
          [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
        }
      } else {
        found = await nodeHash(found, hash);
      }
      [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
    }
    return last === 0 ? found : null;
  };

  const keyOf = (line) => {
    const [name, digest, ...rest] = line.split("+");
    const raw = bytes(rest.join("+"));
    return { name, digest: ofHex(digest), kind: raw[0], key: raw.slice(1) };
  };

  // The signed text of a note that one of the log's own keys (kind 1) has signed.
  const signedText = async (note, keys) => {
    const cut = note.lastIndexOf("\n\n");
    must(cut > 0, "form");
    const signed = note.slice(0, cut + 1);
    const [origin] = signed.split("\n");
    for (const line of note.slice(cut + 2).split("\n")) {
      const [, signer, signature] = line.split(" ");
      for (const key of keys) {
        if (key.kind !== 1 || signer !== key.name || key.name !== origin) continue;
        const raw = bytes(signature);
        if (!equal(raw.slice(0, 4), key.digest)) continue;
        const imported = await crypto.subtle.importKey(
          "raw", key.key, { name: "Ed25519" }, false, ["verify"]);
        const good = await crypto.subtle.verify(
          "Ed25519", imported, raw.slice(4), text.encode(signed));
        must(good, "signature");
        return signed;
      }
    }
    throw new Refused("key");
  };

  const checkRecord = async (record, checkpoint, named) => {
    const [, size, root] = checkpoint.split("\n");
    const { type, subject, facts } = record;
    const leaf = await sha256(joined([0], text.encode(canonical({ type, subject, facts }))));
    must(named === null || base64(leaf) === named, "record");
    for (const [name, value] of Object.entries(record.hidden ?? {})) {
      const told = text.encode(canonical({ [name]: value }));
      const found = hex(await sha256(joined(ofHex(record.salt), told)));
      must(found === facts[name].salted_sha256, "hidden");
    }
    const found = await leadsTo(leaf, record.place, Number(size), record.proof.map(bytes));
    must(found && equal(found, bytes(root)), "proof");
  };

  const nameOf = (record) => `${record.type} ${record.subject}`;

  // What a receipt proves; throws Refused with the reason why it proves nothing.
  const verify = async (receipt, keys) => {
    if (!("format" in receipt)) {
      await checkRecord(receipt, await signedText(receipt.checkpoint, keys), null);
      return { statement: null, proved: [receipt.subject], waiting: [] };
    }
    must(receipt.format === "nguon-verdict-receipt/1", "form");
    const { statement, records } = receipt;
    const [origin, , digest] = (await signedText(receipt.signature, keys)).split("\n");
    const said = base64(await sha256(text.encode(canonical(statement))));
    must(statement.log === origin && digest === said, "statement");
    const named = new Map(statement.records.map((record) => [nameOf(record), record]));
    const placed = statement.records.filter((record) => record.placed === true);
    must(records.length === placed.length, "record");
    const checkpoint = records.length ? await signedText(receipt.checkpoint, keys) : "";
    must(!records.length || checkpoint.split("\n")[0] === origin, "key");
    for (const record of records) {
      must(named.get(nameOf(record))?.placed === true, "record");
      await checkRecord(record, checkpoint, named.get(nameOf(record)).leaf);
    }
    const waiting = statement.records.filter((record) => record.placed !== true);
    return { statement, proved: records.map((r) => r.subject), waiting: waiting.map((r) => r.subject) };
  };

  const check = async (receipt, keys, outcome) => {
    const say = (what) => {
      outcome.textContent = outcome.dataset[what] ?? outcome.dataset.form;
      outcome.dataset.state = what;
    };
    say("busy");
    try {
      const holds = await verify(JSON.parse(receipt), keys.trim().split(/\s+/).map(keyOf));
      say("good");
      return holds;
    } catch (error) {
      const cannot = error instanceof DOMException && error.name === "NotSupportedError";
      say(error instanceof Refused ? error.message : cannot ? "unable" : "form");
      return null;
    }
  };

  const shown = document.getElementById("receipt");
  const outcome = document.getElementById("outcome");
  if (shown && outcome) check(shown.textContent, shown.dataset.keys, outcome);

  const file = document.getElementById("kept");
  if (!file) return;
  const told = document.getElementById("told");
  const fill = (holds) => {
    told.hidden = !holds;
    if (!holds) return;
    const { statement, proved, waiting } = holds;
    const levels = JSON.parse(told.dataset.levels);
    const values = {
      level: statement && (levels[statement.level] ?? statement.level),
      findings: statement && statement.findings.map((finding) => finding.code).join(", "),
      code: statement && statement.code,
      at: statement && new Date(statement.at).toLocaleString(document.documentElement.lang),
      policy: statement && statement.policy_version,
      proved: proved.join(", "),
      waiting: waiting.join(", "),
    };
    for (const place of told.querySelectorAll("[data-of]")) {
      place.textContent = values[place.dataset.of] || "–";
    }
  };
  const judge = async (receipt) => {
    const keys = document.getElementById("public-keys").value;
    fill(await check(receipt, keys, document.getElementById("kept-outcome")));
  };
  file.addEventListener("change", async () => {
    const [chosen] = file.files;
    if (chosen) await judge(await chosen.text());
  });
  const pasted = document.getElementById("kept-text");
  pasted.addEventListener("input", () => pasted.value.trim() && judge(pasted.value));
})();
