// Checks a receipt of the transparency log in the reader's own browser (RFC 9162, C2SP notes).
(async () => {
  "use strict";
  const shown = document.getElementById("receipt");
  const outcome = document.getElementById("outcome");
  if (!shown || !outcome) return;
  const say = (what) => { outcome.textContent = outcome.dataset[what]; };
  say("busy");

  const text = new TextEncoder();
  const bytes = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const joined = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));
  const equal = (a, b) => a.length === b.length && a.every((value, at) => value === b[at]);
  const sha256 = async (data) => new Uint8Array(await crypto.subtle.digest("SHA-256", data));
  const nodeHash = (left, right) => sha256(joined([1], left, right));

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

  try {
    const { type, subject, facts, place, proof, checkpoint } = JSON.parse(shown.textContent);
    const cut = checkpoint.lastIndexOf("\n\n");
    const signed = checkpoint.slice(0, cut + 1);
    const [name, size, root] = signed.split("\n");
    const entry = text.encode(canonical({ type, subject, facts }));
    const leaf = await sha256(joined([0], entry));
    const found = await leadsTo(leaf, place, Number(size), proof.map(bytes));
    if (!found || !equal(found, bytes(root))) return say("bad");

    const [keyName, digest, encoded] = shown.dataset.key.split("+", 2)
      .concat(shown.dataset.key.split("+").slice(2).join("+"));
    const wanted = digest.match(/../g).map((pair) => parseInt(pair, 16));
    const key = await crypto.subtle.importKey(
      "raw", bytes(encoded).slice(1), { name: "Ed25519" }, false, ["verify"]);
    for (const line of checkpoint.slice(cut + 2).split("\n")) {
      const [, signer, signature] = line.split(" ");
      if (signer !== keyName || signer !== name) continue;
      const raw = bytes(signature);
      if (!equal(raw.slice(0, 4), wanted)) continue;
      const good = await crypto.subtle.verify("Ed25519", key, raw.slice(4), text.encode(signed));
      return say(good ? "good" : "bad");
    }
    say("bad");
  } catch {
    say("unable");
  }
})();
