// In: target/sites/index.json (which sites were built, for which day, where). Out: their pages, told apart by kind.
// Must not know: the browser.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { host } from './hosting.mjs';
import { read } from './html.mjs';

const INDEX = process.env.FINEPRINT_SITES
  ?? fileURLToPath(new URL('../../../target/sites/index.json', import.meta.url));

export function files(dir, under = dir) {
  return readdirSync(under, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(under, entry.name);
      return entry.isDirectory() ? files(dir, path) : [relative(dir, path).split(sep).join('/')];
    });
}

/** A page's kind by its address below the site's root, and the language its folder stands for. */
export function kindOf(site, path, page) {
  let parts = path.split('/').filter((part) => part && part !== 'index.html');
  let folderLang = site.languages[0];
  if (site.languages.slice(1).includes(parts[0])) folderLang = parts.shift();
  const [first, second, third] = parts;
  if (page.refresh !== null) return { kind: 'redirect', folderLang };
  if (first === 'embed') return { kind: 'embed', folderLang };
  if (parts.at(-1) === '404.html') return { kind: '404', folderLang };
  if (!first) return { kind: 'center', folderLang };
  if (first === 'changes') return { kind: 'center-changes', folderLang };
  if (first === 'notices') return { kind: 'notices', folderLang };
  if (first === 'search') return { kind: 'search', folderLang };
  if (first === 'record') return { kind: 'record', folderLang };
  if (existsSync(join(site.dir, first, 'v'))) {
    if (!second) return { kind: 'document', folderLang };
    if (second === 'v' && third) return { kind: page.robots?.includes('noindex') ? 'old-version' : 'version', folderLang };
    if (second === 'upcoming') return { kind: 'upcoming', folderLang };
    if (second === 'changes') return { kind: third ? 'redline' : 'changes', folderLang };
    return { kind: 'other', folderLang };
  }
  if (files(join(site.dir, first)).some((name) => name.endsWith('.csv'))) return { kind: 'register', folderLang };
  return { kind: 'other', folderLang };
}

function load(entry) {
  const site = { ...entry, host: host(entry.dir, entry.base_path), label: `${entry.name}@${entry.date}` };
  site.files = files(entry.dir);
  site.pages = site.files
    .filter((file) => file.endsWith('.html'))
    .map((file) => {
      const html = readFileSync(join(entry.dir, file), 'utf8');
      const page = read(html);
      const local = file.replace(/(^|\/)index\.html$/, '$1');
      return {
        ...page, file, html, path: entry.base_path + local, ...kindOf(site, local, page),
        fragment: !/^\s*<!doctype/i.test(html),
        hash: createHash('sha256').update(html).digest('hex'),
      };
    });
  return site;
}

export function sites() {
  if (!existsSync(INDEX)) throw new Error(`${INDEX} is missing: run tests/run.sh, which builds the sites first`);
  return JSON.parse(readFileSync(INDEX, 'utf8')).map(load);
}

/** Kinds that look different while a notice is open. */
const TIMELY = new Set(['center', 'document', 'notices', 'upcoming']);

/**
 * The pages to open in the browser: of each center the longest page of every kind in every language, on whatever day,
 * as the longest holds the most kinds of content; of kinds that a notice changes, one while it is open and one while
 * it is not. A page that is the same, byte for byte, in two places is opened once.
 */
export function pick(all) {
  const classes = new Map();
  for (const site of all) {
    for (const page of site.pages) {
      if (page.fragment || page.kind === 'redirect') continue;
      const key = `${site.name} ${page.kind} ${page.lang} ${TIMELY.has(page.kind) && site.open.length > 0}`;
      const longest = classes.get(key);
      if (!longest || page.tags > longest.page.tags) classes.set(key, { site, page });
    }
  }
  const seen = new Set();
  return [...classes.values()].filter(({ page }) => !seen.has(page.hash) && seen.add(page.hash));
}
