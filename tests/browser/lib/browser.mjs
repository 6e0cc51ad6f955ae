// In: nothing. Out: one Chromium with a profile of its own, and contexts in which a page's every fault is heard.
// Must not know: what a page should contain.
import { accessSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** Starts the browser; `close` also removes everything that it wrote. */
export async function launch() {
  accessSync(EXECUTABLE);
  const scratch = mkdtempSync(join(tmpdir(), 'fineprint-browser-'));
  const profile = join(scratch, 'home');
  mkdirSync(profile);
  const browser = await chromium.launch({
    executablePath: EXECUTABLE,
    headless: true,
    // Nothing of the user's: no profile, no settings, no cache.
    env: { ...process.env, HOME: profile, XDG_CONFIG_HOME: profile, XDG_CACHE_HOME: profile, TMPDIR: scratch },
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync',
      // A name that a page asks for is not even looked up.
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  });
  return {
    browser,
    tabs: new Tabs(browser),
    scratch,
    close: async () => {
      await browser.close();
      rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Noon of the day the site was built for: the moment at which its pages are read. */
export const noon = (date) => new Date(`${date}T12:00:00Z`);

/**
 * A page in a context of its own, and the list to which everything that goes wrong in it is added. `at` is the
 * browser's clock.
 */
export async function open(browser, { origin, at, javaScriptEnabled = true, timezoneId, viewport = { width: 1440, height: 900 } }) {
  const context = await browser.newContext({ javaScriptEnabled, timezoneId, viewport, reducedMotion: 'reduce' });
  context.setDefaultTimeout(20_000);
  const faults = [];
  if (javaScriptEnabled) {
    if (at) await context.clock.setFixedTime(at);
    await context.addInitScript(() => {
      globalThis.__violations = [];
      document.addEventListener('securitypolicyviolation', (event) => {
        globalThis.__violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile ?? ''}`);
      });
    });
  }
  const page = await context.newPage();
  page.on('console', (message) => {
    if (!['error', 'warning'].includes(message.type())) return;
    // The browser's own remarks on the answer that the 404 page is meant to have, and on an icon nobody named.
    if (/status of 404/.test(message.text()) && [page.expected404, `${origin}/favicon.ico`].includes(message.location().url)) return;
    faults.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`error in a script: ${error.message}`));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith('data:')) faults.push(`request to another origin: ${url}`);
  });
  page.on('requestfailed', (request) => {
    const error = request.failure()?.errorText;
    // What leaving a page cuts off is no fault of the page.
    if (error !== 'net::ERR_ABORTED') faults.push(`request failed: ${request.url()} ${error}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400 && response.url() !== page.expected404) faults.push(`${response.status()}: ${response.url()}`);
  });
  return { context, page, faults };
}

/** Pairs of tabs, with and without JavaScript, lent to one walk at a time: opening a context costs more than a page. */
export class Tabs {
  #browser;
  #free = new Map();
  constructor(browser) {
    this.#browser = browser;
  }
  async lend(site, origin, work) {
    const key = `${origin} ${site.timezone}`;
    const settings = { origin, at: noon(site.date), timezoneId: site.timezone };
    const pair = this.#free.get(key)?.pop() ?? {
      scripted: await open(this.#browser, settings),
      plain: await open(this.#browser, { ...settings, javaScriptEnabled: false }),
    };
    for (const tab of [pair.scripted, pair.plain]) {
      tab.faults.length = 0;
      tab.page.expected404 = undefined;
    }
    const result = await work(pair);
    // Only given back after a walk that ended well; a tab that hangs is lost.
    this.#free.set(key, [...(this.#free.get(key) ?? []), pair]);
    return result;
  }
}
