// The preview in Chromium. Every wait is for something that the page shows or the server says.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch } from './lib/browser.mjs';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const program = process.env.FINEPRINT ?? join(process.env.CARGO_TARGET_DIR ?? join(repository, 'target'), 'debug/fineprint');

const started = new Set();

/** A copy of the sample center, and the server that shows it. */
class Preview {
  static async start({ files, options = ['--as-of', '2026-11-21'] } = {}) {
    const preview = new Preview();
    started.add(preview);
    preview.dir = mkdtempSync(join(tmpdir(), 'fineprint-preview-'));
    if (files) for (const [path, text] of Object.entries(files)) preview.write(path, text);
    else for (const part of ['content', 'static', 'fineprint.toml']) cpSync(join(repository, part), join(preview.dir, part), { recursive: true });
    await preview.serve(['--port', '0', ...options]);
    return preview;
  }
  async serve(options) {
    this.child = spawn(program, ['--site', this.dir, 'serve', ...options], { stdio: ['ignore', 'ignore', 'pipe'] });
    const lines = createInterface({ input: this.child.stderr });
    this.origin = await new Promise((resolve, reject) => {
      lines.on('line', (line) => /http:\/\/127\.0\.0\.1:\d+/.test(line) && resolve(line.match(/http:\/\/127\.0\.0\.1:\d+/)[0]));
      this.child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
    });
  }
  async end() {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGINT');
    await ended;
  }
  async close() {
    started.delete(this);
    await this.end();
    rmSync(this.dir, { recursive: true, force: true });
  }
  write(path, text) {
    const full = join(this.dir, path);
    mkdirSync(join(full, '..'), { recursive: true });
    writeFileSync(full, text);
  }
  read(path) {
    return readFileSync(join(this.dir, path), 'utf8');
  }
  /** The way of editors: a new file takes the place of the old one. */
  replace(path, from, to) {
    const text = this.read(path);
    assert.ok(text.includes(from), `${path} has no ${from}`);
    this.write(`${path}.new`, text.replace(from, to));
    renameSync(join(this.dir, `${path}.new`), join(this.dir, path));
  }
}

let chromium;
let preview;
before(async () => {
  chromium = await launch();
  preview = await Preview.start();
});
after(async () => {
  // Those of tests that failed, too: a server that runs on would keep this program from ending.
  for (const one of [...started]) await one.close();
  await chromium?.close();
});

/** A tab, what goes wrong in it, and how often it was loaded. */
async function tab(address, { context, viewport = { width: 1280, height: 800 }, ...settings } = {}) {
  context ??= await chromium.browser.newContext({ viewport, reducedMotion: 'reduce', ...settings });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const faults = [];
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && !message.location().url.endsWith('/favicon.ico') && faults.push(message.text()));
  page.on('pageerror', (error) => faults.push(String(error)));
  page.loads = 0;
  page.on('load', () => page.loads++);
  await page.goto(address);
  await page.locator('fineprint-preview .bar').waitFor();
  return Object.assign(page, { faults });
}
/** Asks until the server has read what was written. */
async function served(address) {
  for (let ok = false; !ok; ) ({ ok } = await fetch(address));
}
const bar = (page) => page.locator('fineprint-preview');
const says = (page, text) => bar(page).getByText(text).first().waitFor();
/** Does something, and waits until the bar has heard of a generation that came of it. */
async function heard(page, act) {
  const { generation } = await page.evaluate(async () => (await fetch('/-/fineprint/state?page=/')).json());
  const told = page.waitForResponse(async (answer) => answer.url().includes('/-/fineprint/state?') && (await answer.json()).generation > generation);
  await act();
  await told;
  await page.evaluate(() => new Promise((shown) => requestAnimationFrame(() => requestAnimationFrame(shown))));
}
/** Does something of which the bar hears, while it cannot ask what it was. */
async function heardNothing(page, act) {
  const failed = page.waitForEvent('requestfailed', (request) => request.url().includes('/-/fineprint/state?'));
  await act();
  await failed;
}
/** Whether all of it is within the window. */
const inside = (locator) => locator.evaluate((element) => {
  const { left, top, right, bottom } = element.getBoundingClientRect();
  return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight && right > left && bottom > top;
});
// A translation that stays behind is a warning, and no more than that.
const CALM = /^(\d+ warnings?|Nothing found)$/;
const DRAFT = 'content/terms/policy.md';

describe('the preview', { timeout: 240_000 }, () => {
  test('an edit shows, and the place is kept', async () => {
    const page = await tab(`${preview.origin}/terms/draft/`);
    const heading = page.locator('article h2').nth(5);
    await heading.evaluate((element) => scrollTo(0, scrollY + element.getBoundingClientRect().top - 60));
    const before = await heading.evaluate((element) => element.getBoundingClientRect().top);
    // Something longer above the place.
    const text = preview.read(DRAFT);
    const first = text.indexOf('\n## ');
    const end = text.indexOf('\n', first + 1);
    preview.write(DRAFT, `${text.slice(0, end)}\n\nFreshly edited words.\n\n${'A sentence that takes room. '.repeat(60)}\n${text.slice(end)}`);
    await page.locator('article', { hasText: 'Freshly edited words.' }).waitFor();
    await page.waitForFunction(
      ([wanted]) => Math.abs(document.querySelectorAll('article h2')[5].getBoundingClientRect().top - wanted) < 2,
      [before],
    );
    assert.equal(page.loads, 2);
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test('a page that stays the same is not loaded again, another tab is', async () => {
    const context = await chromium.browser.newContext();
    const still = await tab(`${preview.origin}/privacy/`, { context });
    const moves = await tab(`${preview.origin}/terms/draft/`, { context });
    preview.replace(DRAFT, 'Freshly edited words.', 'Words of the second tab.');
    await moves.locator('article', { hasText: 'Words of the second tab.' }).waitFor();
    const generation = () => moves.evaluate(() => document.querySelector('[data-fineprint-preview]').dataset.generation);
    const known = await generation();
    // The quiet tab has heard of the same generation.
    await still.evaluate(async (number) => {
      for (;;) {
        const state = await (await fetch('/-/fineprint/state?page=/privacy/')).json();
        if (state.generation >= Number(number)) return;
      }
    }, known);
    assert.equal(still.loads, 1);
    assert.equal(moves.loads, 2);
    await context.close();
  });

  test('ten tabs of one browser and one of another all follow', async () => {
    const context = await chromium.browser.newContext();
    const tabs = [];
    for (let number = 0; number < 10; number++) tabs.push(await tab(`${preview.origin}/terms/draft/`, { context }));
    tabs.push(await tab(`${preview.origin}/terms/draft/`));
    preview.replace(DRAFT, 'Words of the second tab.', 'Words for all tabs.');
    await Promise.all(tabs.map((page) => page.locator('article', { hasText: 'Words for all tabs.' }).waitFor()));
    // The tab that listens for the others goes; the next one takes its place.
    await tabs.shift().close();
    preview.replace(DRAFT, 'Words for all tabs.', 'Words after one has gone.');
    await Promise.all(tabs.map((page) => page.locator('article', { hasText: 'Words after one has gone.' }).waitFor()));
    await tabs.at(-1).context().close();
    await context.close();
  });

  test('a style is swapped without a load', async () => {
    const page = await tab(`${preview.origin}/privacy/`);
    const colour = (wanted) => page.waitForFunction((wanted) => getComputedStyle(document.body).backgroundColor === wanted, wanted);
    for (const [typed, computed] of [['rgb(1, 2, 3)', 'rgb(1, 2, 3)'], ['rgb(4, 5, 6)', 'rgb(4, 5, 6)']]) {
      preview.write('themes/default/assets/custom.css', `body { background: ${typed} }`);
      await colour(computed);
    }
    assert.equal(page.loads, 1);
    await page.waitForFunction(() => document.querySelectorAll('link[rel=stylesheet]').length === 1);
    rmSync(join(preview.dir, 'themes'), { recursive: true });
    await page.waitForFunction(() => getComputedStyle(document.body).backgroundColor !== 'rgb(4, 5, 6)');
    assert.equal(page.loads, 1);
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test('findings lead to their place, and go when they are mended', async () => {
    const page = await tab(`${preview.origin}/terms/`);
    const text = preview.read(DRAFT);
    preview.write(DRAFT, `${text}\n## Ends {#ends}\n\nWrite to {{ organization.contacts.lawyer }}.\n`);
    await bar(page).getByRole('button', { name: /^1 error/ }).click();
    await says(page, 'organization.contacts.lawyer');
    await bar(page).getByRole('link', { name: /content\/terms\/policy\.md:\d+:\d+/ }).click();
    await page.waitForURL(`${preview.origin}/terms/draft/#ends`);
    preview.write(DRAFT, text);
    await page.locator('#ends').waitFor({ state: 'detached' });
    await says(page, CALM);
    await page.context().close();
  });

  test('what the draft changes is said, with the earliest day', async () => {
    const page = await tab(`${preview.origin}/cookies/`);
    const cookies = preview.read('content/cookies.toml');
    preview.write('content/cookies.toml', `${cookies}\n[[row]]\nid = "spy"\nname = "spy"\nprovider = "Repique"\npurpose = "To count"\nlifetime = "1 year"\ncategory = "statistics"\n`);
    await bar(page).getByRole('button', { name: /1 sign of a material change, earliest 2026-12-\d\d/ }).click();
    await says(page, 'Signs of a material change');
    await bar(page).getByRole('link', { name: 'Redline', exact: true }).click();
    await page.waitForURL(/\/cookies\/changes\/.*\.\.draft\/$/);
    assert.ok((await page.locator('ins').count()) > 0);
    // A cookie that counts contradicts what the policy says.
    preview.write('content/cookies.toml', cookies);
    await page.locator('ins').first().waitFor({ state: 'detached' });
    await page.context().close();
  });

  test('a broken site keeps the last good page and recovers', async () => {
    const page = await tab(`${preview.origin}/privacy/`);
    const settings = preview.read('fineprint.toml');
    preview.write('fineprint.toml', settings.replace('languages = [', 'languages = '));
    await says(page, /Not shown yet/);
    await says(page, 'You see the last page that could be made.');
    assert.ok(await page.locator('h1', { hasText: 'Privacy policy' }).isVisible());
    preview.write('fineprint.toml', settings);
    await says(page, CALM);
    assert.equal(page.loads, 1);
    await page.context().close();
  });

  test('the day goes along with links, and the page believes it', async () => {
    const page = await tab(`${preview.origin}/privacy/`);
    await bar(page).getByTitle(/The center as it is on a day/).evaluate((input) => {
      input.value = '2026-12-02';
      input.dispatchEvent(new Event('change', { bubbles: true }));
    });
    await page.waitForURL(/fp-day=2026-12-02/);
    assert.equal(await page.evaluate(() => new Date().toISOString().slice(0, 10)), '2026-12-02');
    await page.getByRole('link', { name: 'Terms of service' }).first().click();
    await page.waitForURL(/\/terms\/\?fp-day=2026-12-02/);
    await says(page, 'Today');
    await bar(page).getByRole('button', { name: 'Today' }).click();
    await page.waitForURL(`${preview.origin}/terms/`);
    await bar(page).getByRole('button', { name: 'Drafts', exact: true }).click();
    await page.waitForURL(/fp-drafts=off/);
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test('a page that was away catches up, and a server that comes back is followed', async () => {
    const own = await Preview.start();
    const page = await tab(`${own.origin}/terms/draft/`);
    const port = new URL(own.origin).port;
    await own.end();
    await says(page, 'Server stopped');
    own.replace(DRAFT, '\n## ', '\n\nWritten while it was away.\n\n## ');
    await own.serve(['--port', port, '--as-of', '2026-11-21']);
    await page.locator('article', { hasText: 'Written while it was away.' }).waitFor();
    await page.context().close();
    await own.close();
  });

  test('it starts where there is nothing, and shows the site when there is one', async () => {
    const own = await Preview.start({ files: { 'static/x.txt': 'x' }, options: [] });
    const page = await tab(`${own.origin}/`);
    await page.getByRole('heading', { name: 'This site cannot be shown yet' }).or(page.getByRole('heading', { name: 'Privacy center' })).first().waitFor();
    for (const part of ['content', 'fineprint.toml']) cpSync(join(repository, part), join(own.dir, part), { recursive: true });
    await page.getByRole('heading', { name: 'Repique privacy center' }).waitFor();
    await page.context().close();
    await own.close();
  });

  test('a site under a path, and a policy of the theme that would keep scripts out', async () => {
    const own = await Preview.start();
    own.replace('fineprint.toml', 'https://privacy.repique.example', 'https://repique.example/legal');
    await served(`${own.origin}/legal/privacy/`);
    const page = await tab(`${own.origin}/legal/privacy/`);
    assert.deepEqual(page.faults, []);
    await page.goto(own.origin);
    await page.waitForURL(`${own.origin}/legal/`);
    // An inline script is refused here as it will be on the host.
    own.write('themes/default/templates/404.html', '<!doctype html><html lang="en"><head><title>No</title></head><body><h1>No</h1><script>document.title = "inline";</script></body></html>');
    await page.goto(`${own.origin}/legal/nothing/`);
    await page.getByRole('heading', { name: 'No', exact: true }).waitFor();
    await says(page, /found|warning|error/);
    assert.equal(await page.title(), 'No');
    assert.ok(page.faults.some((fault) => /Content Security Policy/i.test(fault)), page.faults.join('\n'));
    await page.context().close();
    await own.close();
  });

  test('the bar is operable by keyboard and touches nothing of the page', async () => {
    const page = await tab(`${preview.origin}/privacy/`);
    const plain = await chromium.browser.newContext({ javaScriptEnabled: false, viewport: { width: 1280, height: 800 } });
    const other = await plain.newPage();
    await other.goto(`${preview.origin}/privacy/`);
    const looks = (page) => page.locator('main').evaluate((main) => [main.offsetWidth, main.offsetLeft, getComputedStyle(main).font]);
    assert.deepEqual(await looks(page), await looks(other));
    await bar(page).getByRole('button', { name: /found|warning|error/ }).focus();
    await page.keyboard.press('Enter');
    await bar(page).getByRole('group', { name: 'Findings' }).waitFor();
    await page.keyboard.press('Escape');
    await bar(page).getByRole('group', { name: 'Findings' }).waitFor({ state: 'detached' });
    assert.equal(await page.evaluate(() => document.querySelector('fineprint-preview').shadowRoot.activeElement.dataset.key), 'findings');
    await plain.close();
    await page.context().close();
  });

  test('another server on the port in between does not end the reloads of any tab', async () => {
    const own = await Preview.start();
    const context = await chromium.browser.newContext();
    const first = await tab(`${own.origin}/terms/draft/`, { context });
    const second = await tab(`${own.origin}/terms/draft/`, { context });
    const port = new URL(own.origin).port;
    await own.end();
    await Promise.all([first, second].map((page) => says(page, 'Server stopped')));
    // It knows no stream of events, which ends a stream for good.
    let refused;
    const asked = new Promise((resolve) => (refused = resolve));
    const other = createServer((request, answer) => {
      answer.writeHead(404).end();
      if (request.url === '/-/fineprint/events') refused();
    });
    await new Promise((resolve) => other.listen(port, '127.0.0.1', resolve));
    await asked;
    await new Promise((resolve) => {
      other.close(resolve);
      other.closeAllConnections();
    });
    await own.serve(['--port', port, '--as-of', '2026-11-21']);
    await Promise.all([first, second].map((page) => says(page, CALM)));
    own.replace(DRAFT, '\n## ', '\n\nWritten after the other one.\n\n## ');
    await Promise.all([first, second].map((page) => page.locator('article', { hasText: 'Written after the other one.' }).waitFor()));
    await context.close();
    await own.close();
  });

  test('what could not be asked is asked again', async () => {
    const page = await tab(`${preview.origin}/terms/draft/`);
    let failed = 0;
    await page.route('**/-/fineprint/state?*', (route) => {
      failed += 1;
      return route.abort();
    }, { times: 2 });
    preview.replace(DRAFT, '\n## ', '\n\nAsked for again.\n\n## ');
    await page.locator('article', { hasText: 'Asked for again.' }).waitFor();
    assert.equal(failed, 2);
    // The network goes and comes back.
    await page.context().setOffline(true);
    await heardNothing(page, () => preview.replace(DRAFT, '\n\nAsked for again.\n\n## ', '\n## '));
    await page.context().setOffline(false);
    await page.locator('article', { hasText: 'Asked for again.' }).waitFor({ state: 'detached' });
    await page.context().close();
  });

  test('the folded bar stays in the window, with what is wrong', async () => {
    for (const viewport of [{ width: 1280, height: 800 }, { width: 320, height: 640 }]) {
      const page = await tab(`${preview.origin}/privacy/`, { viewport });
      await bar(page).getByRole('button', { name: 'Fold the preview bar' }).click();
      const settings = preview.read('fineprint.toml');
      preview.write('fineprint.toml', settings.replace('languages = [', 'languages = '));
      await says(page, /Not shown yet: \d+ error/);
      for (const y of [0, 1e6]) {
        await page.evaluate((top) => scrollTo({ top, behavior: 'instant' }), y);
        for (const name of [/Not shown yet/, 'Show the preview bar']) assert.ok(await inside(bar(page).getByRole('button', { name })), `${name} at ${y}`);
      }
      // What is wrong is one press away.
      await bar(page).getByRole('button', { name: /Not shown yet/ }).click();
      await bar(page).getByRole('group', { name: 'Findings' }).waitFor();
      preview.write('fineprint.toml', settings);
      await says(page, CALM);
      await page.context().close();
    }
  });

  test('findings that opened by themselves can be closed, and open again when something else breaks', async () => {
    const page = await tab(`${preview.origin}/privacy/`);
    const findings = bar(page).getByRole('group', { name: 'Findings' });
    const settings = preview.read('fineprint.toml');
    const broken = settings.replace('languages = [', 'languages = ');
    const ways = [
      () => bar(page).getByRole('button', { name: 'Close' }).click(),
      () => bar(page).getByRole('button', { name: /^Not shown yet/ }).click(),
      () => bar(page).getByRole('button', { name: /^Draft:/ }).click(),
      async () => {
        await findings.focus();
        await page.keyboard.press('Escape');
      },
    ];
    for (const close of ways) {
      preview.write('fineprint.toml', broken);
      await findings.waitFor();
      await close();
      await findings.waitFor({ state: 'detached' });
      // The same is still wrong after another save, and was told.
      await heard(page, () => preview.write('fineprint.toml', `${broken}\n# Saved again.\n`));
      assert.equal(await findings.count(), 0);
      preview.write('fineprint.toml', settings);
      await says(page, CALM);
    }
    await page.context().close();
  });

  test('on a page that is shorter than the window everything of the bar can be reached', async () => {
    const own = await Preview.start();
    own.write('static/short.html', '<!doctype html><html lang="ar" dir="rtl"><title>Short</title><p>hi');
    await served(`${own.origin}/short.html`);
    own.replace('fineprint.toml', 'languages = [', 'languages = ');
    for (const viewport of [{ width: 1280, height: 800 }, { width: 320, height: 480 }]) {
      const page = await tab(`${own.origin}/short.html`, { viewport });
      await bar(page).getByRole('group', { name: 'Findings' }).waitFor();
      assert.ok(await inside(bar(page).getByRole('group', { name: 'Findings' })));
      assert.ok(await inside(bar(page).locator('.bar')));
      const below = (await bar(page).locator('.bar').boundingBox()).y + (await bar(page).locator('.bar').boundingBox()).height;
      assert.equal(below, viewport.height);
      await page.context().close();
    }
    await own.close();
  });

  test('the end of a page is not behind the bar, and the bar is not on paper', async () => {
    for (const viewport of [{ width: 1280, height: 800 }, { width: 320, height: 640 }]) {
      const page = await tab(`${preview.origin}/privacy/`, { viewport });
      await page.evaluate(() => scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' }));
      const footer = await page.locator('footer').last().boundingBox();
      const { y } = await bar(page).locator('.bar').boundingBox();
      assert.ok(footer.y + footer.height <= y + 1, `the footer ends at ${footer.y + footer.height}, the bar begins at ${y}`);
      await page.emulateMedia({ media: 'print' });
      await bar(page).locator('.bar').waitFor({ state: 'hidden' });
      assert.equal(await page.evaluate(() => document.querySelector('fineprint-preview').getClientRects().length), 0);
      await page.context().close();
    }
  });

  test('a date that is half typed is left alone by an edit', async () => {
    const page = await tab(`${preview.origin}/terms/draft/`);
    const date = bar(page).getByTitle(/The center as it is on a day/);
    await date.focus();
    await page.keyboard.type('3');
    const half = await date.inputValue();
    const text = preview.read(DRAFT);
    preview.write(DRAFT, `${text}\n## Ends {#ends}\n\nWrite to {{ organization.contacts.lawyer }}.\n`);
    // The bar says what is new; the page waits, and nothing was taken from under the hand.
    await says(page, /^1 error/);
    assert.equal(await date.inputValue(), half);
    assert.equal(await bar(page).evaluate((host) => host.shadowRoot.activeElement?.type), 'date');
    assert.equal(page.url(), `${preview.origin}/terms/draft/`);
    assert.equal(page.loads, 1);
    // The month as it was: nothing is asked for, and the page follows.
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.type('11');
    await bar(page).getByRole('button', { name: /^1 error/ }).focus();
    await page.locator('#ends').waitFor();
    preview.write(DRAFT, text);
    await page.locator('#ends').waitFor({ state: 'detached' });
    await says(page, CALM);
    await page.context().close();
  });

  test('the place is kept to the pixel where something was added or removed above', async () => {
    const own = await Preview.start();
    const path = 'content/privacy/policy.md';
    const text = own.read(path);
    const page = await tab(`${own.origin}/privacy/draft/`);
    const top = (id) => page.evaluate((id) => document.getElementById(id).getBoundingClientRect().top, id);
    const saved = async (fresh) => {
      const began = await page.evaluate(() => performance.timeOrigin);
      own.write(path, fresh);
      await page.waitForFunction((began) => performance.timeOrigin !== began, began);
      // The way back to this page is the browser's again: by then everything has settled.
      await page.waitForFunction(() => document.readyState === 'complete' && history.scrollRestoration === 'auto');
    };
    const last = await page.locator('article h2[id]').last().getAttribute('id');
    for (const [id, scroll] of [
      ['retention', () => page.evaluate(() => scrollTo({ top: scrollY + document.getElementById('retention').getBoundingClientRect().top + 126, behavior: 'instant' }))],
      [last, () => page.evaluate(() => scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' }))],
    ]) {
      await scroll();
      const before = await top(id);
      await saved(text.replace(':::summary', `${'A paragraph that takes room. '.repeat(12)}\n\n:::summary`));
      assert.ok(Math.abs(await top(id) - before) <= 1, `${id} was at ${before}, is at ${await top(id)}`);
      await saved(text);
      assert.ok(Math.abs(await top(id) - before) <= 1, `${id} was at ${before}, is at ${await top(id)} again`);
    }
    await page.context().close();
    await own.close();
  });

  test('another day, no drafts, another language and the way back keep the place', async () => {
    const page = await tab(`${preview.origin}/privacy/#retention`);
    const top = () => page.evaluate(() => document.getElementById('retention').getBoundingClientRect().top);
    await page.evaluate(() => scrollTo({ top: scrollY + document.getElementById('retention').getBoundingClientRect().top + 40, behavior: 'instant' }));
    const [before, y] = [await top(), await page.evaluate(() => scrollY)];
    const settled = async (url) => {
      await page.waitForURL(url);
      await page.waitForFunction(() => document.readyState === 'complete' && history.scrollRestoration === 'auto');
      await page.waitForFunction((wanted) => Math.abs(document.getElementById('retention').getBoundingClientRect().top - wanted) <= 1, before);
    };
    await bar(page).getByRole('button', { name: 'Drafts', exact: true }).click();
    await settled(/fp-drafts=off#retention$/);
    await page.goBack();
    await page.waitForURL(`${preview.origin}/privacy/#retention`);
    await page.waitForFunction((wanted) => Math.abs(scrollY - wanted) <= 1, y);
    await bar(page).getByRole('combobox', { name: 'Language' }).selectOption('/es/privacy/');
    await settled(/\/es\/privacy\/#retention$/);
    await page.context().close();
  });

  test('a page that was away is where it was, and a draft leads to what is published', async () => {
    const page = await tab(`${preview.origin}/terms/draft/`);
    const heading = page.locator('article h2').nth(5);
    await heading.evaluate((element) => scrollTo({ top: scrollY + element.getBoundingClientRect().top - 60, behavior: 'instant' }));
    const before = await heading.evaluate((element) => element.getBoundingClientRect().top);
    const texts = ['content/terms/policy.md', 'content/terms/policy.es.md'].map((path) => [path, preview.read(path)]);
    for (const [path] of texts) rmSync(join(preview.dir, path));
    await page.locator('h1', { hasText: 'does not exist' }).waitFor();
    for (const [path, text] of texts) preview.write(path, text);
    await heading.waitFor();
    await page.waitForFunction((wanted) => Math.abs(document.querySelectorAll('article h2')[5].getBoundingClientRect().top - wanted) <= 1, before);
    await bar(page).getByRole('button', { name: 'Drafts', exact: true }).click();
    await page.waitForURL(/\/terms\/\?fp-drafts=off/);
    await page.context().close();
  });

  test('a style that is gone before it was read leaves the one that is worn', async () => {
    const own = await Preview.start();
    own.write('themes/default/assets/custom.css', 'body { background: rgb(1, 1, 1) }');
    await served(`${own.origin}/privacy/`);
    const page = await tab(`${own.origin}/privacy/`);
    const colour = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.waitForFunction(() => getComputedStyle(document.body).backgroundColor === 'rgb(1, 1, 1)');
    // As of a generation that is no more.
    let gone;
    const refused = new Promise((resolve) => (gone = resolve));
    let times = 0;
    await page.route('**/*.css*', (route) => route.fulfill({ status: 404 }).then(() => ++times === 2 && gone()), { times: 2 });
    own.write('themes/default/assets/custom.css', 'body { background: rgb(2, 2, 2) }');
    await refused;
    await page.waitForFunction(() => document.querySelectorAll('link[rel=stylesheet]').length === 1);
    assert.equal(await colour(), 'rgb(1, 1, 1)');
    own.write('themes/default/assets/custom.css', 'body { background: rgb(3, 3, 3) }');
    await page.waitForFunction(() => getComputedStyle(document.body).backgroundColor === 'rgb(3, 3, 3)');
    await page.waitForFunction(() => document.querySelectorAll('link[rel=stylesheet]').length === 1);
    assert.equal(page.loads, 1);
    await page.context().close();
    await own.close();
  });

  test('an explanation stays open and the panel where it was', async () => {
    const page = await tab(`${preview.origin}/terms/draft/`);
    const text = preview.read(DRAFT);
    const wrong = Array.from({ length: 9 }, (_, index) => `\nWrite to {{ organization.contacts.lawyer${index} }}.\n`).join('');
    preview.write(DRAFT, `${text}\n## Ends {#ends}\n${wrong}`);
    await bar(page).getByRole('button', { name: /^9 errors/ }).click();
    const item = bar(page).locator('li', { has: page.locator('.what', { hasText: 'lawyer7' }) });
    await item.locator('summary').click();
    await item.locator('details p').waitFor();
    const scroll = await bar(page).locator('.panel').evaluate((panel) => panel.scrollTop);
    assert.ok(scroll > 0);
    // Another page: the list is told of, the page is loaded again, the reader is where they were.
    for (const more of ['One more sentence.', 'And another.']) {
      preview.write(DRAFT, `${text}\n## Ends {#ends}\n${wrong}\n${more}\n`);
      await page.locator('article', { hasText: more }).waitFor();
      await item.locator('details p').waitFor();
      assert.equal(await bar(page).locator('.panel').evaluate((panel) => panel.scrollTop), scroll);
      assert.equal(await bar(page).evaluate((host) => host.shadowRoot.activeElement?.localName), 'summary');
    }
    await heard(page, () => preview.write('static/note.txt', 'A generation that leaves this page as it is.'));
    assert.ok(await item.locator('details p').isVisible());
    assert.equal(await bar(page).evaluate((host) => host.shadowRoot.activeElement?.localName), 'summary');
    preview.write(DRAFT, text);
    await says(page, CALM);
    await page.context().close();
  });

  test('hints are counted where there is nothing else', async () => {
    const page = await tab(`${preview.origin}/terms/`);
    const hint = { severity: 'info', code: 'a-hint', message: 'something to know', file: null, excerpt: [], help: [], explanation: 'Why.' };
    await page.route('**/-/fineprint/state?*', async (route) => {
      const state = await (await route.fetch()).json();
      await route.fulfill({ json: { ...state, errors: 0, warnings: 0, findings: [hint, hint, { ...hint, message: 'something else' }] } });
    });
    await heard(page, () => preview.write('static/hint.txt', 'A new generation.'));
    await bar(page).getByRole('button', { name: '3 hints' }).click();
    assert.equal(await bar(page).locator('.panel li').count(), 3);
    assert.ok(!(await bar(page).locator('.panel').innerText()).includes('more'));
    await page.context().close();
  });
});
