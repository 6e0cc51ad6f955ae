// In: an open page. Out: what a reader would trip over, as sentences: by eye, by keyboard, by screen reader, on a
// small screen, without JavaScript, on paper. Must not know: which site it is.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Evaluated through the debugging protocol, which the page's CSP does not bind; the CSP stays in force for the page. */
export async function prepareAxe(page) {
  await page.evaluate(AXE);
}

/** axe-core's findings. In the dark scheme only what a scheme can change is asked again: colours. */
export async function axeFaults(page, { colorsOnly = false } = {}) {
  const results = await page.evaluate(async (colorsOnly) => {
    const runOnly = colorsOnly
      ? { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }
      : { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };
    // `preload` is for style sheets of other origins, of which there are none.
    const found = await globalThis.axe.run(document, { runOnly, resultTypes: ['violations'], preload: false });
    return found.violations.map((violation) => ({
      id: violation.id,
      help: violation.help,
      nodes: violation.nodes.map((node) => `${node.target.flat().join(' ')} ${(node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? ''}`),
    }));
  }, colorsOnly);
  return results.map(({ id, help, nodes }) => `axe ${id}: ${help} (${nodes.length}): ${nodes.slice(0, 3).join(' | ')}`);
}

/** Whether the page can be scrolled sideways, and by which elements. */
export async function overflowFaults(page, width) {
  await page.setViewportSize({ width, height: 800 });
  const found = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.scrollingElement;
    if (scrollWidth <= clientWidth) return null;
    const rtl = getComputedStyle(document.documentElement).direction === 'rtl';
    const clips = (element) => element && element !== document.body
      && (getComputedStyle(element).overflowX !== 'visible' || clips(element.parentElement));
    const wide = [...document.body.querySelectorAll('*')].filter((element) => {
      const box = element.getBoundingClientRect();
      return box.width > 0 && (rtl ? box.left < -1 : box.right > clientWidth + 1) && !clips(element.parentElement);
    });
    const name = (element) => `${element.tagName.toLowerCase()}${element.className ? `.${element.className}` : ''} "${element.innerText.trim().replace(/\s+/g, ' ').slice(0, 30)}"`;
    return `${scrollWidth} > ${clientWidth}, by ${wide.slice(-3).map(name).join(', ')}`;
  });
  return found ? [`scrolls sideways at ${width}px: ${found}`] : [];
}

/** Presses and releases Tab, in this order but without waiting for each: the page keeps its own record. */
async function pressTab(page, times) {
  const session = await page.context().newCDPSession(page);
  const key = { key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9 };
  await Promise.all(Array.from({ length: times * 2 }, (_, index) =>
    session.send('Input.dispatchKeyEvent', { ...key, type: index % 2 ? 'keyUp' : 'rawKeyDown' })));
  await session.detach();
}

/** How many stops of one page are walked; longer pages repeat themselves. */
const STOPS = 100;

/** Tab reaches everything that can be operated, in the order of the page, and each stop shows that it has the focus. */
export async function keyboardFaults(page) {
  const faults = [];
  const expected = await page.evaluate((limit) => {
    const look = (element) => {
      const of = (style) => [
        style.outlineStyle === 'none' ? '' : `${style.outlineStyle} ${style.outlineWidth} ${style.outlineColor}`,
        style.boxShadow, style.backgroundColor, style.borderColor, style.borderWidth, style.color,
        style.textDecorationLine, style.textDecorationThickness, style.clip, style.clipPath, style.transform, style.position,
      ].join(';');
      return of(getComputedStyle(element));
    };
    const name = (element) => {
      const words = (element.getAttribute('aria-label') ?? element.innerText ?? '').trim().replace(/\s+/g, ' ').slice(0, 50);
      return `<${element.tagName.toLowerCase()}${element.getAttribute('href') ? ` href="${element.getAttribute('href')}"` : ''}> ${words}`;
    };
    // Elements of one's own included, where their roots are open.
    const every = (root) => [...root.querySelectorAll('*')]
      .flatMap((element) => (element.shadowRoot ? [element, ...every(element.shadowRoot)] : [element]));
    const stops = every(document)
      .filter((element) => element.matches('a[href], area[href], button, input, select, textarea, summary, [tabindex]'))
      .filter((element) => element.tabIndex >= 0 && !element.disabled && !element.closest('[inert]') && element.type !== 'hidden')
      .filter((element) => element.checkVisibility({ visibilityProperty: true }))
      .filter((element) => element.type !== 'radio' || element.checked
        || !document.querySelector(`input[type=radio][name="${CSS.escape(element.name)}"]:checked`));
    globalThis.__stops = [];
    const looks = new Map(stops.map((element) => [element, look(element)]));
    const stop = () => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      if (!element || element === document.body) return { index: -1, name: 'the document' };
      const box = element.getBoundingClientRect();
      // Part of a stop has to lie in the window, and nothing fixed may cover all of it.
      const inside = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
      const points = [...element.getClientRects()].flatMap((rect) => [[0.1, 0.5], [0.5, 0.5], [0.9, 0.5]]
        .map(([x, y]) => [rect.left + rect.width * x, rect.top + rect.height * y]))
        .filter(([x, y]) => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight);
      const open = points.some(([x, y]) => {
        const top = element.getRootNode().elementFromPoint(x, y);
        return top && (element.contains(top) || top.contains(element) || top.closest('label')?.control === element);
      });
      const index = stops.indexOf(element);
      return {
        index, name: name(element), inside, open,
        changed: index < 0 || look(element) !== looks.get(element),
        scroller: index < 0 && (element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight),
      };
    };
    addEventListener('keyup', (event) => event.key === 'Tab' && globalThis.__stops.push(stop()), true);
    const first = stops[0];
    return {
      count: Math.min(stops.length, limit),
      names: stops.slice(0, limit).map(name),
      positive: stops.filter((element) => element.tabIndex > 0).map(name),
      skip: first?.matches('a[href^="#"]') && Boolean(document.getElementById(decodeURIComponent(first.hash.slice(1)))?.closest('main')
        ?? document.getElementById(decodeURIComponent(first.hash.slice(1)))?.querySelector('main')),
    };
  }, STOPS);
  if (expected.count === 0) return ['has nothing that Tab reaches'];
  if (!expected.skip) faults.push(`the first stop is not a skip link into main: ${expected.names[0]}`);
  for (const name of expected.positive) faults.push(`a positive tabindex: ${name}`);

  let next = 0;
  let due = expected.count;
  // Scrollers are stops too, and a date field has several: some presses more than there are stops.
  for (let round = 0; due > 0 && round < 3; round += 1) {
    await pressTab(page, due);
    for (const stop of await page.evaluate(() => globalThis.__stops.splice(0))) {
      if (next >= expected.count) break;
      if (stop.index === next - 1 && next > 0) continue;
      if (stop.index < 0 && stop.scroller) continue;
      if (stop.index !== next) {
        return [...faults, `Tab goes to ${stop.name} (${stop.index}) where ${expected.names[next]} (${next}) is due`];
      }
      if (!stop.changed) faults.push(`the focus cannot be seen on ${stop.name}`);
      if (!stop.inside) faults.push(`the focus is outside the window on ${stop.name}`);
      else if (!stop.open) faults.push(`the focused element is covered: ${stop.name}`);
      next += 1;
    }
    due = expected.count - next;
  }
  if (due > 0) faults.push(`Tab never gets to ${expected.names[next]}`);
  return faults;
}

/** Cookies and storage of a page that was only read. */
export async function storageFaults(context, page) {
  const faults = [];
  const cookies = await context.cookies();
  if (cookies.length) faults.push(`sets cookies: ${cookies.map((cookie) => cookie.name).join(', ')}`);
  const stored = await page.evaluate(async () => [
    ...Object.keys(localStorage).map((key) => `localStorage ${key}`),
    ...Object.keys(sessionStorage).map((key) => `sessionStorage ${key}`),
    ...(await indexedDB.databases()).map(({ name }) => `indexedDB ${name}`),
  ]);
  for (const key of stored) faults.push(`stores ${key}`);
  return faults;
}

const words = (text) => text.normalize().replace(/[\s\u00ad\u200b]+/g, ' ').trim().toLocaleLowerCase('en');

/** The lines of `main` that can be seen, with everything that folds opened. */
export async function visibleLines(page) {
  const text = await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
    return document.querySelector('main')?.innerText ?? '';
  });
  return text.split('\n').map(words).filter(Boolean);
}

/** The texts of `main` as the server sent them, without what is marked hidden. */
async function sentTexts(page) {
  const texts = await page.evaluate(() => {
    const found = new Set();
    const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const { parentElement: parent, nodeValue } = walker.currentNode;
      if (!parent.closest('script, style, template, noscript, [hidden], option, textarea, title')) found.add(nodeValue);
    }
    return [...found];
  });
  return texts.map(words).filter(Boolean);
}

/**
 * Without JavaScript everything that was sent can be read, and no sentence is missing that a script would have added.
 * `page` has JavaScript off; `scripted` are the lines that the same page shows with it.
 */
export async function withoutScriptFaults(page, scripted) {
  const plain = (await visibleLines(page)).join(' ');
  const enhanced = scripted.join(' ');
  const sent = await sentTexts(page);
  const faults = [
    ...sent.filter((text) => !plain.includes(text)).map((text) => `cannot be read without JavaScript: "${text.slice(0, 80)}"`),
    ...sent.filter((text) => !enhanced.includes(text)).map((text) => `a script hides "${text.slice(0, 80)}"`),
    // Labels and controls are a script's own; so is the sign with which it links a heading.
    ...scripted.map((line) => line.replace(/ #$/, '')).filter((line) => line.length > 60 && !plain.includes(line))
      .map((line) => `only there with JavaScript: "${line.slice(0, 80)}"`),
  ];
  return faults.slice(0, 8);
}

const squeeze = (text) => text.normalize('NFKC').replace(/[\s\u00ad\u200b-]+/g, '');

/** How often each word occurs; addresses, code and marks of Markdown are no words. */
function wordCounts(text) {
  const counts = new Map();
  const plain = text.normalize('NFKC').replace(/^(?:> ?)+\[!\w+\]|\{#[^}]*\}|^:::.*$|\]\([^)]*\)/gm, ' ').replace(/<[^>]*>|https?:\S+|`[^`]*`|&\w+;/g, ' ');
  for (const word of plain.split(/[^\p{L}\p{N}]+/u)) {
    if (word.length > 2) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

/**
 * The page on paper: a PDF that holds each of `texts` (spaces, hyphens and line breaks aside), and every word of `source`, the
 * resolved text of the version, as often as it occurs there.
 */
export async function paperFaults(page, scratch, texts, source = '') {
  await page.emulateMedia({ media: 'print', colorScheme: 'light' });
  const file = join(scratch, `${Math.random().toString(36).slice(2)}.pdf`);
  const pdf = await page.pdf({ format: 'A4' });
  let printed;
  try {
    writeFileSync(file, pdf);
    printed = (await run('pdftotext', ['-enc', 'UTF-8', file, '-'], { maxBuffer: 64 << 20 })).stdout;
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    // Without pdftotext: what the print style sheet shows.
    printed = await page.evaluate(() => document.body.innerText);
  }
  await page.emulateMedia({ media: 'screen' });
  const paper = squeeze(printed);
  const counted = wordCounts(printed);
  const lost = [...wordCounts(source)].filter(([word, count]) => (counted.get(word) ?? 0) < count);
  return [
    ...texts.filter((text) => !paper.includes(squeeze(text))).map((text) => `not on paper: "${text.slice(0, 80)}"`),
    ...lost.slice(0, 5).map(([word, count]) => `on paper ${counted.get(word) ?? 0} times instead of ${count}: "${word}"`),
  ];
}

/** What a reader does with the controls of a page, by its kind. The page has JavaScript. */
export async function controlFaults(page, kind) {
  if (kind === 'redline' && await page.locator('.steps').count()) {
    const faults = await page.evaluate(() => {
      const found = [];
      const button = document.querySelector('.steps button[data-by="1"]');
      const inWindow = (element) => {
        const box = element.getBoundingClientRect();
        return box.bottom > 0 && box.top < innerHeight;
      };
      for (let step = 1; step <= 3; step += 1) {
        button.click();
        if (!inWindow(button)) found.push(`the steps are outside the window after ${step}`);
        const change = document.querySelector('.step');
        if (change && !inWindow(change)) found.push(`step ${step} leads to a change outside the window`);
      }
      if (!document.querySelector('.steps [role=status]').textContent.trim()) found.push('the steps do not count');
      return found;
    });
    const before = await page.locator('.steps [role=status]').innerText();
    await page.keyboard.press('p');
    if (await page.locator('.steps [role=status]').innerText() === before) faults.push('the key p does not go back');
    return faults;
  }
  if (kind === 'search') {
    const faults = [];
    const word = await page.evaluate(() => document.querySelector('.everything li a').textContent.trim().split(' ').at(-1));
    await page.locator('.find input').fill(word);
    await page.waitForFunction(() => document.querySelector('.find [role=status]').textContent !== '');
    if (!await page.locator('.find li a').count()) faults.push(`searching for ${word} finds nothing`);
    await page.locator('.find input').fill('qqqqzzzz');
    await page.waitForFunction(() => !document.querySelector('.find li'));
    if (!(await page.locator('.find [role=status]').innerText()).trim()) faults.push('an empty result says nothing');
    await page.locator('.find input').fill('');
    return faults;
  }
  if (kind === 'register' && await page.locator('.register .tools').count()) {
    return page.evaluate(() => {
      const found = [];
      const rows = () => [...document.querySelectorAll('.register tr[id]')].filter((row) => row.checkVisibility()).length;
      const all = rows();
      for (const select of document.querySelectorAll('.register select')) {
        select.value = select.options[1].value;
        select.dispatchEvent(new Event('change'));
        if (rows() === 0 || rows() > all) found.push(`the filter ${select.parentElement.textContent.slice(0, 20)} shows ${rows()} of ${all}`);
        select.value = '';
        select.dispatchEvent(new Event('change'));
      }
      document.querySelector('.register thead button').click();
      if (!document.querySelector('.register [aria-sort]')) found.push('sorting is not announced');
      if (rows() !== all) found.push('sorting loses rows');
      return found;
    });
  }
  return [];
}

/** Whether anything is lost where the system sets its own colors: every state is also a word, every strip has an edge. */
export async function forcedColorFaults(page) {
  await page.emulateMedia({ forcedColors: 'active' });
  const faults = await page.evaluate(() => [...document.querySelectorAll('.strip, .notice')]
    .filter((element) => element.checkVisibility() && getComputedStyle(element).borderTopWidth === '0px' && getComputedStyle(element).borderInlineStartWidth === '0px')
    .map((element) => `has no edge in forced colors: ${element.className}`));
  await page.emulateMedia({ forcedColors: 'none' });
  return faults;
}

/** Where a link into an old or announced version leads, the strip is in sight. */
export async function stripFaults(page) {
  return page.evaluate(() => {
    const strip = [...document.querySelectorAll('.strip')].find((element) => element.checkVisibility());
    const heading = [...document.querySelectorAll('article h2[id]')].at(-1);
    if (!strip || !heading) return [];
    heading.scrollIntoView();
    const [box, at] = [strip.getBoundingClientRect(), heading.getBoundingClientRect()];
    scrollTo(0, 0);
    if (box.bottom <= 0) return ['the strip of an old version is out of sight at a section'];
    return at.top < box.bottom - 2 ? ['the strip covers the heading that a link leads to'] : [];
  });
}
