// <fineprint-accept document="terms">: a checkbox for the acceptance of a document, for sign-up forms.
//
// It reads api/v1/acceptance.json of the privacy center that this script comes from, shows a checkbox with a link to the exact
// text, and dispatches the event "fineprint-accept" when the box is ticked or cleared. The event's `detail` is the receipt
// (document, version, sha256, language, accepted), or null when the box was cleared. It sends nothing, stores nothing, and sets
// no cookie: keeping the receipt is up to the page. While the file cannot be read, the element keeps the content that the page
// put into it. These bytes never change; a fix is a new folder.
(() => {
  "use strict";
  const script = document.currentScript;
  const home = script && script.src ? new URL("../../", script.src) : null;

  // The version that applies: the last one that has begun, else the first that will.
  function current(versions, now) {
    const begun = versions.filter((version) => Date.parse(version.starts_at) <= now);
    return begun[begun.length - 1] || versions[0];
  }

  // The text in the language of the page, by its first part if need be, else in the first language that there is.
  function choose(texts, language) {
    const tags = Object.keys(texts);
    const wanted = (language || "").toLowerCase();
    const same = (tag) => tag.toLowerCase() === wanted;
    const near = (tag) => tag.toLowerCase().split("-")[0] === wanted.split("-")[0];
    return tags.find(same) || tags.find(near) || tags[0];
  }

  class FineprintAccept extends HTMLElement {
    connectedCallback() {
      if (this.isLoading) return;
      this.isLoading = true;
      this.receipt = null;
      const source = this.getAttribute("src") || (home && new URL("api/v1/acceptance.json", home).href);
      if (!source) return;
      fetch(source, { credentials: "omit", referrerPolicy: "no-referrer" })
        .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
        .then((file) => this.show(file))
        .catch(() => this.dispatchEvent(new CustomEvent("fineprint-accept-unavailable", { bubbles: true })));
    }

    show(file) {
      const name = this.getAttribute("document");
      const found = file.documents.find((known) => known.document === name);
      const version = current(found.versions, Date.now());
      const closest = this.closest("[lang]");
      const language = choose(version.texts, closest ? closest.lang : navigator.language);
      const text = version.texts[language];
      const address = new URL(text.url);
      if (address.protocol !== "https:" && address.protocol !== "http:") throw new Error("address");
      const label = document.createElement("label");
      label.lang = language;
      label.dir = text.dir;
      const box = document.createElement("input");
      box.type = "checkbox";
      box.required = this.hasAttribute("required");
      const link = document.createElement("a");
      link.href = address.href;
      link.textContent = text.read;
      label.append(box, " ", text.label, " ", link);
      box.addEventListener("change", () => {
        this.receipt = box.checked
          ? {
              document: name,
              version: version.version,
              sha256: text.sha256,
              language,
              accepted: new Date().toISOString(),
            }
          : null;
        this.dispatchEvent(new CustomEvent("fineprint-accept", { bubbles: true, composed: true, detail: this.receipt }));
      });
      this.replaceChildren(label);
    }
  }

  if (!customElements.get("fineprint-accept")) customElements.define("fineprint-accept", FineprintAccept);
})();
