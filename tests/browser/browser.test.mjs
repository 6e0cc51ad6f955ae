// The built sites in Chromium: pages of every kind in every language, and notices as the days pass.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch } from './lib/browser.mjs';
import { dayFaults } from './lib/days.mjs';
import { serve } from './lib/hosting.mjs';
import { pick, sites } from './lib/sites.mjs';
import { walk } from './lib/walk.mjs';

const all = sites();
let chromium;
const servers = new Map();

before(async () => {
  chromium = await launch();
  for (const site of all) servers.set(site, await serve(site.host));
});
after(async () => {
  for (const server of servers.values()) await server.close();
  await chromium?.close();
});

describe('pages', { concurrency: 2 }, () => {
  for (const { site, page } of pick(all)) {
    test(`${site.label} ${page.path} (${page.kind}, ${page.lang})`, { timeout: 120_000 }, async () => {
      const faults = await walk(chromium, servers.get(site).origin, site, page);
      assert.equal(faults.length, 0, `\n  ${faults.join('\n  ')}`);
    });
  }
});

describe('notices on the day on which they end', { concurrency: 2 }, () => {
  const tested = new Set();
  for (const site of all) {
    for (const notice of site.open) {
      const key = `${site.name} ${notice.document} ${notice.version}`;
      if (tested.has(key)) continue;
      tested.add(key);
      const pages = site.pages.filter(({ path, kind }) => ['center', 'notices'].includes(kind)
        || (['document', 'upcoming'].includes(kind) && path.split('/').includes(notice.document)));
      test(`${site.label} ${notice.document} ${notice.version}`, { timeout: 120_000 }, async () => {
        const faults = await dayFaults(chromium.browser, servers.get(site).origin, site, notice.effective, pages);
        for (const kind of ['center', 'notices', 'document', 'upcoming']) {
          if (!pages.some((page) => page.kind === kind)) faults.push(`no page of the kind ${kind}`);
        }
        assert.equal(faults.length, 0, `\n  ${faults.slice(0, 30).join('\n  ')}`);
      });
    }
  }
  test('there is a notice to test', () => assert.ok(tested.size > 0));
});
