// <fineprint-update>, version 1: shows the announced changes of a privacy center on a page of another origin.
//
// In: the center's /api/v1/notices.json, or the file that the attribute `src` names; the page's language; the reader's clock.
// Out: a card over the page while a notice is open, until the reader dismisses it. Says nothing and throws nothing otherwise.
// These bytes never change once they are published: see the README beside them. update.js is the same, shortened.
(() => {
  "use strict";
  try {
    const NAME = "fineprint-update";
    const HOUR = 36e5;
    // Known only while a classic script runs; the attribute `src` serves those who load it in another way.
    const script = document.currentScript;
    // Dismissed on this page, for browsers that refuse to remember anything.
    const dismissed = new Set();

    // A sheet of its own passes every policy, as no markup carries it. System colours follow the page's colour scheme.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`
:host { display: block; position: fixed; inset-block-end: 0; inset-inline-end: 0; box-sizing: border-box;
  max-inline-size: 100%; z-index: var(--fineprint-layer, 2147483000); pointer-events: none }
:host([hidden]), div:empty { display: none }
div { all: initial; color-scheme: inherit; display: block; box-sizing: border-box; overflow: auto; overflow-wrap: anywhere;
  max-block-size: 70vh; max-inline-size: var(--fineprint-width, 30em); margin: var(--fineprint-margin, 1em);
  font: var(--fineprint-font, medium/1.5 system-ui, sans-serif);
  color: var(--fineprint-color, CanvasText); background: var(--fineprint-background, Canvas);
  border: 1px solid var(--fineprint-border, GrayText); border-radius: var(--fineprint-radius, .5em);
  box-shadow: var(--fineprint-shadow, 0 .25em 1.5em #0004) }
section { padding: 1em }
section + section { border-block-start: 1px solid var(--fineprint-border, GrayText) }
p { margin: 0 0 .5em }
p:first-child { font-weight: 600 }
a, button { display: inline-flex; align-items: center; box-sizing: border-box; min-block-size: 44px; min-inline-size: 44px;
  margin-inline-end: 1em; font: inherit; cursor: pointer }
a { color: var(--fineprint-accent, LinkText) }
button { justify-content: center; padding: 0 1em; color: inherit; background: none; border: 1px solid;
  border-radius: var(--fineprint-radius, .5em) }
:focus-visible { outline: 2px solid var(--fineprint-accent, Highlight); outline-offset: 2px }
@media print { :host { display: none } }`);

    /** The language of `map` that is nearest to `wanted`. */
    const nearest = (map, wanted, otherwise) => {
      const tags = Object.keys(map);
      for (let tag = wanted.toLowerCase(); tag; tag = tag.replace(/-?[^-]*$/, "")) {
        const found = tags.find((known) => known.toLowerCase() === tag)
          || tags.find((known) => known.toLowerCase().startsWith(tag + "-"));
        if (found) return found;
      }
      return otherwise in map ? otherwise : tags[0];
    };

    /** Text is only ever set as text. */
    const make = (parent, tag, part, text) => {
      const element = document.createElement(tag);
      element.part = part;
      if (text) element.textContent = String(text).slice(0, 2000);
      parent.append(element);
      return element;
    };

    class Update extends HTMLElement {
      constructor() {
        super();
        this.box = make(this.attachShadow({ mode: "open" }), "div", "box");
        this.shadowRoot.adoptedStyleSheets = [sheet];
        this.open = [];
        this.made = {};
        this.loaded = 0;
      }

      connectedCallback() {
        const draw = () => this.draw();
        const { signal } = (this.listeners = new AbortController());
        addEventListener("storage", draw, { signal });
        document.addEventListener("visibilitychange", draw, { signal });
        this.observer = new MutationObserver(draw);
        this.observer.observe(document.documentElement, { attributeFilter: ["lang"] });
        this.load();
      }

      disconnectedCallback() {
        this.listeners.abort();
        this.observer.disconnect();
        clearTimeout(this.timer);
      }

      async load() {
        try {
          const src = this.getAttribute("src");
          this.url = new URL(src || "../../api/v1/notices.json", src ? document.baseURI : script.src).href;
          const answer = await fetch(this.url, { credentials: "omit", referrerPolicy: "no-referrer" });
          const data = await answer.json();
          if (answer.ok && Array.isArray(data.open)) {
            this.open = data.open.slice(0, 9);
            this.languages = data.languages || [];
            this.made = {};
            this.loaded = Date.now();
          }
        } catch {}
        this.draw();
      }

      /** Shows what is open at this moment and was not dismissed, and looks again when that may have changed. */
      draw() {
        clearTimeout(this.timer);
        if (!this.isConnected) return;
        const now = Date.now();
        let next = now + HOUR;
        const shown = [];
        for (const notice of this.open) {
          try {
            const moments = [Date.parse(notice.starts), Date.parse(notice.ends)];
            for (const moment of moments) if (moment > now && moment < next) next = moment;
            if (moments[0] <= now && now < moments[1] && !this.remembers(notice)) shown.push(this.card(notice));
          } catch {}
        }
        for (const card of [...this.box.children]) if (!shown.includes(card)) card.remove();
        for (const card of shown) if (!card.parentNode) this.box.append(card);
        // A page that stays open asks again after a day, or after an hour if there was no answer.
        this.timer = setTimeout(() => (now - this.loaded > 24 * HOUR ? this.load() : this.draw()), next - now);
      }

      key(notice) {
        return `${NAME} ${this.url} ${notice.id}`;
      }

      remembers(notice) {
        const key = this.key(notice);
        try {
          if (localStorage.getItem(key)) return true;
        } catch {}
        return dismissed.has(key);
      }

      dismiss(notice, card) {
        const key = this.key(notice);
        dismissed.add(key);
        try {
          localStorage.setItem(key, 1);
        } catch {}
        const beside = card.nextSibling || card.previousSibling;
        // Whoever uses the keyboard goes on from the next one.
        if (beside) beside.lastChild.focus();
        this.draw();
        for (const other of document.querySelectorAll(NAME)) other.draw();
      }

      card(notice) {
        const page = this.closest("[lang]");
        const lang = nearest(notice.display, page ? page.lang : "", this.languages[0]);
        const id = `${lang} ${notice.id}`;
        if (this.made[id]) return this.made[id];
        const words = notice.display[lang];
        const card = document.createElement("section");
        card.part = "item";
        card.lang = lang;
        card.dir = words.dir;
        for (const text of words.message.slice(0, 9)) make(card, "p", "text", text);
        const [title] = card.children;
        // A name for the region, and for what the button dismisses.
        title.id = id.replace(/\s/g, "-");
        card.setAttribute("aria-labelledby", title.id);
        for (const link of words.links.slice(0, 9)) {
          if (/^https?:/i.test(link.url)) make(card, "a", "link", link.text).href = link.url;
        }
        const button = make(card, "button", "button", words.dismiss);
        button.setAttribute("aria-describedby", title.id);
        button.type = "button";
        button.onclick = () => this.dismiss(notice, card);
        return (this.made[id] = card);
      }
    }

    if (!customElements.get(NAME)) customElements.define(NAME, Update);
  } catch {}
})();
