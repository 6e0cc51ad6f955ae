// In: a built site, and what its center answers otherwise than a static host would. Out: a product page of another
// origin that carries the snippet, and what can be seen of the element on it. Must not know: what is expected.
import { createServer } from 'node:http';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

export const SCRIPTS = ['update.js', 'update.src.js'];
export const NOTICES = 'api/v1/notices.json';

export const sriOf = (bytes) => `sha384-${createHash('sha384').update(bytes).digest('base64')}`;

async function listen(answer) {
  const server = createServer(answer);
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    }),
  };
}

/** The center of a built site, with the headers of `_headers`; `answers` has functions by path that answer instead. */
export async function center(site) {
  const answers = new Map();
  const asked = [];
  const server = await listen((request, response) => {
    const path = new URL(request.url, 'http://localhost').pathname;
    asked.push({ path, headers: request.headers });
    const local = path.slice(site.base_path.length);
    const { status, headers, file } = site.host.answer(path);
    for (const [name, value] of headers ?? []) response.setHeader(name, value);
    const own = answers.get(local);
    if (own) return own(request, response);
    response.writeHead(status);
    return response.end(file ? readFileSync(file) : '');
  });
  return {
    ...server,
    answers,
    asked,
    base: server.origin + site.base_path,
    says: (text, status = 200) => answers.set(NOTICES, (_, response) => {
      response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
      response.end(typeof text === 'string' ? text : JSON.stringify(text));
    }),
    notices: () => JSON.parse(readFileSync(`${site.dir}/${NOTICES}`, 'utf8')),
    integrity: (script) => sriOf(readFileSync(`${site.dir}/embed/v1/${script}`)),
  };
}

/** The strictest policy that can work, as the center's own page gives it. */
export const strict = (base, script = 'update.js') =>
  `default-src 'none'; script-src ${base}embed/v1/${script}; connect-src ${base}${NOTICES}`;

/** A product: pages at paths, each with its own policy, language and markup. */
export async function product() {
  const pages = new Map();
  const server = await listen((request, response) => {
    const page = pages.get(new URL(request.url, 'http://localhost').pathname);
    if (!page) {
      response.writeHead(404);
      return response.end();
    }
    const { policy, html } = page;
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...(policy ? { 'content-security-policy': policy } : {}) });
    return response.end(html);
  });
  let count = 0;
  return {
    ...server,
    /** Puts a page up and says where it is. */
    page({ base, script = 'update.js', integrity, policy, lang = 'en', dir = 'ltr', head = '', attributes = '', tail = '', first = false }) {
      count += 1;
      const path = `/page-${count}`;
      const element = `<fineprint-update ${attributes}></fineprint-update>`;
      pages.set(path, {
        policy,
        html: `<!doctype html>
<html lang="${lang}" dir="${dir}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Product</title>${head}</head>
<body>${first ? element : ''}<main><h1>Product</h1><p><a href="#here" id="here">A link of the product</a></p></main>
<script src="${base}embed/v1/${script}" integrity="${integrity}" crossorigin="anonymous" defer></script>
${first ? '' : element}${tail}</body></html>`,
      });
      return `${server.origin}${path}`;
    },
  };
}

/** A browser context whose clock stands still at `at`, and all that goes wrong in its page. */
export async function visit(browser, { at, timezoneId, viewport = { width: 1024, height: 768 }, ...rest }) {
  const context = await browser.newContext({ timezoneId, viewport, ...rest });
  context.setDefaultTimeout(20_000);
  if (at && rest.javaScriptEnabled !== false) await context.clock.setFixedTime(at);
  await context.addInitScript(() => {
    globalThis.__cards = 0;
    globalThis.__violations = [];
    document.addEventListener('securitypolicyviolation', (event) => globalThis.__violations.push(`${event.violatedDirective} ${event.blockedURI}`));
    // Every card that was ever put into the element, however short.
    const attach = Element.prototype.attachShadow;
    Element.prototype.attachShadow = function shadow(options) {
      const root = attach.call(this, options);
      new MutationObserver((records) => {
        for (const record of records) for (const node of record.addedNodes) if (node.localName === 'section') globalThis.__cards += 1;
      }).observe(root, { childList: true, subtree: true });
      return root;
    };
  });
  const page = await context.newPage();
  const faults = [];
  page.on('pageerror', (error) => faults.push(`error in a script: ${error.message}`));
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  return { context, page, faults };
}

/** Waits until the element has looked at its answer, and says what it shows. */
export async function shown(page) {
  await page.waitForFunction(() => document.querySelector('fineprint-update')?.timer !== undefined);
  return page.evaluate(() => [...document.querySelector('fineprint-update').shadowRoot.querySelectorAll('section')]
    .filter((card) => card.checkVisibility())
    .map((card) => ({
      title: card.querySelector('p').textContent,
      lang: card.lang,
      dir: card.dir,
      links: [...card.querySelectorAll('a')].map((link) => link.href),
      tags: [...card.querySelectorAll('*')].map((element) => element.localName),
    })));
}

/** Everything that the browser keeps for the page's origin. */
export async function kept(context, page) {
  const cookies = await context.cookies();
  const stores = await page.evaluate(async () => ({
    local: { ...localStorage },
    session: { ...sessionStorage },
    databases: (await indexedDB.databases()).map(({ name }) => name),
    caches: globalThis.isSecureContext ? await caches.keys() : [],
  }));
  return { cookies, ...stores };
}
