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

  // A link to each section, after its heading.
  const headings = [...document.querySelectorAll("article :is(h2, h3, h4, h5, h6)[id]")];
  for (const heading of headings) {
    const link = document.createElement("a");
    link.className = "permalink";
    link.href = `#${encodeURIComponent(heading.id)}`;
    link.setAttribute("aria-label", `${script.dataset.link}: ${heading.textContent.trim()}`);
    link.textContent = "#";
    heading.append(" ", link);
  }

  // A page of a version has an empty table of contents, which is filled here.
  const toc = document.querySelector(".toc");
  if (toc?.hidden) {
    const [details, summary, list] = ["details", "summary", "ol"].map((name) => document.createElement(name));
    summary.textContent = toc.getAttribute("aria-label");
    for (const heading of headings.filter((heading) => /^h[23]$/.test(heading.localName))) {
      const [item, link] = ["li", "a"].map((name) => document.createElement(name));
      const title = heading.cloneNode(true);
      title.querySelector(".permalink")?.remove();
      link.href = `#${encodeURIComponent(heading.id)}`;
      link.append(...title.childNodes);
      item.append(link);
      const above = heading.localName === "h3" && list.lastElementChild;
      if (above) (above.querySelector("ol") ?? above.appendChild(document.createElement("ol"))).append(item);
      else list.append(item);
    }
    details.append(summary, list);
    toc.append(details);
    toc.hidden = false;
  }

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
    if (event.target.closest("a") && matchMedia("(max-width: 63.99rem)").matches) details.open = false;
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

  // From one change to the next.
  const steps = document.querySelector(".steps");
  if (steps) {
    const changes = [...document.querySelectorAll("article [id]")].filter((element) => /^c\d+$/.test(element.id));
    const status = steps.querySelector("[role=status]");
    let at = -1;
    const move = (event) => {
      const step = Number(event.currentTarget.dataset.step);
      event.preventDefault();
      // Whoever has scrolled goes on from there.
      const line = innerHeight * 0.4;
      const seen = changes[at]?.getBoundingClientRect();
      if (!seen || seen.bottom < 0 || seen.top > innerHeight) {
        const below = changes.findIndex((element) => element.getBoundingClientRect().top > line);
        at = step > 0 ? (below < 0 ? changes.length : below) - 1 : below < 0 ? changes.length : below;
      }
      at = Math.min(Math.max(at + step, 0), changes.length - 1);
      location.replace(`#${changes[at].id}`);
      changes[at].scrollIntoView({ block: "center" });
      status.textContent = `${at + 1}/${changes.length}`;
    };
    for (const link of steps.querySelectorAll("a")) link.addEventListener("click", move);
    steps.hidden = changes.length < 2;
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

  // Registers can be searched, and narrowed to one group.
  for (const register of document.querySelectorAll(".register")) {
    const rows = [...register.querySelectorAll("tbody tr[id]")].map((row) => ({ row, text: fold(row.textContent) }));
    const groups = [...register.querySelectorAll("tbody")];
    if (rows.length < 4) continue;
    const tools = document.createElement("div");
    tools.className = "tools";
    tools.setAttribute("role", "search");
    const field = (text, control) => {
      const label = document.createElement("label");
      label.append(text, control);
      tools.append(label);
      return control;
    };
    const search = field(register.dataset.search, document.createElement("input"));
    search.type = "search";
    search.autocomplete = "off";
    const group = document.createElement("select");
    if (groups.length > 1) {
      field(register.dataset.filter, group);
      group.add(new Option(register.dataset.every, ""));
      for (const body of groups) group.add(new Option(body.dataset.group, body.dataset.group));
    }
    const status = document.createElement("p");
    status.setAttribute("role", "status");
    tools.append(status);
    register.prepend(tools);
    const narrow = () => {
      const words = fold(search.value).split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const { row, text } of rows) {
                row.hidden = !words.every((word) => text.includes(word)) || (group.value !== "" && row.parentElement.dataset.group !== group.value);
        if (!row.hidden) shown += 1;
      }
      const narrowed = words.length > 0 || group.value !== "";
      for (const body of groups) body.hidden = narrowed && !body.querySelector("tr[id]:not([hidden])");
      status.textContent = narrowed ? register.dataset.shown.replace("{shown}", shown).replace("{total}", rows.length) : "";
    };
    search.addEventListener("input", narrow);
    group.addEventListener("change", narrow);
  }

  function fold(text) {
    return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  }
})();
