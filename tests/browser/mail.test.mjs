// Announcements as mail programs show them: at 600 and 360 pixels, light and dark. Nothing of a mail loads anything.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import axe from 'axe-core';
import { launch } from './lib/browser.mjs';
import { sites } from './lib/sites.mjs';

let chromium;
before(async () => { chromium = await launch(); });
after(() => chromium?.close());

// One of each site and language: the longest.
const mails = new Map();
for (const { name, outbox } of sites()) {
  for (const file of existsSync(outbox) ? readdirSync(outbox).filter((file) => file.endsWith('.html')) : []) {
    const html = readFileSync(`${outbox}/${file}`, 'utf8');
    const key = `${name} ${file.split('.').at(-2)}`;
    if (html.length > (mails.get(key)?.length ?? 0)) mails.set(key, html);
  }
}

test('there are announcements', () => assert.ok(mails.size >= 8, `${mails.size}`));

for (const [name, html] of mails) {
  test(name, async () => {
    const page = await chromium.browser.newPage();
    try {
      const asked = [];
      page.on('request', (request) => asked.push(request.url()));
      await page.setContent(html);
      for (const [width, colorScheme] of [[600, 'light'], [360, 'light'], [360, 'dark'], [600, 'dark']]) {
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme });
        assert.ok(await page.evaluate(() => document.scrollingElement.scrollWidth) <= width, `wider than ${width}`);
        await page.evaluate(axe.source);
        const { violations } = await page.evaluate(() => globalThis.axe.run(document, { rules: { region: { enabled: false }, 'landmark-one-main': { enabled: false } } }));
        assert.deepEqual(violations.map(({ id, nodes }) => `${width} ${colorScheme} ${id}: ${nodes[0].html}`), []);
        const [paper, ink] = await page.evaluate(() => ['.card', 'h1'].map((selector) => {
          const style = getComputedStyle(document.querySelector(selector));
          const sum = (color) => color.match(/\d+/g).slice(0, 3).reduce((a, b) => a + Number(b), 0);
          return sum(selector === 'h1' ? style.color : style.backgroundColor);
        }));
        assert.equal(paper > ink, colorScheme === 'light', `${paper} ${ink} ${colorScheme}`);
      }
      assert.deepEqual(asked.filter((url) => !url.startsWith('about:')), []);
    } finally {
      await page.close();
    }
  });
}
