// In: a page with an open notice, and moments on the browser's clock. Out: where the page and the day disagree.
// `data-until` is on what is untrue from that day on, `data-from` on what is untrue before it.
// Must not know: how notices look.
import { open } from './browser.mjs';

/** The moment at which `date` begins in `zone`. */
export function midnight(date, zone) {
  const wall = (moment) => {
    const parts = Object.fromEntries(new Intl.DateTimeFormat('en-CA', {
      timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
    }).formatToParts(moment).map(({ type, value }) => [type, Number(value)]));
    return Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second);
  };
  const wanted = Date.parse(`${date}T00:00:00Z`);
  let moment = wanted;
  // Twice, in case that the first step crosses a change of the clocks.
  for (let step = 0; step < 2; step += 1) moment += wanted - wall(moment);
  return new Date(moment);
}

const MINUTE = 60_000;

/** The last minute before and the first of the day, read by people on the far sides of the date line; and no script. */
const moments = (site, effective) => {
  const start = midnight(effective, site.timezone).getTime();
  return [
    { name: 'in the last minute before', at: new Date(start - MINUTE), timezoneId: 'Pacific/Kiritimati', begun: false },
    { name: 'in the first minute', at: new Date(start + MINUTE), timezoneId: 'Pacific/Pago_Pago', begun: true },
    { name: 'weeks later', at: new Date(start + 40 * 24 * 60 * MINUTE), timezoneId: site.timezone, begun: true },
    { name: 'without JavaScript', at: null, timezoneId: site.timezone, begun: false, javaScriptEnabled: false },
  ];
};

/** What `pages` show around the day on which `effective` begins. */
export async function dayFaults(browser, origin, site, effective, pages) {
  const faults = [];
  for (const moment of moments(site, effective)) {
    const tab = await open(browser, { origin, viewport: { width: 1024, height: 800 }, ...moment });
    for (const page of pages) {
      await tab.page.goto(origin + page.path, { waitUntil: 'load' });
      const shown = await tab.page.evaluate((day) => {
        const visible = (selector) => [...document.querySelectorAll(selector)]
          .map((element) => ({ visible: element.checkVisibility(), text: element.innerText.trim().slice(0, 60) }));
        return {
          until: visible(`main [data-until="${day}"]`),
          from: visible(`main [data-from="${day}"]`),
          named: visible(`main time[datetime="${day}"]`).some((time) => time.visible),
        };
      }, effective);
      const say = (text) => faults.push(`${page.path} (${page.kind}), ${moment.name}: ${text}`);
      // The list of notices is a record: it says when each was announced and for when, which stays true.
      if (page.kind === 'notices') {
        if (!shown.named) say(`the notice for ${effective} is not listed`);
      } else if (!shown.until.length) say(`nothing says that it holds until ${effective}`);
      for (const { visible, text } of shown.until) {
        if (visible === moment.begun) say(`${visible ? `"${text}" is still shown` : 'what holds until then is already hidden'}`);
      }
      for (const { visible, text } of shown.from) {
        if (visible !== moment.begun) say(`${visible ? `"${text}" is already shown` : 'what holds from then on is not shown'}`);
      }
      // Only the page of the announced version itself has to tell that it has come into force.
      if (page.kind === 'upcoming' && !shown.from.length) say(`nothing tells that it is in force from ${effective}`);
    }
    faults.push(...tab.faults.map((fault) => `${moment.name}: ${fault}`));
    await tab.context.close();
  }
  return faults;
}
