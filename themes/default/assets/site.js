// What a page gains with JavaScript. Without it every page is complete and true.
(() => {
  "use strict";
  const script = document.currentScript;
  const root = document.documentElement;

  // A page may be older than the reader's day: lines that end on a date go, those that start on it appear.
  const today = (() => {
    const now = new Date();
    const form = (timeZone) => {
      const parts = new Intl.DateTimeFormat("en", { timeZone, calendar: "gregory", numberingSystem: "latn", year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts(now);
      const part = (type) => parts.find((p) => p.type === type).value;
      return `${part("year")}-${part("month")}-${part("day")}`;
    };
    try {
      return form(root.dataset.zone);
    } catch {
      return form("UTC");
    }
  })();
  for (const line of document.querySelectorAll("[data-until]")) line.hidden ||= line.dataset.until <= today;
  for (const line of document.querySelectorAll("[data-from]")) line.hidden = line.dataset.from > today;
  for (const line of document.querySelectorAll("[data-past]")) line.hidden = line.dataset.past < today;
  // How long until then, in the words of the browser: a built page cannot say it.
  const until = new Intl.RelativeTimeFormat(root.lang, { numeric: "auto" });
  for (const line of document.querySelectorAll("[data-days]")) {
    const days = (Date.parse(line.dataset.days) - Date.parse(today)) / 864e5;
    if (days > 0) line.textContent = until.format(days, "day");
  }

  // A link to each section, after its heading, which is copied as well as followed.
  const headings = [...document.querySelectorAll("article :is(h2, h3, h4, h5, h6)[id]")];
  const copied = document.createElement("span");
  copied.setAttribute("role", "status");
  copied.className = "visually-hidden";
  if (headings.length) document.body.append(copied);
  for (const heading of headings) {
    const link = document.createElement("a");
    link.className = "permalink";
    link.href = `#${encodeURIComponent(heading.id)}`;
    link.setAttribute("aria-label", `${script.dataset.link}: ${heading.textContent.trim()}`);
    link.textContent = "#";
    link.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(link.href);
        copied.textContent = link.title = script.dataset.copied;
        link.textContent = "\u2713";
        setTimeout(() => (link.textContent = "#"), 2000);
      } catch {
        // The address is in the browser's bar all the same.
      }
    });
    heading.append(" ", link);
  }

  const toc = document.querySelector(".toc");

  // The table of contents follows the reader.
  if (toc && "IntersectionObserver" in window) {
    const links = new Map();
    for (const link of toc.querySelectorAll("a")) links.set(decodeURIComponent(link.hash.slice(1)), link);
    const marks = headings.filter((heading) => links.has(heading.id));
    let current;
    const follow = () => {
      const line = innerHeight * 0.3;
      let here = marks[0];
      for (const mark of marks) if (mark.getBoundingClientRect().top <= line) here = mark;
      const link = here && links.get(here.id);
      if (link === current) return;
      current?.removeAttribute("aria-current");
      link?.setAttribute("aria-current", "true");
      current = link;
      if (link && toc.scrollHeight > toc.clientHeight) {
        const [box, at] = [toc.getBoundingClientRect(), link.getBoundingClientRect()];
        if (at.top < box.top + 48 || at.bottom > box.bottom - 48) toc.scrollTop += at.top - box.top - box.height / 3;
      }
    };
    const observer = new IntersectionObserver(follow, { rootMargin: "0px 0px -70% 0px" });
    marks.forEach((mark) => observer.observe(mark));
  }
  // On a narrow screen the list closes once a section is chosen.
  toc?.addEventListener("click", (event) => {
    const details = toc.querySelector("details");
    if (details && event.target.closest("a") && matchMedia("(max-width: 63.99rem)").matches) details.open = false;
  });

  // Menus close when the reader turns elsewhere.
  const menus = [...document.querySelectorAll(".bar details")];
  addEventListener("click", (event) => {
    for (const menu of menus) if (!menu.contains(event.target)) menu.open = false;
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus) {
      if (menu.open && menu.contains(document.activeElement)) menu.querySelector("summary").focus();
      menu.open = false;
    }
  });

  // What is folded opens when an address or the printer asks for it.
  const open = () => {
    let element = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (; element; element = element.parentElement) if (element.localName === "details") element.open = true;
  };
  addEventListener("hashchange", open);
  open();
  let unfolded = [];
  addEventListener("beforeprint", () => {
    unfolded = [...document.querySelectorAll("details:not([open], .unchanged)")];
    for (const details of unfolded) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of unfolded) details.open = false;
  });

  // From one change to the next: a step is a sentence or a row, however many words of it changed.
  const steps = document.querySelector(".steps");
  if (steps) {
    const stops = [];
    let last;
    for (const mark of document.querySelectorAll("article .redline [id]")) {
      if (!/^c\d+$/.test(mark.id)) continue;
      const block = mark.closest("tr, li, p, h1, h2, h3, h4, h5, h6, dt, dd, pre, .moved") ?? mark;
      const between = document.createRange();
      if (last?.block === block) {
        between.setStartAfter(last.mark);
        between.setEndBefore(mark);
      }
      if (last?.block !== block || (block.localName !== "tr" && /[.!?\u2026\u3002](\s|$)/.test(between.toString()))) stops.push(mark);
      last = { block, mark };
    }
    const status = steps.querySelector("[role=status]");
    let at = -1;
    const step = (by) => {
      // A reader who has scrolled goes on from there.
      const seen = stops[at]?.getBoundingClientRect();
      if (!seen || seen.bottom < 0 || seen.top > innerHeight) {
        const below = stops.findIndex((mark) => mark.getBoundingClientRect().top > innerHeight * 0.4);
        at = by > 0 ? (below < 0 ? stops.length : below) - 1 : below < 0 ? stops.length : below;
      }
      at = Math.min(Math.max(at + by, 0), stops.length - 1);
      history.replaceState(null, "", `#${stops[at].id}`);
      document.querySelector(".step")?.classList.remove("step");
      stops[at].classList.add("step");
      stops[at].scrollIntoView({ block: "center" });
      status.textContent = steps.dataset.step.replace("{n}", at + 1).replace("{total}", stops.length);
    };
    for (const button of steps.querySelectorAll("button")) button.addEventListener("click", () => step(Number(button.dataset.by)));
    addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
      const by = { n: 1, j: 1, p: -1, k: -1 }[event.key];
      if (by) step(by);
    });
    steps.hidden = stops.length < 2;
  }

  // Snippets are copied with a button; the example of a dismissed notice comes back with the page.
  for (const snippet of document.querySelectorAll("pre[data-copy]")) {
    if (!navigator.clipboard) break;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = snippet.dataset.copy;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(snippet.textContent);
      button.textContent = snippet.dataset.copied;
    });
    snippet.after(button);
  }
  for (const example of document.querySelectorAll("fineprint-update[src]")) {
    try {
      localStorage.removeItem(`fineprint-update ${new URL(example.getAttribute("src"), location).href} example`);
    } catch {
      // Where nothing is stored, nothing has to be removed.
    }
  }

  // What changed since a day: the version that applied then leads to the one in force.
  const compare = document.querySelector(".compare");
  const versions = [...(compare?.querySelectorAll("[data-since]") ?? [])];
  if (versions.length) {
    const { day, go, none, same } = compare.dataset;
    const form = document.createElement("form");
    const label = document.createElement("label");
    const input = document.createElement("input");
    const button = document.createElement("button");
    const status = document.createElement("p");
    Object.assign(input, { type: "date", required: true, max: today, min: versions.at(-1).dataset.since });
    Object.assign(button, { textContent: go, className: "button" });
    status.setAttribute("role", "status");
    label.append(day, input);
    form.append(label, button);
    compare.querySelector("ul").before(form, status);
    const inForce = document.querySelector(".log .status.in-force:not([hidden])")?.closest("li")?.querySelector("time")?.dateTime;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (inForce && input.value >= inForce) return (status.textContent = same);
      const version = versions.find((link) => link.dataset.since <= input.value);
      if (version) location.assign(version.href);
      else status.textContent = none;
    });
  }

  // `/` leads to the search.
  const search = document.querySelector(".bar .search");
  addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
    event.preventDefault();
    const field = document.querySelector(".find input");
    if (field) field.focus();
    else if (search) location.assign(search.href);
  });

  // Registers can be searched, filtered by the values of columns, and sorted.
  for (const register of document.querySelectorAll(".register")) {
    // On a phone rows are cards, and browsers forget that a table that is laid out otherwise is one.
    for (const [parts, role] of [["table", "table"], ["thead, tbody", "rowgroup"], ["tr", "row"], ["td", "cell"], ["thead th", "columnheader"], ["tbody th", "rowheader"]]) {
      for (const part of register.querySelectorAll(parts)) part.setAttribute("role", role);
    }
    const rows = [...register.querySelectorAll("tbody tr[id]")].map((row) => ({ row, text: fold(row.textContent) }));
    const groups = [...register.querySelectorAll("tbody")];
    if (rows.length < 4) continue;
    const words = register.dataset;
    const tools = document.createElement("div");
    tools.className = "tools";
    tools.setAttribute("role", "search");
    const field = (text, control) => {
      const label = document.createElement("label");
      label.append(text, control);
      tools.append(label);
      return control;
    };
    const input = field(words.search, document.createElement("input"));
    input.type = "search";
    input.autocomplete = "off";
    const filters = [];
    const filter = (text, options, matches) => {
      const select = field(text, document.createElement("select"));
      select.add(new Option(words.every, ""));
      for (const option of options) select.add(new Option(option, option));
      filters.push({ select, matches });
    };
    if (groups.length > 1) {
      filter(words.filter, groups.map((body) => body.dataset.group), (row, value) => row.parentElement.dataset.group === value);
    }
    const values = (row, at) => (row.children[at]?.dataset.values ?? "").split("\n").filter(Boolean);
    const heads = [...register.querySelectorAll("thead th")];
    heads.forEach((head, at) => {
      if (!("filter" in head.dataset)) return;
      const options = [...new Set(rows.flatMap(({ row }) => values(row, at)))].sort(new Intl.Collator(root.lang).compare);
      if (options.length > 1) filter(head.textContent, options, (row, value) => values(row, at).includes(value));
    });
    const status = document.createElement("p");
    status.setAttribute("role", "status");
    const clear = document.createElement("button");
    Object.assign(clear, { type: "button", className: "button plain", textContent: words.clear, hidden: true });
    tools.append(status, clear);
    register.prepend(tools);
    const narrow = () => {
      const wanted = fold(input.value).split(/\s+/).filter(Boolean);
      const chosen = filters.filter(({ select }) => select.value);
      let shown = 0;
      for (const { row, text } of rows) {
        row.hidden = !wanted.every((word) => text.includes(word)) || !chosen.every(({ select, matches }) => matches(row, select.value));
        if (!row.hidden) shown += 1;
      }
      const narrowed = wanted.length > 0 || chosen.length > 0;
      for (const body of groups) body.hidden = narrowed && !body.querySelector("tr[id]:not([hidden])");
      status.textContent = !narrowed ? "" : shown ? words.shown.replace("{shown}", shown).replace("{total}", rows.length) : words.none;
      clear.hidden = !narrowed;
    };
    input.addEventListener("input", narrow);
    for (const { select } of filters) select.addEventListener("change", narrow);
    clear.addEventListener("click", () => {
      input.value = "";
      for (const { select } of filters) select.value = "";
      narrow();
      input.focus();
    });
    const collator = new Intl.Collator(root.lang, { numeric: true });
    heads.forEach((head, at) => {
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("aria-label", words.sort.replace("{column}", head.textContent));
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        for (const body of groups) {
          const sorted = [...body.querySelectorAll("tr[id]")].sort((a, b) =>
            collator.compare(a.children[at].textContent, b.children[at].textContent) * (down ? -1 : 1));
          body.append(...sorted);
        }
      });
    });
  }

  function fold(text) {
    return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  }
})();
