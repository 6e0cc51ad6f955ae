// In: the origin and base path of a site on a host, and the snippets that `fineprint embed` prints. Out: exit code 0 if a page
// of another origin can use them. Must not know: which host it is.
//
//   node embed.mjs ORIGIN BASE <snippets.html
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { launch, open } from '../browser/lib/browser.mjs';

const [origin, base] = process.argv.slice(2);
let snippets = '';
for await (const part of process.stdin) snippets += part;

const product = createServer((request, response) => {
  const found = request.url === '/';
  response.writeHead(found ? 200 : 204, { 'Content-Type': 'text/html; charset=utf-8' });
  response.end(found ? `<!doctype html><title>Product</title><main>${snippets}</main>` : '');
});
await new Promise((listening) => product.listen(0, '127.0.0.1', listening));
const chromium = await launch();
try {
  const { page } = await open(chromium.browser, { origin });
  const answers = new Map();
  page.on('response', (response) => answers.set(response.url(), response.status()));
  const faults = [];
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  await page.goto(`http://127.0.0.1:${product.address().port}/`, { waitUntil: 'load' });
  await page.waitForFunction(() => customElements.get('fineprint-update'));
  await page.waitForFunction(() => [...document.querySelectorAll('fineprint-update')].every((element) => element.timer !== undefined));
  assert.equal(answers.get(`${origin}${base}embed/v1/update.js`), 200, 'the script is loaded');
  assert.ok([...answers].some(([url, status]) => url.startsWith(`${origin}${base}api/`) && status === 200), `no answer of the API: ${[...answers]}`);
  assert.deepEqual(faults, []);
} finally {
  await chromium.close();
  product.close();
}
