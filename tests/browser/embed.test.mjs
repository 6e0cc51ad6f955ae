// The snippet on a product's page: another origin, the strictest policy, the clock before, in and after the window.
// Everything is asked of the file that is published and of its readable twin.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { after, before, describe, test } from 'node:test';
import axe from 'axe-core';
import { launch } from './lib/browser.mjs';
import { midnight } from './lib/days.mjs';
import { SCRIPTS, center, kept, product, shown, strict, visit } from './lib/embeds.mjs';
import { sites } from './lib/sites.mjs';

const EASYLIST = process.env.FINEPRINT_EASYLIST ?? fileURLToPath(new URL('../../target/tools/easylist.txt', import.meta.url));
const all = sites();
const site = all.find(({ name, open }) => name === 'sample' && open.length > 1);
const arabic = all.find(({ languages, open }) => languages.includes('ar') && open.length > 0);
const NOON = new Date(`${site.date}T12:00:00Z`);

let chromium;
let home;
let shop;
before(async () => {
  chromium = await launch();
  home = await center(site);
  shop = await product();
});
after(async () => {
  await home?.close();
  await shop?.close();
  await chromium?.close();
});

/** A page with the snippet as documented, under the strictest policy unless another is named. */
const snippet = (script, more = {}) => shop.page({
  base: home.base, script, integrity: home.integrity(script), policy: strict(home.base, script), ...more,
});

const visiting = async (options, work) => {
  const tab = await visit(chromium.browser, options);
  try {
    await work(tab);
    assert.deepEqual(tab.faults, []);
  } finally {
    home.answers.clear();
    await tab.context.close();
  }
};

const ids = (cards) => cards.map(({ links }) => links[0].match(/\/([^/]+)\/v\/([^/]+)\/$/).slice(1, 3).join('-'));

for (const script of SCRIPTS) {
  describe(script, () => {
    test('shows each notice exactly within its window, wherever the reader is', async () => {
      const moments = new Set();
      for (const { published, effective } of site.open) {
        for (const day of [published, effective]) {
          const start = midnight(day, site.timezone).getTime();
          for (const at of [start - 1, start]) moments.add(at);
        }
      }
      assert.ok(moments.size >= 6);
      const url = snippet(script);
      let seen = 0;
      for (const at of moments) {
        const expected = site.open
          .filter(({ published, effective }) => midnight(published, site.timezone) <= at && at < midnight(effective, site.timezone))
          .map(({ document, version }) => `${document}-${version}`);
        for (const timezoneId of ['Pacific/Kiritimati', 'Pacific/Pago_Pago']) {
          await visiting({ at: new Date(at), timezoneId }, async ({ page }) => {
            await page.goto(url);
            const cards = await shown(page);
            assert.deepEqual(ids(cards).sort(), expected.sort(), `${new Date(at).toISOString()} in ${timezoneId}`);
            assert.deepEqual(await page.evaluate(() => globalThis.__violations), []);
            seen += cards.length;
          });
        }
      }
      assert.ok(seen > 0);
    });

    test('goes on a page that stays open when the window ends, and asks again after a day', async () => {
      const end = midnight(site.open[0].effective, site.timezone).getTime();
      await visiting({}, async ({ page, context }) => {
        await context.clock.install({ time: new Date(end - 30 * 60_000) });
        home.says(home.notices());
        await page.goto(snippet(script));
        assert.equal((await shown(page)).length, 2);
        await context.clock.runFor(29 * 60_000);
        assert.equal((await shown(page)).length, 2);
        await context.clock.runFor(2 * 60_000);
        assert.equal((await shown(page)).length, 0);
        const next = { ...home.notices().open[0], id: 'next', starts: new Date(end).toISOString(), ends: new Date(end + 9e9).toISOString() };
        home.says({ languages: ['en'], open: [next] });
        const again = page.waitForResponse((response) => response.url().endsWith('notices.json'));
        await context.clock.runFor(25 * 60 * 60_000);
        await again;
        await page.waitForFunction(() => document.querySelector('fineprint-update').shadowRoot.querySelector('section'));
      });
    });

    test('a center that could not be reached is asked again after an hour', async () => {
      await visiting({}, async ({ page, context }) => {
        await context.clock.install({ time: NOON });
        home.says('unavailable', 503);
        await page.goto(snippet(script));
        assert.deepEqual(await shown(page), []);
        home.says(home.notices());
        const again = page.waitForResponse((response) => response.url().endsWith('notices.json'));
        await context.clock.runFor(61 * 60_000);
        await again;
        await page.waitForFunction(() => document.querySelector('fineprint-update').shadowRoot.querySelector('section'));
      });
    });

    test('is as large as the reader wants text to be, whatever the page makes of a rem', async () => {
      await visiting({ at: NOON }, async ({ page }) => {
        const head = '<style>html { font-size: 62.5% }</style>';
        await page.goto(snippet(script, { head, policy: `${strict(home.base, script)}; style-src 'unsafe-inline'` }));
        await shown(page);
        const size = () => page.evaluate(() => getComputedStyle(document.querySelector('fineprint-update').shadowRoot.querySelector('p')).fontSize);
        assert.equal(await size(), '16px');
        const box = await page.getByRole('region').first().boundingBox();
        assert.ok(box.width > 400, `${box.width}`);
      });
    });

    test('a wrong hash is refused, and the page stays as it is', async () => {
      await visiting({ at: NOON }, async ({ page }) => {
        const refused = page.waitForEvent('console', (message) => /integrity/i.test(message.text()));
        await page.goto(snippet(script, { integrity: `sha384-${'A'.repeat(64)}` }));
        await refused;
        assert.equal(await page.evaluate(() => customElements.get('fineprint-update')), undefined);
        assert.equal(await page.locator('h1').innerText(), 'Product');
      });
    });

    test('sends no cookie, no referrer and no credentials', async () => {
      home.asked.length = 0;
      await visiting({ at: NOON }, async ({ page }) => {
        await page.goto(snippet(script));
        await shown(page);
      });
      const asked = home.asked.filter(({ path }) => path.endsWith('.json'));
      assert.equal(asked.length, 1);
      assert.equal(asked[0].headers.cookie ?? asked[0].headers.authorization ?? asked[0].headers.referer, undefined);
      assert.match(asked[0].headers['sec-fetch-mode'], /cors/);
    });

    test('each notice is dismissed by itself and stays so; the next one shows; nothing is stored before', async () => {
      await visiting({ at: NOON }, async ({ page, context }) => {
        home.says(home.notices());
        const url = snippet(script);
        await page.goto(url);
        const [first, second] = await shown(page);
        assert.deepEqual(await kept(context, page), { cookies: [], local: {}, session: {}, databases: [], caches: [] });
        await page.getByRole('region', { name: first.title }).getByRole('button').click();
        assert.deepEqual((await shown(page)).map(({ title }) => title), [second.title]);
        const { local, ...others } = await kept(context, page);
        assert.deepEqual(others, { cookies: [], session: {}, databases: [], caches: [] });
        assert.equal(Object.keys(local).length, 1);

        // Another tab hears of it; a reload never puts the card up, not for one frame.
        const other = await context.newPage();
        await other.goto(url);
        assert.equal((await shown(other)).length, 1);
        await other.getByRole('button').click();
        await page.waitForFunction(() => !document.querySelector('fineprint-update').shadowRoot.querySelector('section'));
        await page.reload();
        assert.deepEqual(await shown(page), []);
        assert.equal(await page.evaluate(() => globalThis.__cards), 0);

        const [notice] = home.notices().open;
        home.says({ languages: ['en'], open: [notice, { ...notice, id: 'privacy-2027-03-01' }] });
        await page.reload();
        assert.equal((await shown(page)).length, 1);
        assert.equal(await page.evaluate(() => globalThis.__cards), 1);
      });
    });

    test('where nothing may be stored it is shown, dismissed for the page, and breaks nothing', async () => {
      await visiting({ at: NOON }, async ({ page }) => {
        // A sandboxed page has an origin of its own kind: touching localStorage throws.
        await page.goto(snippet(script, { policy: `sandbox allow-scripts; ${strict(home.base, script)}` }));
        assert.equal((await shown(page)).length, 2);
        await assert.rejects(page.evaluate(() => localStorage.length));
        await page.getByRole('button').first().click();
        assert.equal((await shown(page)).length, 1);
      });
    });

    test('offline, 404 and other failures are silent', async () => {
      const failures = [
        (_, response) => response.destroy(),
        (_, response) => response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not found</h1>'),
        (_, response) => response.writeHead(500).end(JSON.stringify(home.notices())),
        (_, response) => response.removeHeader('access-control-allow-origin') ?? response.writeHead(200).end('{}'),
        (_, response) => response.writeHead(302, { location: 'https://elsewhere.example/' }).end(),
      ];
      for (const failure of failures) {
        await visiting({ at: NOON }, async ({ page }) => {
          home.answers.set('api/v1/notices.json', failure);
          await page.goto(snippet(script));
          assert.deepEqual(await shown(page), []);
          assert.equal(await page.evaluate(() => globalThis.__cards), 0);
        });
      }
      await visiting({ at: NOON }, async ({ page, context }) => {
        await page.goto(snippet(script));
        await shown(page);
        await context.setOffline(true);
        await page.evaluate(() => document.body.append(document.createElement('fineprint-update')));
        await page.waitForFunction(() => document.querySelectorAll('fineprint-update')[1].timer !== undefined);
        assert.equal((await shown(page)).length, 2);
      });
    });

    test('a slow answer changes nothing until it is there, and moves nothing then', async () => {
      await visiting({ at: NOON }, async ({ page }) => {
        let release;
        const held = new Promise((resolve) => { release = resolve; });
        home.answers.set('api/v1/notices.json', async (_, response) => {
          await held;
          response.end(JSON.stringify(home.notices()));
        });
        await page.goto(snippet(script, { first: true }), { waitUntil: 'load' });
        const place = () => page.locator('#here').boundingBox();
        const at = await place();
        assert.equal(await page.evaluate(() => document.querySelector('fineprint-update').getBoundingClientRect().height), 0);
        release();
        assert.equal((await shown(page)).length, 2);
        assert.deepEqual(await place(), at);
      });
    });

    test('shifts no layout', async () => {
      const score = (page) => page.evaluate(() => new Promise((resolve) => {
        let sum = 0;
        new PerformanceObserver((list) => { for (const entry of list.getEntries()) sum += entry.value; }).observe({ type: 'layout-shift', buffered: true });
        requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum))));
      }));
      for (const viewport of [{ width: 1024, height: 768 }, { width: 320, height: 568 }]) {
        await visiting({ at: NOON, viewport }, async ({ page }) => {
          await page.goto(snippet(script, { first: true }));
          assert.equal((await shown(page)).length, 2);
          assert.equal(await score(page), 0);
          // The measure itself can see a shift.
          await page.evaluate(() => new Promise((resolve) => {
            const block = document.createElement('div');
            block.style.height = '200px';
            requestAnimationFrame(() => { document.body.prepend(block); requestAnimationFrame(resolve); });
          }));
          // A busy machine reports it some frames later.
          let seen = 0;
          for (let frame = 0; frame < 200 && seen === 0; frame += 1) seen = await score(page);
          assert.ok(seen > 0);
        });
      }
    });

    test('without JavaScript the page is as it was', async () => {
      await visiting({ javaScriptEnabled: false }, async ({ page }) => {
        await page.goto(snippet(script));
        assert.equal((await page.locator('body').innerText()).trim(), 'Product\n\nA link of the product');
      });
    });

    test('the keyboard alone reads and dismisses it', async () => {
      await visiting({ at: NOON }, async ({ page }) => {
        await page.goto(snippet(script));
        const [first, second] = await shown(page);
        const focused = () => page.evaluate(() => {
          const element = document.activeElement.shadowRoot?.activeElement;
          return element && { tag: element.localName, title: element.parentNode.firstChild.textContent, outline: getComputedStyle(element).outlineStyle };
        });
        assert.equal(await focused(), undefined, 'it takes no focus by itself');
        const tab = async (tag, { title }) => {
          await page.keyboard.press('Tab');
          assert.deepEqual(await focused(), { tag, title, outline: 'solid' });
        };
        await page.locator('#here').focus();
        await tab('a', first);
        for (let more = first.links.length; more > 1; more -= 1) await tab('a', first);
        await tab('button', first);
        await page.keyboard.press('Enter');
        assert.deepEqual(await focused(), { tag: 'button', title: second.title, outline: 'solid' });
        await page.keyboard.press('Space');
        assert.deepEqual(await shown(page), []);
      });
    });

    test('a screen reader finds regions by name, links and buttons; axe finds no fault', async () => {
      await visiting({ at: NOON }, async ({ page, context }) => {
        await page.goto(snippet(script));
        const cards = await shown(page);
        const client = await context.newCDPSession(page);
        const { nodes } = await client.send('Accessibility.getFullAXTree');
        const named = (role) => nodes.filter((node) => !node.ignored && node.role?.value === role).map((node) => ({ name: node.name?.value, about: node.description?.value }));
        assert.deepEqual(named('region').map(({ name }) => name), cards.map(({ title }) => title));
        assert.deepEqual(named('button'), cards.map(({ title }) => ({ name: 'Dismiss', about: title })));
        assert.ok(named('link').some(({ name }) => name === 'Read the new version'));
        assert.deepEqual(named('alert').concat(named('dialog')), []);
        await page.evaluate(axe.source);
        for (const colorScheme of ['light', 'dark']) {
          await page.emulateMedia({ colorScheme });
          const { violations } = await page.evaluate(() => globalThis.axe.run(document));
          assert.deepEqual(violations.map(({ id, nodes: found }) => `${id}: ${found[0].html}`), []);
        }
      });
    });

    test('targets are 44 pixels, on a screen of 320 too, and nothing is out of reach', async () => {
      for (const viewport of [{ width: 320, height: 568 }, { width: 320, height: 300 }, { width: 1280, height: 800 }]) {
        await visiting({ at: NOON, viewport }, async ({ page }) => {
          await page.goto(snippet(script));
          await shown(page);
          const wide = await page.evaluate(() => document.scrollingElement.scrollWidth);
          assert.ok(wide <= viewport.width, `${wide} px wide`);
          for (const target of await page.locator('fineprint-update').locator('a, button').all()) {
            await target.scrollIntoViewIfNeeded();
            const box = await target.boundingBox();
            assert.ok(box.width >= 44 && box.height >= 44, JSON.stringify(box));
            assert.ok(box.x >= 0 && box.x + box.width <= viewport.width && box.y >= 0 && box.y + box.height <= viewport.height, JSON.stringify(box));
            await target.click({ trial: true });
          }
        });
      }
    });

    test('follows the language of the page, also when that changes', async () => {
      await visiting({ at: NOON }, async ({ page }) => {
        await page.goto(snippet(script, { lang: 'es-MX' }));
        assert.deepEqual((await shown(page)).map(({ lang }) => lang), ['es', 'es']);
        assert.ok((await shown(page))[0].links[0].includes('/es/'));
        await page.evaluate(() => { document.documentElement.lang = 'EN-gb'; });
        await page.waitForFunction(() => document.querySelector('fineprint-update').shadowRoot.querySelector('section').lang === 'en');
        assert.equal((await shown(page)).length, 2);
        // A language that the center lacks: its first.
        await page.evaluate(() => { document.documentElement.lang = 'ja'; });
        assert.deepEqual((await shown(page)).map(({ lang, dir }) => lang + dir), ['enltr', 'enltr']);
      });
    });

    test('right-to-left: text, side and order', async () => {
      const elsewhere = await center(arabic);
      try {
        await visiting({ at: new Date(`${arabic.date}T12:00:00Z`) }, async ({ page }) => {
          await page.goto(shop.page({
            base: elsewhere.base, script, integrity: elsewhere.integrity(script), policy: strict(elsewhere.base, script), lang: 'ar', dir: 'rtl',
          }));
          const [card] = await shown(page);
          assert.deepEqual([card.lang, card.dir], ['ar', 'rtl']);
          assert.match(card.title, /\p{Script=Arabic}/u);
          const box = await page.getByRole('region').boundingBox();
          assert.ok(box.x < 100, 'it stands on the left');
          const link = await page.getByRole('region').getByRole('link').first().boundingBox();
          const button = await page.getByRole('region').getByRole('button').boundingBox();
          assert.ok(link.x > button.x, 'the link stands before the button');
        });
      } finally {
        await elsewhere.close();
      }
    });

    test('follows the page\'s colour scheme, not the reader\'s alone', async () => {
      const light = (page) => page.evaluate(() => {
        const box = document.querySelector('fineprint-update').shadowRoot.querySelector('div');
        const [red, green, blue] = getComputedStyle(box).backgroundColor.match(/[\d.]+/g).map(Number);
        return red + green + blue > 384;
      });
      const cases = [['<meta name="color-scheme" content="light dark">', 'dark', false], ['<meta name="color-scheme" content="light dark">', 'light', true], ['', 'dark', true]];
      for (const [head, colorScheme, expected] of cases) {
        await visiting({ at: NOON, colorScheme }, async ({ page }) => {
          await page.goto(snippet(script, { head }));
          await shown(page);
          assert.equal(await light(page), expected, `${head} ${colorScheme}`);
        });
      }
    });

    test('moves nothing, with or without a wish for less motion; is not printed', async () => {
      for (const reducedMotion of ['reduce', 'no-preference']) {
        await visiting({ at: NOON, reducedMotion }, async ({ page }) => {
          await page.goto(snippet(script));
          await shown(page);
          assert.equal(await page.evaluate(() => document.getAnimations().length + document.querySelector('fineprint-update').shadowRoot.getAnimations().length), 0);
          await page.emulateMedia({ media: 'print' });
          assert.deepEqual(await shown(page), []);
        });
      }
    });

    test('is styled by custom properties and parts, and stands in the page when that is wanted', async () => {
      await visiting({ at: NOON }, async ({ page }) => {
        const head = '<style>fineprint-update { position: static; --fineprint-background: rgb(1, 2, 3) } fineprint-update::part(button) { color: rgb(4, 5, 6) } p { font-size: 90px; text-transform: uppercase }</style>';
        await page.goto(snippet(script, { head, policy: `${strict(home.base, script)}; style-src 'unsafe-inline'` }));
        await shown(page);
        const styles = await page.evaluate(() => {
          const root = document.querySelector('fineprint-update').shadowRoot;
          const style = (selector) => getComputedStyle(root.querySelector(selector));
          return [getComputedStyle(root.host).position, style('div').backgroundColor, style('button').color, style('p').fontSize, style('p').textTransform];
        });
        assert.deepEqual(styles, ['static', 'rgb(1, 2, 3)', 'rgb(4, 5, 6)', '16px', 'none']);
      });
    });

    test('truncated, hostile, old and strange answers never break the page and never run', async () => {
      const whole = home.notices();
      const text = JSON.stringify(whole);
      const [notice] = whole.open;
      const { display: words, ...bare } = notice;
      const say = (message, links = [], more = {}) => ({ ...bare, id: JSON.stringify(message), display: { en: { dir: 'ltr', message, links, dismiss: 'x' } }, ...more });
      const markup = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
      const answers = [
        ['', 0], ['null', 0], ['[]', 0], ['"<b>"', 0], ['{}', 0], ['{"open":{}}', 0], ['{"open":"<img src=x onerror=alert(1)>"}', 0],
        ['{"open":[null,1,"x",[],{}]}', 0], [text.slice(0, text.length / 2), 0], [`\uFEFF${text}`, 2], ['<!doctype html><script>alert(1)</script>', 0],
        // As it was before it told what to show, and with members that nobody knows yet.
        [{ ...whole, open: whole.open.map(({ display, starts, ends, ...old }) => old) }, 0],
        [{ ...whole, languages: undefined, later: [{}], open: whole.open.map((now) => ({ ...now, later: 1 })) }, 2],
        [{ languages: 5, open: [say([markup], [{ text: markup, url: 'https://ok.example/' }])] }, 1],
        [{ languages: [markup], open: [say(['one'], [{ text: 'x', url: 'javascript:alert(3)' }, { text: 'x', url: 'data:text/html,<script>alert(4)</script>' }, { text: 'x' }])] }, 1],
        [{ languages: [], open: [say([]), say(null), say(5), say(['one'], null), say({ length: 1 }), say([{ toString: 1 }])] }, 0],
        [{ languages: ['en'], open: [{ ...bare, display: { __proto__: null, constructor: 1 } }, { ...bare, display: null }, say(['two'])] }, 1],
        [{ languages: ['en'], open: [say(['x'], [], { starts: 'now', ends: 'later' }), say(['x'], [], { starts: null, ends: null }), say(['x'], [], { starts: {}, ends: [] })] }, 0],
        [{ languages: ['en'], open: Array.from({ length: 20_000 }, (_, at) => say([`${at}`.repeat(9)])) }, 9],
        [{ languages: ['en'], open: [say(Array.from({ length: 20_000 }, () => 'y'.repeat(99)))] }, 1],
        [{ languages: ['en'], open: [say(['W'.repeat(1_000_000)])] }, 1],
      ];
      for (const [answer, count] of answers) {
        await visiting({ at: NOON, viewport: { width: 320, height: 568 } }, async ({ page }) => {
          home.says(answer);
          // No policy stands in for the element's own care.
          await page.goto(snippet(script, { policy: undefined }));
          const cards = await shown(page);
          const about = JSON.stringify(answer).slice(0, 120);
          assert.equal(cards.length, count, about);
          for (const card of cards) {
            assert.deepEqual([...new Set(card.tags)].filter((tag) => !['p', 'a', 'button'].includes(tag)), [], about);
            assert.ok(card.tags.length < 40, about);
            for (const link of card.links) assert.match(link, /^https?:/);
          }
          assert.ok(await page.evaluate(() => document.scrollingElement.scrollWidth) <= 320, about);
          assert.equal(await page.locator('h1').innerText(), 'Product');
        });
      }
    });

    test('the hiding rules of real content blockers leave it alone', async () => {
      const rules = readFileSync(EASYLIST, 'utf8').split('\n').filter((line) => line.startsWith('##')).map((line) => line.slice(2));
      assert.ok(rules.length > 5_000);
      const require = createRequire(import.meta.url);
      const cookies = require('idcac-playwright').getInjectableScript();
      await visiting({ at: NOON }, async ({ page }) => {
        const tail = '<p class="ad-notice" id="listed">x</p><p id="nagging">x</p>';
        await page.goto(snippet(script, { policy: undefined, tail }));
        assert.equal((await shown(page)).length, 2);
        await page.evaluate((selectors) => {
          const roots = [document, document.querySelector('fineprint-update').shadowRoot];
          for (const root of roots) {
            const sheet = new CSSStyleSheet();
            for (const selector of selectors) {
              try {
                sheet.insertRule(`${selector} { display: none !important }`);
              } catch {
                // Selectors of the blocker's own making.
              }
            }
            root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
          }
        }, rules);
        await page.evaluate(cookies);
        // Both lists are in force: what they name is hidden.
        await page.evaluate(() => {
          const listed = [...document.querySelectorAll('style')].map((style) => style.textContent.match(/[,}\s]\.([\w-]*notice[\w-]*)[,{]/)).find(Boolean);
          document.getElementById('nagging').className = listed[1];
        });
        await page.waitForFunction(() => ['listed', 'nagging'].every((id) => !document.getElementById(id).checkVisibility()));
        assert.equal((await shown(page)).length, 2);
      });
    });

    test('loaded twice, moved about, or given another file, it works all the same', async () => {
      await visiting({ at: NOON }, async ({ page }) => {
        const twice = `<script src="${home.base}embed/v1/${script}" integrity="${home.integrity(script)}" crossorigin="anonymous" defer></script>`;
        const policy = `default-src 'none'; script-src ${home.base}embed/v1/; connect-src ${home.base}embed/example.json`;
        await page.goto(snippet(script, { tail: twice, policy, attributes: `src="${home.base}embed/example.json"` }));
        assert.equal((await shown(page)).length, 1);
        await page.evaluate(() => document.querySelector('main').append(document.querySelector('fineprint-update')));
        assert.equal((await shown(page)).length, 1);
        await page.evaluate(() => document.querySelector('fineprint-update').remove());
      });
    });
  });
}

test('is at most 2 kB as a host sends it', () => {
  const bytes = brotliCompressSync(readFileSync(`${site.dir}/embed/v1/update.js`), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  assert.ok(bytes.length <= 2000, `${bytes.length} bytes`);
});

test('the lists of content blockers are there', () => assert.ok(existsSync(EASYLIST), `${EASYLIST} is missing: run tests/run.sh browser`));
