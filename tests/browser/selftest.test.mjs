// The checks themselves: a page made to fail each of them, and a sound one. A check that cannot fail says nothing.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { launch } from './lib/browser.mjs';
import { dayFaults } from './lib/days.mjs';
import { host, parseHeaders, serve } from './lib/hosting.mjs';
import { read } from './lib/html.mjs';
import { linkFaults, orphans, pageFaults } from './lib/links.mjs';
import { walk } from './lib/walk.mjs';

const HEADERS = `/*
  Content-Security-Policy: default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'
  X-Content-Type-Options: nosniff
`;
const CSS = `
:root { color-scheme: light dark; }
body { margin: 0; font: 1rem/1.5 sans-serif; color: #111; background: #fff; }
a { color: #0645ad; } a:focus-visible { outline: 3px solid #0645ad; }
.skip { position: absolute; left: -999px; } .skip:focus { left: 0; }
@media (prefers-color-scheme: dark) { body { color: #eee; background: #111; } a { color: #9cf; } .dim { color: #333; } }
.wide { width: 600px; } .pale { color: #ccc; } .blind:focus { outline: none; }
[data-later] { display: none; } .noprint { display: block; } @media print { .noprint { display: none; } }
`;

const document = ({ lang = 'en', title = 'Privacy', head = '', main = '', skip = '<a class="skip" href="#main">Skip to content</a>' } = {}) => `<!doctype html>
<html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>
<link rel="stylesheet" href="/site.css">${head}</head>
<body>${skip}<header><nav aria-label="Site"><a href="/">Home</a></nav></header><main id="main">${main}</main></body></html>`;

/** By path: the page and what each check must say about it. */
const CASES = {
  '/sound/': [document({ main: '<h1>Privacy</h1><p>We keep <a href="/">your data</a>.</p>' }), []],
  '/console/': [document({ head: '<script src="/loud.js" defer></script>', main: '<h1>Privacy</h1>' }), [/console warning: loud/, /error in a script: broken/]],
  '/inline/': [document({ main: '<h1>Privacy</h1><p style="color:red">Red</p>' }), [/CSP violation: style-src-attr/]],
  '/foreign/': [document({ main: '<h1>Privacy</h1><img alt="" src="http://elsewhere.example/x.png">' }), [/CSP violation: img-src/]],
  '/missing/': [document({ main: '<h1>Privacy</h1><img alt="" src="/no.png">' }), [/404: .*no\.png/]],
  '/contrast/': [document({ main: '<h1>Privacy</h1><p class="pale">Pale</p>' }), [/axe color-contrast/]],
  '/dark/': [document({ main: '<h1>Privacy</h1><p class="dim">Dim at night</p>' }), [/^dark: axe color-contrast/]],
  '/headings/': [document({ main: '<h1>Privacy</h1><h4>Deep</h4>' }), [/axe heading-order/]],
  '/wide/': [document({ main: '<h1>Privacy</h1><div class="wide">wide</div>' }), [/scrolls sideways at 320px/]],
  '/blind/': [document({ main: '<h1>Privacy</h1><p><a class="blind" href="/">Where am I</a></p>' }), [/focus cannot be seen/]],
  '/skipless/': [document({ skip: '', main: '<h1>Privacy</h1>' }), [/not a skip link/]],
  '/order/': [document({ main: '<h1>Privacy</h1><p><a href="/" tabindex="3">Third</a></p>' }), [/positive tabindex/]],
  '/scripted/': [document({ head: '<script src="/write.js" defer></script>', main: '<h1>Privacy</h1><p data-later>Hidden until the script runs.</p>' }), [/cannot be read without JavaScript/, /only there with JavaScript/]],
  '/storage/': [document({ head: '<script src="/store.js" defer></script>', main: '<h1>Privacy</h1>' }), [/stores localStorage seen/, /sets cookies: seen/]],
  '/paper/': [document({ main: '<div class="noprint"><h1>Privacy</h1></div>' }), [/not on paper: "Privacy"/], 'notices'],
};
const DAYS = '<h1>Privacy</h1><p data-until="2026-12-05">Comes.</p><p data-from="2026-12-05" hidden>Came.</p>';
const SHOW = `function show(today) {
  for (const element of document.querySelectorAll('[data-until]')) element.hidden = element.dataset.until <= today;
  for (const element of document.querySelectorAll('[data-from]')) element.hidden = element.dataset.from > today;
}`;
const EXTRA = {
  '/site.css': CSS,
  '/_headers': HEADERS,
  '/_redirects': '/old/* /sound/:splat 301\n',
  '/loud.js': "console.warn('loud'); throw new Error('broken');",
  '/write.js': "const p = document.createElement('p'); p.textContent = 'This sentence was written by a script and is nowhere to be found in the page as it was sent.'; document.querySelector('main').append(p);",
  '/store.js': "localStorage.setItem('seen', '1'); document.cookie = 'seen=1';",
  // One script asks for the day where the reader is, the other for the day where the center is.
  '/here.js': "const day = new Date(); show(`${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, '0')}-${String(day.getDate()).padStart(2, '0')}`);" + SHOW,
  '/there.js': "show(new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Madrid' }).format(new Date()));" + SHOW,
  '/days-here/index.html': document({ head: '<script src="/here.js" defer></script>', main: DAYS }),
  '/days-there/index.html': document({ head: '<script src="/there.js" defer></script>', main: DAYS }),
  '/index.html': document({ main: '<h1>Home</h1><p><a href="/sound/#gone">gone</a> <a href="/nowhere/">nowhere</a> <a href="/old/">old</a></p><img alt="" src="https://elsewhere.example/x.png">' }),
  '/alone/index.html': document({ main: '<h1>One</h1><h1>Two</h1><p id="a"></p><p id="a" onclick="x()"></p>', lang: 'ar' }),
};

describe('the checks find what they are for', { concurrency: 2 }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'fineprint-selftest-'));
  let chromium;
  let server;
  const write = (path, text) => {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  };
  for (const [path, [html]] of Object.entries(CASES)) write(`${path}index.html`, html);
  for (const [path, text] of Object.entries(EXTRA)) write(path, text);
  const site = { dir, base_url: 'https://privacy.example.org', base_path: '/', date: '2026-11-21', timezone: 'Europe/Madrid', files: [] };
  site.host = host(dir, '/');
  const page = (path) => ({ ...read(path in CASES ? CASES[path][0] : EXTRA[`${path}index.html`]), path, file: `${path.slice(1)}index.html`, kind: CASES[path]?.[2] ?? 'other', folderLang: 'en' });

  before(async () => {
    chromium = await launch();
    server = await serve(site.host);
  });
  after(async () => {
    await server?.close();
    await chromium?.close();
    rmSync(dir, { recursive: true, force: true });
  });

  for (const [path, [, expected]] of Object.entries(CASES)) {
    test(`in the browser: ${path}`, async () => {
      const faults = await walk(chromium, server.origin, site, page(path));
      if (expected.length === 0) assert.deepEqual(faults, []);
      for (const wanted of expected) assert.ok(faults.some((fault) => wanted.test(fault)), `no ${wanted} in\n  ${faults.join('\n  ')}`);
    });
  }
  test('on the day on which a notice ends', async () => {
    const faults = (path) => dayFaults(chromium.browser, server.origin, site, '2026-12-05', [{ path, kind: 'upcoming' }]);
    assert.deepEqual(await faults('/days-there/'), []);
    const here = await faults('/days-here/');
    for (const wanted of [/last minute before: what holds until then is already hidden/, /first minute: "Comes." is still shown/, /first minute: what holds from then on is not shown/]) {
      assert.ok(here.some((fault) => wanted.test(fault)), `no ${wanted} in\n  ${here.join('\n  ')}`);
    }
    assert.match((await faults('/sound/')).join('\n'), /nothing says that it holds until/);
  });
  test('on the pages as text', () => {
    site.pages = [page('/'), page('/alone/'), page('/sound/')];
    const links = linkFaults(site);
    for (const wanted of [/"gone"/, /nowhere.*404/, /elsewhere.*another origin/]) {
      assert.ok(links.some((fault) => wanted.test(fault)), `no ${wanted} in ${links}`);
    }
    assert.ok(!links.some((fault) => /old/.test(fault)), 'a redirect is followed');
    assert.deepEqual(orphans(site).map(({ path }) => path), ['/alone/']);
    const faults = pageFaults(site, site.pages[1]).join('\n');
    for (const wanted of [/2 h1/, /lang is "ar"/, /dir is null/, /"a" is there twice/, /onclick/]) assert.match(faults, wanted);
  });
  test('headers are read as the hosts read them', () => {
    const rules = parseHeaders('/*\n  A: 1\n/api/*\n  ! A\n  B: 2\n/:doc/v/*\n  C: 3\n');
    assert.deepEqual(rules.map((rule) => rule.match.test('/api/x')), [true, true, false]);
    assert.ok(rules[2].match.test('/privacy/v/2026-04-19/'));
    assert.deepEqual([...host(dir).headersFor('/x').keys()], ['content-security-policy', 'x-content-type-options']);
  });
});
