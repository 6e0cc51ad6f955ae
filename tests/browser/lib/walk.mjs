// In: one page of one built site. Out: every fault found by opening it in a browser in all the ways a reader might.
// Must not know: how pages are chosen, how faults are reported.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  axeFaults, controlFaults, forcedColorFaults, keyboardFaults, overflowFaults, paperFaults, prepareAxe, storageFaults, stripFaults, visibleLines, withoutScriptFaults,
} from './checks.mjs';

const ON_PAPER = new Set(['center', 'document', 'version', 'old-version', 'upcoming', 'notices', 'redline']);

/** Everything that is asked of a page of any kind. */
export const walk = ({ tabs, scratch }, origin, site, page) => tabs.lend(site, origin, async ({ scripted, plain }) => {
  const url = origin + page.path;
  const faults = [];
  if (page.kind === '404') scripted.page.expected404 = plain.page.expected404 = url;

  const tab = scripted.page;
  await tab.setViewportSize({ width: 1440, height: 900 });
  await tab.emulateMedia({ media: 'screen', colorScheme: 'light' });
  const answer = await tab.goto(url, { waitUntil: 'load' });
  const expected = page.kind === '404' ? [200, 404] : [200];
  if (!expected.includes(answer.status())) faults.push(`answers ${answer.status()}`);
  // The example on the page of embeds is there once its answer is.
  await tab.waitForFunction(() => [...document.querySelectorAll('fineprint-update')].every((element) => element.timer !== undefined));
  faults.push(...await keyboardFaults(tab));
  faults.push(...await stripFaults(tab));
  faults.push(...await forcedColorFaults(tab));
  const shown = await visibleLines(tab);
  await prepareAxe(tab);
  faults.push(...await overflowFaults(tab, 1440));
  faults.push(...await axeFaults(tab));
  faults.push(...await overflowFaults(tab, 768));
  await tab.emulateMedia({ colorScheme: 'dark' });
  faults.push(...await overflowFaults(tab, 320));
  faults.push(...(await axeFaults(tab, { colorsOnly: true })).map((fault) => `dark: ${fault}`));
  if (ON_PAPER.has(page.kind)) {
    // A link alone is a way to go on; on paper there is nowhere to go.
    const notices = await tab.evaluate(() => [...document.querySelectorAll('main [data-until], main [data-from]')]
      .filter((element) => element.checkVisibility() && element.querySelector('a')?.innerText.trim() !== element.innerText.trim())
      .map((element) => element.innerText.split('\n')[0].trim()));
    faults.push(...await paperFaults(tab, scratch, [...paperTexts(site, page), ...notices].filter(printable), resolvedText(site, page)));
  }
  await tab.emulateMedia({ media: 'screen' });
  faults.push(...await overflowFaults(tab, 390));
  faults.push(...await controlFaults(tab, page.kind));
  faults.push(...await storageFaults(scripted.context, tab));
  for (const violation of await tab.evaluate(() => globalThis.__violations)) faults.push(`CSP violation: ${violation}`);
  faults.push(...scripted.faults);

  await plain.page.goto(url, { waitUntil: 'load' });
  faults.push(...await withoutScriptFaults(plain.page, shown));
  faults.push(...plain.faults.map((fault) => `without JavaScript: ${fault}`));
  return [...new Set(faults)];
});

/**
 * A PDF keeps right-to-left words in the order of the page, and text for which the machine has no font is not in it:
 * only what any machine can print and read back is looked for.
 */
const printable = (text) => /^[\p{Script=Latin}\p{N}\p{P}\p{S}\s]*$/u.test(text);

/** The resolved text beside the page of a version, if a machine can read it back; nothing for other pages. */
function resolvedText(site, page) {
  const file = join(site.dir, dirname(page.file), 'policy.md');
  if (!/\/v\/[^/]+\/$/.test(page.path) || !existsSync(file)) return '';
  const text = readFileSync(file, 'utf8').replace(/^\+\+\+[\s\S]*?\n\+\+\+\n/, '');
  return printable(text) ? text : '';
}

/** What has to be read off the paper: the title, and of a version the address that stays. */
function paperTexts(site, page) {
  const texts = [page.h1[0] ?? ''];
  if (['document', 'version', 'old-version', 'upcoming'].includes(page.kind)) {
    const permalinks = page.references.filter(({ tag, url }) => tag === 'a' && url.startsWith(site.base_url) && /\/v\/[^/]+\/$/.test(url));
    texts.push(/\/v\/[^/]+\/$/.test(page.path) ? new URL(page.path, site.base_url).href : permalinks.at(-1)?.url ?? 'a permalink in full');
  }
  return texts;
}
