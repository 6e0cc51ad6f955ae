// In: a site and its parsed pages. Out: what is wrong with its addresses, as sentences.
// Must not know: the browser.
import { read } from './html.mjs';
import { readFileSync } from 'node:fs';

/** Where `url`, found on the page at `path`, leads: `{ path, fragment }` inside the site, or `{ foreign }`. */
export function locate(site, path, url) {
  const here = new URL(path, new URL(site.base_url).origin);
  let target;
  try {
    target = new URL(url, here);
  } catch {
    return { broken: url };
  }
  if (target.origin !== here.origin) return { foreign: target };
  const fragment = target.hash.replace(/^#/, '').split(':~:')[0];
  return { path: target.pathname, fragment: safeDecode(fragment) };
}

function safeDecode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function target(site, cache, path) {
  if (!cache.has(path)) {
    const result = site.host.follow(path);
    const html = result.file?.endsWith('.html');
    const page = html && (site.pages.find((found) => `${site.dir}/${found.file}` === result.file)
      ?? read(readFileSync(result.file, 'utf8')));
    cache.set(path, { ...result, ids: html ? page.ids : null });
  }
  return cache.get(path);
}

/** Faults of every reference on every page: dead links, dead fragments, resources of another origin. */
export function linkFaults(site) {
  const faults = [];
  const cache = new Map();
  for (const page of site.pages) {
    for (const { tag, name, url, loads } of page.references) {
      const said = `${page.path}: <${tag} ${name}="${url}">`;
      if (/^(mailto|tel|sms):/i.test(url)) continue;
      if (/^data:/i.test(url) && loads) {
        faults.push(`${said} loads from a data: address, which the CSP refuses`);
        continue;
      }
      const to = locate(site, page.path, url);
      if (to.broken !== undefined) faults.push(`${said} is not an address`);
      else if (to.foreign) {
        if (loads) faults.push(`${said} would load from another origin`);
        else if (!/^https?:$/.test(to.foreign.protocol)) faults.push(`${said} has the scheme ${to.foreign.protocol}`);
      } else if (!`${to.path}/`.startsWith(site.base_path) && !loads) {
        // Beside the center on its host: the pages of the product, which are not built here.
        continue;
      } else {
        const found = target(site, cache, to.path);
        if (found.status !== 200) {
          if (!(found.location && /^https?:/.test(found.location))) faults.push(`${said} answers ${found.status}`);
        } else if (to.fragment && to.fragment !== 'top' && found.ids && !found.ids.has(to.fragment)) {
          faults.push(`${said}: no element has the id "${to.fragment}"`);
        }
      }
    }
  }
  return faults;
}

/** Pages that no chain of links from the home page and no line of the sitemap leads to. */
export function orphans(site) {
  const byFile = new Map(site.pages.map((page) => [`${site.dir}/${page.file}`, page]));
  const sitemap = site.files
    .filter((file) => /sitemap.*\.xml$/.test(file))
    .flatMap((file) => [...readFileSync(`${site.dir}/${file}`, 'utf8').matchAll(/<loc>\s*([^<]+?)\s*<\/loc>/g)])
    .map((found) => locate(site, site.base_path, found[1].replaceAll('&amp;', '&')).path);
  const queue = [site.base_path, ...sitemap.filter(Boolean)];
  const reached = new Set();
  while (queue.length) {
    const { file } = site.host.follow(queue.pop());
    const page = file && byFile.get(file);
    if (!page || reached.has(page)) continue;
    reached.add(page);
    for (const { url } of page.references) {
      const to = locate(site, page.path, url);
      if (to.path) queue.push(to.path);
    }
  }
  return site.pages.filter((page) => !reached.has(page) && !page.fragment && !['404', 'embed', 'redirect'].includes(page.kind));
}

const RTL = /^(ar|arc|ckb|dv|fa|he|ks|ps|sd|ug|ur|yi)\b/;

/** What every page has: one h1, a language, a direction, a title, unique ids, nothing inline. */
export function pageFaults(site, page) {
  const faults = [];
  if (page.fragment || page.kind === 'redirect') return faults;
  if (page.h1.length !== 1 || !page.h1[0]) faults.push(`has ${page.h1.length} h1 elements: ${JSON.stringify(page.h1)}`);
  if (page.lang !== page.folderLang) faults.push(`lang is ${JSON.stringify(page.lang)}; its folder stands for ${page.folderLang}`);
  const dir = RTL.test(page.lang ?? '') ? 'rtl' : 'ltr';
  if ((page.dir ?? 'ltr') !== dir) faults.push(`dir is ${JSON.stringify(page.dir)} for the language ${page.lang}`);
  if (!page.title) faults.push('has no title');
  for (const id of page.duplicateIds) faults.push(`the id "${id}" is there twice`);
  for (const found of page.inline) faults.push(`${found}: inline script or style`);
  if (page.canonical !== null && !page.canonical.startsWith(site.base_url.replace(/\/$/, ''))) {
    faults.push(`canonical ${page.canonical} is outside ${site.base_url}`);
  }
  return faults;
}

/** hreflang: each page that a page names as its other language names it back, and itself. */
export function alternateFaults(site) {
  const faults = [];
  const byPath = new Map(site.pages.map((page) => [page.path, page]));
  for (const page of site.pages) {
    if (!page.alternates.length) continue;
    const targets = page.alternates.map(({ lang, href }) => ({ lang, ...locate(site, page.path, href) }));
    if (!targets.some((to) => to.path === page.path)) faults.push(`${page.path}: its hreflang list leaves itself out`);
    for (const { lang, path } of targets) {
      const other = byPath.get(path);
      if (!other) {
        faults.push(`${page.path}: hreflang ${lang} leads to ${path}, which is no page`);
        continue;
      }
      if (lang !== 'x-default' && other.lang !== lang) faults.push(`${page.path}: hreflang ${lang} leads to a page in ${other.lang}`);
      if (!other.alternates.some((back) => locate(site, other.path, back.href).path === page.path)) {
        faults.push(`${page.path}: ${path} does not name it back by hreflang`);
      }
    }
  }
  return faults;
}
