// The preview's bar: what is wrong, what the draft changes, which day is looked at; and the reload that keeps the place.
// It is no part of the published site.
(() => {
  "use strict";
  const script = document.currentScript;
  const own = new URL(".", script.src);
  const known = { ...script.dataset };
  const store = {
    get: (key) => {
      try {
        return JSON.parse(sessionStorage.getItem(`fineprint-${key}`));
      } catch {
        return null;
      }
    },
    set: (key, value) => {
      try {
        sessionStorage.setItem(`fineprint-${key}`, JSON.stringify(value));
      } catch {
        // Without storage the place is lost, and nothing else.
      }
    },
  };

  // The host takes the room of the bar at the page's end, so that the bar hides nothing there; and from the start, because the
  // place on the page is found before the bar is filled.
  const host = document.createElement("fineprint-preview");
  host.dir = "ltr";
  host.lang = "en";
  const root = host.attachShadow({ mode: "open" });
  const style = new CSSStyleSheet();
  style.replaceSync(STYLE);
  root.adoptedStyleSheets = [style];
  const keepRoom = (height) => style.cssRules[0].style.setProperty("block-size", `${height}px`);
  keepRoom(store.get("room") ?? 40);
  document.documentElement.append(host);

  // --- What this tab looks at goes along with every link of the site.
  const asked = new URLSearchParams([...new URLSearchParams(location.search)].filter(([key]) => key.startsWith("fp-")));
  const along = (href, with_ = asked) => {
    const url = new URL(href, location.href);
    for (const key of [...url.searchParams.keys()]) if (key.startsWith("fp-")) url.searchParams.delete(key);
    for (const [key, value] of with_) url.searchParams.set(key, value);
    return url.href;
  };
  const carry = (event) => {
    const link = event.composedPath().find((element) => element.localName === "a" && element.hasAttribute?.("href"));
    if (!link || !asked.size || link.origin !== location.origin || link.getRootNode() !== document) return;
    const typed = link.getAttribute("href");
    if (typed.startsWith("#")) return;
    link.setAttribute("href", along(typed));
    setTimeout(() => link.setAttribute("href", typed));
  };
  addEventListener("click", carry, true);
  addEventListener("auxclick", carry, true);

  // --- The place on the page, kept over a reload, and where another day, language or site without drafts has the same section.
  const floats = (element) => element && (["fixed", "sticky"].includes(getComputedStyle(element).position) || floats(element.parentElement));
  const keepPlace = (target) => {
    const anchors = [...document.querySelectorAll("body [id]")]
      .filter((element) => element.getClientRects().length)
      .map((element) => ({ element, id: element.id, offset: element.getBoundingClientRect().top }))
      .filter(({ offset }) => scrollY > 0 && offset <= 80)
      // The nearest first; of those that begin at the same height the innermost, which moves least.
      .sort((a, b) => a.offset - b.offset)
      .reverse()
      .slice(0, 40)
      .filter(({ element }) => !floats(element));
    store.set("place", {
      target,
      x: scrollX,
      y: scrollY,
      anchors: anchors.map(({ id, offset }) => ({ id, offset })),
      open: [...document.querySelectorAll("details")].map((details) => details.open),
      focus: root.activeElement?.dataset.key,
      // The same page is about as long as it was, even if no section is the same.
      same: target === location.href,
    });
  };
  // A page that is missing may be back soon, and then its place is wanted again.
  const missing = Number(known.status) >= 400;
  const findPlace = () => {
    if (missing) return null;
    const place = store.get("place");
    store.set("place", null);
    if (place?.target !== location.href) return null;
    const details = [...document.querySelectorAll("details")];
    if (details.length === place.open.length) details.forEach((element, index) => (element.open = place.open[index]));
    const go = () => {
      const same = place.anchors.find(({ id }) => document.getElementById(id)?.getClientRects().length);
      if (!same && place.y > 0 && !place.same) return;
      const y = same ? scrollY + document.getElementById(same.id).getBoundingClientRect().top - same.offset : place.y;
      scrollTo({ left: place.x, top: y, behavior: "instant" });
    };
    // The browser has a place of its own in mind, which it would still go to while the page loads.
    history.scrollRestoration = "manual";
    go();
    // Pictures and fonts may have moved things since; a reader who has scrolled is left alone.
    let moved = false;
    const hand = () => (moved = true);
    for (const type of ["wheel", "touchmove", "keydown", "pointerdown"]) addEventListener(type, hand, { once: true, passive: true });
    const settle = () => {
      if (!moved) go();
    };
    addEventListener("load", () => {
      settle();
      requestAnimationFrame(() =>
        requestAnimationFrame(() => {
          settle();
          // For the way back to this page.
          history.scrollRestoration = "auto";
        }),
      );
    });
    return place;
  };
  const found = findPlace();

  let leaving = false;
  const reload = () => {
    if (leaving) return;
    leaving = true;
    if (!missing) keepPlace(location.href);
    history.scrollRestoration = "manual";
    location.reload();
  };
  const leave = (href) => {
    leaving = true;
    keepPlace(href);
    location.assign(href);
  };
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    leaving = false;
    refresh();
  });

  // --- Style sheets are swapped where they stand: the old one stays until the new one is there, so that nothing flashes.
  const coming = new WeakSet();
  let failed = null;
  const swap = (links, href) => {
    const fresh = links[0].cloneNode();
    fresh.href = href;
    // One that is still on its way is overtaken.
    for (const link of links) if (coming.has(link)) link.remove();
    const worn = links.filter((link) => link.isConnected);
    coming.add(fresh);
    fresh.addEventListener("load", () => {
      if (!fresh.isConnected) return;
      coming.delete(fresh);
      worn.forEach((link) => link.remove());
    });
    fresh.addEventListener("error", () => {
      if (!fresh.isConnected) return;
      // There is a newer one by now, mostly: what is heard next tries again.
      fresh.remove();
      known.digest = "";
      const { pathname } = bare(href);
      if (digests && pathname in digests) digests[pathname] = "";
      if (failed === href) return;
      failed = href;
      refresh();
    });
    worn.at(-1).after(fresh);
  };
  const sheets = () => [...document.querySelectorAll('link[rel~="stylesheet"]')];
  const bare = (address) => {
    const url = new URL(address, location.href);
    url.searchParams.delete("fp-digest");
    return url;
  };
  // The name of a fingerprinted file without its print: site.0a1b2c3d.css and site.ffffffff.css are the same sheet.
  const stem = (path) => path.replace(/\.[0-9a-f]{6,64}(?=\.(?:css|js)$)/, "");
  const swapSheets = (hrefs) => {
    for (const href of hrefs) {
      const same = sheets().filter((link) => stem(bare(link.href).pathname) === stem(href));
      if (same.length && bare(same.at(-1).href).pathname !== href) swap(same, href);
    }
  };

  // Files that the page loads under names that stay when they change.
  const files = () => {
    const addresses = [...document.querySelectorAll('link[rel~="stylesheet"], script[src], img[src]')]
      .filter((element) => element.dataset.fineprintPreview === undefined)
      .map((element) => bare(element.href || element.src))
      .filter((url) => url.origin === location.origin)
      .map((url) => url.pathname)
      // A fingerprinted one is another file when it changes, and the page another page.
      .filter((path) => stem(path) === path);
    return [...new Set(addresses)];
  };
  let digests = null;
  const compareFiles = (now) => {
    const before = digests;
    digests = now;
    if (!before) return false;
    for (const [path, digest] of Object.entries(now)) {
      if (!(path in before) || before[path] === digest) continue;
      const links = sheets().filter((link) => bare(link.href).pathname === path);
      if (!links.length || !digest) return true;
      const url = bare(links[0].href);
      url.searchParams.set("fp-digest", digest);
      swap(links, url.href);
    }
    return false;
  };

  // --- Pauses grow, and end at once when something has happened.
  const resting = new Set();
  const rest = (pause) =>
    new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        resting.delete(end);
        resolve();
      };
      const timer = setTimeout(end, pause);
      resting.add(end);
    });
  const wake = () => resting.forEach((end) => end());
  const SHORT = 250;
  const longer = (pause) => Math.min(2 * pause, 4000);

  // --- What the server knows.
  let asking = false;
  let again = false;
  let state = null;
  const ask = async () => {
    try {
      const query = new URLSearchParams({ page: location.pathname + location.search });
      for (const path of files()) query.append("file", path);
      const answer = await fetch(new URL(`state?${query}`, own), { cache: "no-store" });
      return answer.ok ? await answer.json() : null;
    } catch {
      // The server is gone, the network is, or this page is being left.
      return null;
    }
  };
  const refresh = async () => {
    again = true;
    wake();
    if (asking) return;
    asking = true;
    for (let pause = SHORT; again; ) {
      again = false;
      const fresh = await ask();
      if (fresh) {
        pause = SHORT;
        take(fresh);
      } else {
        again = true;
        await rest(pause);
        pause = longer(pause);
      }
    }
    asking = false;
  };

  const take = (fresh) => {
    const first = state === null;
    state = fresh;
    if (busy()) {
      // The page waits until the hand is off the bar's controls.
      late = true;
      return show();
    }
    const page = fresh.page;
    const stays = page.error && Number(known.status) < 500;
    if (!stays && page.digest !== known.digest) {
      if (page.frame !== known.frame || String(page.status) !== known.status || !page.sheets.length) return reload();
      swapSheets(page.sheets);
      known.digest = page.digest;
    }
    // A file that changed between the page and its first state: which one, nobody can tell any more.
    const missed = first && fresh.statics !== known.statics && fresh.instance === known.instance;
    const others = Object.keys(fresh.files).length > 0;
    if (!stays && (compareFiles(fresh.files) || (missed && others && !known.again))) {
      known.again = "once";
      return reload();
    }
    show();
  };

  // --- One tab listens for all of a browser, which opens few connections to one server.
  const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("fineprint-preview") : null;
  const heard = (message) => {
    connected(message.connected);
    if (!message.connected) return;
    if (message.instance !== state?.instance || message.generation !== state?.generation) refresh();
  };
  // Ends when the stream is dead for good, which it is after any answer that is none, or where a policy forbids it; says
  // whether it ever lived. Of one that is only interrupted the browser takes care.
  const listen = () =>
    new Promise((resolve) => {
      const stream = new EventSource(new URL("events", own));
      const tell = (message) => {
        channel?.postMessage(message);
        heard(message);
      };
      let lived = false;
      stream.addEventListener("generation", (event) => {
        lived = true;
        tell({ connected: true, ...JSON.parse(event.data) });
      });
      stream.addEventListener("error", () => {
        if (stream.readyState !== EventSource.CLOSED) return tell({ connected: false });
        // Another tab may fare better, and takes its turn.
        heard({ connected: false });
        resolve(lived);
      });
    });
  const follow = async () => {
    const turn = () => (channel && navigator.locks ? navigator.locks.request("fineprint-preview", listen) : listen());
    for (let pause = SHORT; ; pause = longer(pause)) {
      if (await turn().catch(() => false)) pause = SHORT;
      await rest(pause);
    }
  };
  channel?.addEventListener("message", (event) => heard(event.data));
  addEventListener("online", () => refresh());
  addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") refresh();
  });

  // --- The bar itself.
  const make = (name, properties = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(properties)) {
      if (value === undefined || value === null || value === false) continue;
      if (key === "on") for (const [type, handler] of Object.entries(value)) element.addEventListener(type, handler);
      else if (key in element && key !== "list") element[key] = value;
      else element.setAttribute(key, value === true ? "" : value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
    return element;
  };
  // Names stand between backticks.
  const prose = (text) => text.split("`").map((part, index) => (index % 2 ? make("code", {}, part) : part));
  const plural = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

  let open = store.get("open");
  let hidden = store.get("hidden");
  // What broke, and whether the findings stand open by themselves because of it: once, until something else breaks.
  let alarm = store.get("alarm") ?? { wrong: null, rings: false };
  const ring = (fresh) => store.set("alarm", (alarm = fresh));
  const opened = () => (hidden ? null : alarm.rings ? "findings" : open);
  const explained = new Set(store.get("explained"));
  let alive = true;
  const connected = (now) => {
    if (alive === now) return;
    alive = now;
    show();
  };
  const panel = () => stage.querySelector(".panel");
  const toggle = (name) => {
    open = opened() === name ? null : name;
    hidden = false;
    ring({ ...alarm, rings: false });
    store.set("open", open);
    store.set("hidden", hidden);
    show();
    if (open) panel()?.focus();
  };
  const visit = (parameter, value, from = location.href) => {
    const next = new URLSearchParams(asked);
    if (value === null) next.delete(parameter);
    else next.set(parameter, value);
    leave(along(from, next));
  };
  // Somebody is typing a date or chooses a language.
  let late = false;
  const busy = () => document.hasFocus() && Boolean(root.activeElement?.matches("input, select"));
  root.addEventListener("focusout", () => {
    if (!late || leaving) return;
    late = false;
    refresh();
  });

  // What is there becomes what it should be, element by element: what has the focus, is half typed or is scrolled stays so.
  const alike = (one, other) => one.nodeName === other.nodeName && one.dataset?.key === other.dataset?.key;
  const become = (old, fresh) => {
    if (old.nodeType !== Node.ELEMENT_NODE) {
      if (old.data !== fresh.data) old.data = fresh.data;
      return;
    }
    // Whether an explanation is open is the reader's.
    const names = new Set([...old.getAttributeNames(), ...fresh.getAttributeNames()].filter((name) => name !== "open"));
    for (const name of names) {
      const value = fresh.getAttribute(name);
      if (value === null) old.removeAttribute(name);
      else if (value !== old.getAttribute(name)) old.setAttribute(name, value);
    }
    let next = old.firstChild;
    for (const child of [...fresh.childNodes]) {
      let same = next;
      while (same && !alike(same, child)) same = same.nextSibling;
      if (!same) {
        old.insertBefore(child, next);
        continue;
      }
      for (; next !== same; next = gone(next));
      become(same, child);
      next = same.nextSibling;
    }
    while (next) next = gone(next);
    if (old.matches("input, select") && root.activeElement !== old && old.value !== fresh.value) old.value = fresh.value;
  };
  const gone = (node) => {
    const next = node.nextSibling;
    if (!busy() || !node.contains(root.activeElement)) node.remove();
    return next;
  };

  const excerpt = (finding) =>
    finding.excerpt.length > 0 &&
    make(
      "pre",
      {},
      ...finding.excerpt.flatMap((line) => {
        const number = make("span", { className: "number", ariaHidden: "true" }, String(line.number).padStart(4), "  ");
        if (!line.mark) return [number, `${line.text}\n`];
        const letters = [...line.text];
        const [from, to] = line.mark;
        return [number, letters.slice(0, from).join(""), make("mark", {}, letters.slice(from, to).join("") || " "), `${letters.slice(to).join("")}\n`];
      }),
    );

  const hints = () => state.findings.filter(({ severity }) => severity !== "error" && severity !== "warning").length;
  const findings = () => {
    const times = new Map();
    const list = state.findings.map((finding) => {
      const name = `${finding.code} ${finding.message}`;
      times.set(name, (times.get(name) ?? 0) + 1);
      const key = `${name} ${times.get(name)}`;
      const explain = (event) => {
        explained[event.target.open ? "add" : "delete"](key);
        store.set("explained", [...explained]);
      };
      const place = finding.file && `${finding.file}${finding.line ? `:${finding.line}:${finding.column}` : ""}`;
      return make(
        "li",
        { className: finding.severity, "data-key": key },
        make("p", { className: "what" }, make("strong", {}, finding.severity), " ", ...prose(finding.message)),
        place && make("p", { className: "place" }, finding.href ? make("a", { href: along(finding.href), title: "Show it on the page", "data-key": `place ${key}` }, place) : place),
        excerpt(finding),
        ...finding.help.map((help) => make("p", { className: "help" }, ...prose(help))),
        make("details", { open: explained.has(key), on: { toggle: explain } }, make("summary", { "data-key": `why ${key}` }, finding.code), make("p", {}, ...prose(finding.explanation))),
      );
    });
    const more = state.errors + state.warnings + hints() - list.length;
    return [
      state.trouble && make("p", { className: "trouble" }, state.trouble),
      state.page.error && make("p", { className: "trouble" }, state.page.error),
      (state.behind || state.page.error) && make("p", {}, "You see the last page that could be made. It follows as soon as this is mended."),
      list.length ? make("ol", {}, ...list) : !state.trouble && !state.page.error && make("p", {}, "Nothing was found. That says nothing about what was not looked at."),
      more > 0 && make("p", {}, ...prose(`And ${more} more; \`fineprint build\` lists them all.`)),
    ];
  };

  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
  const verdict = (what) => {
    if (!what.compared) return `Never released. Released on ${what.on}, it would be in force at once.`;
    const named = what.announced ? `${what.compared}, which is announced` : what.compared;
    if (!what.changes.length && !what.facts.length) return `The draft says what ${named} says.`;
    return `Compared with ${named}: ${what.sentence}.${what.release.signals.length ? "" : ` Released as material it would take effect on ${what.release.earliest_effective} at the earliest.`}`;
  };
  const section = (title, lines) =>
    lines.length > 0 && make("section", {}, make("h3", {}, title), make("ul", {}, ...lines.map((line) => make("li", {}, line))));
  const draft = () => {
    const about = state.document;
    if (!about?.effect) {
      const changed = state.changed.map((other) => make("li", {}, make("a", { href: along(other.href) }, other.title)));
      return [changed.length ? make("section", {}, make("h3", {}, "Drafts that say something new"), make("ul", {}, ...changed)) : make("p", {}, "Every draft says what its last version says.")];
    }
    const what = about.effect;
    return [
      make("p", { className: "verdict" }, verdict(what)),
      make(
        "p",
        { className: "ways" },
        make("a", { href: along(about.draft) }, "The draft"),
        about.redline && make("a", { href: along(about.redline) }, `Redline against ${what.compared}`),
        make("a", { href: along(about.href) }, what.in_force ? "In force" : "As published"),
      ),
      section("Signs of a material change", (what.release?.signals ?? []).map((signal) => capital(signal.sentence))),
      section("More than editorial", (what.release?.non_editorial_changes ?? []).map((signal) => capital(signal.sentence))),
      section("Facts", what.facts),
      section("Words", what.changes),
    ];
  };

  const short = () => {
    const what = state.document?.effect;
    if (!what) return state.changed.length ? `${plural(state.changed.length, "draft")} changed` : "Drafts";
    if (!what.compared) return "Draft, never released";
    if (!what.changes.length && !what.facts.length) return what.announced ? `Draft announced as ${what.compared}` : "Draft unchanged";
    const words = what.words_added + what.words_removed > 0 ? `+${what.words_added} −${what.words_removed} words` : "facts changed";
    const signs = what.release.signals.length;
    return signs ? `Draft: ${words}, ${plural(signs, "sign")} of a material change, earliest ${what.release.earliest_effective}` : `Draft: ${words}`;
  };

  const announce = make("p", { className: "away", role: "status" });
  const stage = make("div");
  root.append(announce, stage);
  const measure = new ResizeObserver(([{ target }]) => {
    keepRoom(target.offsetHeight);
    store.set("room", target.offsetHeight);
  });
  addEventListener("pagehide", () => store.set("scroll", panel()?.scrollTop ?? 0));
  let said = "";

  const show = () => {
    if (!state) return;
    const broken = Boolean(state.behind || state.page.error || state.trouble);
    const first = state.findings[0];
    const wrong = broken ? JSON.stringify([state.trouble, state.page.error, first?.message, first?.file]) : null;
    if (wrong !== alarm.wrong) ring({ wrong, rings: broken });
    const open = opened();
    const begins = !stage.hasChildNodes();
    const focus = begins ? found?.focus : root.activeElement?.dataset.key;
    const counted = [state.errors && plural(state.errors, "error"), state.warnings && plural(state.warnings, "warning")].filter(Boolean).join(", ");
    const count = counted || (hints() > 0 && plural(hints(), "hint"));
    const status = !alive ? "Server stopped" : broken ? `Not shown yet: ${count || "see here"}` : count || "Nothing found";
    const kind = !alive ? "gone" : broken || state.errors ? "error" : state.warnings ? "warning" : "fine";
    const about = state.document;
    const button = (name, text, className = "") =>
      make("button", { type: "button", className, ariaExpanded: String(open === name), "data-key": name, on: { click: () => toggle(name) } }, text);

    const bar = make(
      "div",
      { className: "bar", "data-key": "bar" },
      button("findings", make("span", {}, make("i", { className: `dot ${kind}`, ariaHidden: "true" }), status), "status"),
      button("draft", short(), "draft"),
      about?.draft && !about.on_draft && make("a", { href: along(about.draft), "data-key": "go-draft" }, "See draft"),
      about?.on_draft && (!about.effect || about.effect.compared) && make("a", { href: along(about.href), "data-key": "go-shown" }, about.effect?.in_force ? "See in force" : "See as published"),
      about?.redline && make("a", { href: along(about.redline), "data-key": "go-redline" }, "Redline"),
      make("span", { className: "space" }),
      state.languages.length > 0 &&
        make(
          "select",
          { ariaLabel: "Language", "data-key": "language", on: { change: (event) => leave(along(event.target.value + location.hash)) } },
          ...state.languages.map((language) => make("option", { value: language.href, selected: language.current, lang: language.code }, language.name)),
        ),
      state.day &&
        make("label", { className: "day" }, make("span", { className: "word" }, "On"), make("input", {
          type: "date",
          value: state.day,
          required: true,
          "data-key": "day",
          title: `The center as it is on a day, in ${state.timezone}`,
          // A date that is being typed passes through many days.
          on: {
            change: (event) => event.target.dataset.typing === undefined && pick(event.target.value),
            keydown: (event) => {
              event.target.dataset.typing = "";
              if (event.key === "Enter") pick(event.target.value);
            },
            pointerdown: (event) => delete event.target.dataset.typing,
            blur: (event) => {
              if (event.target.dataset.typing !== undefined) pick(event.target.value);
              delete event.target.dataset.typing;
              show();
            },
          },
        })),
      state.day && state.day !== state.today && make("button", { type: "button", "data-key": "today", on: { click: () => visit("fp-day", null) } }, "Today"),
      state.day &&
        make("button", {
          type: "button",
          ariaPressed: String(state.drafts),
          "data-key": "drafts",
          title: state.drafts ? "Drafts are shown. Press to see the site as it would be published." : "The site as it would be published. Press to see drafts.",
          // Without drafts a draft's own page is none.
          on: { click: () => visit("fp-drafts", state.drafts ? "off" : null, state.drafts && state.document?.on_draft ? state.document.href : undefined) },
        }, "Drafts"),
      make("button", { type: "button", className: "fold", ariaLabel: hidden ? "Show the preview bar" : "Fold the preview bar", ariaExpanded: String(!hidden), "data-key": "fold", on: { click: fold } }, hidden ? "▴" : "▾"),
    );
    const title = open === "findings" ? "Findings" : "Draft";
    const content = open &&
      make(
        "div",
        { className: "panel", tabIndex: -1, role: "group", ariaLabel: title, "data-key": `panel ${open}` },
        make("div", { className: "head" }, make("h2", {}, title), make("button", { type: "button", ariaLabel: "Close", "data-key": "close", on: { click: close } }, "✕")),
        ...(open === "findings" ? findings() : draft()).filter(Boolean),
      );
    const escape = (event) => {
      if (event.key !== "Escape" || !opened()) return;
      event.stopPropagation();
      close();
    };
    const section = make("section", { className: `frame ${kind}${hidden ? " hidden" : ""}`, ariaLabel: "Preview", on: { keydown: escape } }, content, bar);
    become(stage, make("div", {}, section));
    if (begins && panel()) panel().scrollTop = store.get("scroll") ?? 0;
    if (focus && !root.activeElement) [...stage.querySelectorAll("[data-key]")].find((element) => element.dataset.key === focus)?.focus({ preventScroll: true });
    measure.observe(stage.querySelector(".bar"));
    const saying = broken ? `${status}. ${state.trouble ?? state.page.error ?? (first ? `${first.message}${first.file ? `, in ${first.file}` : ""}` : "")}` : status;
    if (saying !== said) announce.textContent = said = saying;
  };
  const pick = (day) => {
    if (day && day !== state.day) visit("fp-day", day === state.today ? null : day);
  };
  const fold = () => {
    hidden = !hidden;
    store.set("hidden", hidden);
    show();
  };
  const close = () => {
    const name = opened();
    toggle(name);
    stage.querySelector(`[data-key="${name}"]`)?.focus();
  };

  follow();
  refresh();
})();
