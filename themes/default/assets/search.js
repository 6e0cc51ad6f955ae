// Searches the index of the site in the reader's browser. The page lists everything without it.
(() => {
  "use strict";
  const find = document.querySelector(".find");
  if (!find) return;
  const words = find.dataset;
  const label = document.createElement("label");
  const input = document.createElement("input");
  const status = document.createElement("p");
  const results = document.createElement("ol");
  Object.assign(input, { type: "search", autocomplete: "off" });
  label.append(words.field, input);
  status.setAttribute("role", "status");
  find.setAttribute("role", "search");
  find.append(label, status, results);
  const everything = document.querySelector(".everything");
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  // Loaded when the reader begins to search, once.
  let index;
  const load = () => (index ??= fetch(words.index).then((answer) => {
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  }).then((entries) => entries.map((entry) => ({ ...entry, title: fold(entry.t), all: fold(`${entry.t} ${entry.d} ${entry.x ?? ""}`) }))));

  // The words around the first that was found, with what was found marked.
  const excerpt = (text, wanted) => {
    const folded = fold(text);
    const found = wanted.map((word) => folded.indexOf(word)).filter((at) => at >= 0);
    const from = Math.max(0, Math.min(...(found.length ? found : [0])) - 60);
    const cut = text.slice(from, from + 200);
    const marks = folded.length === text.length ? wanted : [];
    const pieces = document.createDocumentFragment();
    let done = 0;
    const low = fold(cut);
    while (done < cut.length) {
      const next = marks.map((word) => [low.indexOf(word, done), word.length]).filter(([at]) => at >= 0).sort((a, b) => a[0] - b[0])[0];
      if (!next) break;
      const mark = document.createElement("mark");
      mark.textContent = cut.slice(next[0], next[0] + next[1]);
      pieces.append(cut.slice(done, next[0]), mark);
      done = next[0] + next[1];
    }
    pieces.append(cut.slice(done));
    return [from > 0 ? "\u2026" : "", pieces, from + 200 < text.length ? "\u2026" : ""];
  };

  let asked = 0;
  const search = async () => {
    const mine = (asked += 1);
    const wanted = fold(input.value).split(/\s+/).filter(Boolean);
    everything.hidden = wanted.length > 0;
    if (!wanted.length) {
      results.replaceChildren();
      status.textContent = "";
      return;
    }
    let entries;
    try {
      entries = await load();
    } catch {
      index = undefined;
      everything.hidden = false;
      status.textContent = words.failed;
      return;
    }
    if (mine !== asked) return;
    const rank = ({ title }) => wanted.filter((word) => title.includes(word)).length;
    const hits = entries.filter(({ all }) => wanted.every((word) => all.includes(word))).sort((a, b) => rank(b) - rank(a));
    status.textContent = hits.length ? words.found.replace("{n}", hits.length) : words.none;
    results.replaceChildren(...hits.slice(0, 50).map((hit) => {
      const [item, link, text] = ["li", "a", "p"].map((name) => document.createElement(name));
      link.href = hit.u;
      link.textContent = hit.t === hit.d ? hit.t : `${hit.d}: ${hit.t}`;
      text.append(...excerpt(hit.x ?? "", wanted));
      item.append(link, text);
      return item;
    }));
  };
  input.addEventListener("focus", () => load().catch(() => (index = undefined)), { once: true });
  input.addEventListener("input", search);
  const query = new URLSearchParams(location.search).get("q");
  if (query) {
    input.value = query;
    search();
  }
})();
