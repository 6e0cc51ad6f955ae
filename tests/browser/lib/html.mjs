// In: HTML text. Out: what the tests ask of it: ids, references, headings, text. Parsed as a browser parses, by parse5.
// Must not know: where the page lives.
import { parse } from 'parse5';

export function* elements(node) {
  for (const child of node.childNodes ?? []) {
    if (child.tagName) yield child;
    yield* elements(child);
  }
  // A template's children are inert: they are not part of the page.
}

export const attribute = (element, name) => element.attrs.find((found) => found.name === name)?.value;

export function textOf(node) {
  if (node.nodeName === '#text') return node.value;
  return (node.childNodes ?? []).map(textOf).join('');
}

/** Attributes that make a browser fetch by themselves, by element. */
const LOADING = {
  img: ['src', 'srcset'], script: ['src'], iframe: ['src'], frame: ['src'], embed: ['src'], object: ['data'],
  audio: ['src'], video: ['src', 'poster'], source: ['src', 'srcset'], track: ['src'], input: ['src'],
  image: ['href', 'xlink:href'], use: ['href', 'xlink:href'], body: ['background'],
};
/** `<link>` relations that make a browser fetch or connect. */
const LOADING_LINKS = new Set([
  'stylesheet', 'icon', 'apple-touch-icon', 'manifest', 'preload', 'modulepreload', 'prefetch', 'preconnect',
  'dns-prefetch', 'prerender', 'mask-icon', 'pingback',
]);

export function read(html) {
  const root = parse(html, { scriptingEnabled: false });
  const page = {
    ids: new Set(), duplicateIds: [], references: [], h1: [], lang: null, dir: null, title: null, robots: null,
    canonical: null, refresh: null, inline: [], alternates: [], tags: 0,
  };
  for (const element of elements(root)) {
    page.tags += 1;
    const tag = element.tagName;
    const get = (name) => attribute(element, name);
    const id = get('id');
    if (id !== undefined) {
      if (page.ids.has(id)) page.duplicateIds.push(id);
      page.ids.add(id);
    }
    if (tag === 'a' && get('name')) page.ids.add(get('name'));
    if (tag === 'html') {
      page.lang = get('lang') ?? null;
      page.dir = get('dir') ?? null;
    }
    if (tag === 'h1') page.h1.push(textOf(element).trim());
    if (tag === 'title' && page.title === null) page.title = textOf(element).trim();
    if (tag === 'meta' && get('name') === 'robots') page.robots = get('content') ?? '';
    if (tag === 'meta' && get('http-equiv')?.toLowerCase() === 'refresh') {
      page.refresh = /url=(.*)$/i.exec(get('content') ?? '')?.[1] ?? '';
    }
    for (const { name } of element.attrs) {
      if (name === 'style') page.inline.push(`<${tag} style>`);
      if (/^on[a-z]/.test(name)) page.inline.push(`<${tag} ${name}>`);
    }
    if (tag === 'style') page.inline.push('<style>');
    if (tag === 'script' && !get('src') && !/json/.test(get('type') ?? '')) page.inline.push('<script> without src');

    const add = (name, loads) => {
      const value = get(name);
      if (value === undefined) return;
      const urls = name === 'srcset' ? value.split(',').map((part) => part.trim().split(/\s+/)[0]) : [value];
      for (const url of urls) page.references.push({ tag, name, url: url.trim(), loads });
    };
    if (tag === 'link') {
      const rels = (get('rel') ?? '').toLowerCase().split(/\s+/);
      if (rels.includes('canonical')) page.canonical = get('href') ?? null;
      if (rels.includes('alternate') && get('hreflang')) page.alternates.push({ lang: get('hreflang'), href: get('href') });
      add('href', rels.some((rel) => LOADING_LINKS.has(rel)));
    } else if (tag === 'a' || tag === 'area') {
      add('href', false);
      if (get('ping') !== undefined) add('ping', true);
    } else if (tag === 'form') {
      add('action', false);
    } else if (tag === 'blockquote' || tag === 'q' || tag === 'ins' || tag === 'del') {
      add('cite', false);
    }
    for (const name of LOADING[tag] ?? []) add(name, true);
  }
  return page;
}
