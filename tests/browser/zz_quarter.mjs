import { spawn, execSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { launch } from './lib/browser.mjs';
const minutes = Number(process.argv[2] ?? 15);
const dir = mkdtempSync(join(tmpdir(), 'quarter-'));
for (const part of ['content', 'static', 'fineprint.toml']) cpSync(join('/work/main', part), join(dir, part), { recursive: true });
const git = (args) => execSync(`git -c user.name=a -c user.email=a@b.c ${args}`, { cwd: dir, stdio: 'pipe' });
git('init -q -b one'); git('add -A'); git('commit -qm one'); git('checkout -qb two');
for (let i = 0; i < 100; i++) { mkdirSync(join(dir, `static/many/${i % 7}`), { recursive: true }); writeFileSync(join(dir, `static/many/${i % 7}/${i}.txt`), `${i}`); }
for (const d of ['privacy', 'terms', 'cookies', 'subprocessors']) { const f = join(dir, `content/${d}/policy.md`); writeFileSync(f, readFileSync(f, 'utf8') + '\n\nOnly on the branch two.\n'); }
git('add -A'); git('commit -qm two'); git('checkout -q one');
let origin, child;
async function start(port = '0') {
  child = spawn('/tmp/fp', ['--site', dir, 'serve', '--port', port, '--as-of', '2026-11-21'], { stdio: ['ignore', 'ignore', 'pipe'] });
  const lines = createInterface({ input: child.stderr });
  origin = await new Promise((r) => lines.on('line', (l) => { const m = l.match(/http:\/\/127\.0\.0\.1:\d+/); if (m) r(m[0]); }));
}
await start();
const chromium = await launch();
const ctx = await chromium.browser.newContext({ viewport: { width: 1280, height: 800 } });
const bad = [];
async function tab(path) {
  const p = await ctx.newPage();
  p.setDefaultTimeout(60000);
  p.loads = 0;
  p.on('load', async () => { p.loads++; try { const ok = await p.evaluate(() => !!document.querySelector('footer, main') && document.documentElement.outerHTML.trimEnd().endsWith('</html>')); if (!ok) bad.push(`half-built ${p.url()}`); } catch {} });
  p.on('pageerror', (e) => bad.push(String(e)));
  await p.goto(origin + path);
  await p.locator('fineprint-preview').waitFor({ state: 'attached' });
  return p;
}
const pages = { draft: await tab('/privacy/draft/'), home: await tab('/'), es: await tab('/es/privacy/draft/'), proc: await tab('/processors/'), redline: null };
const full = (p) => join(dir, p);
const read = (p) => readFileSync(full(p), 'utf8');
const write = (p, t) => { mkdirSync(join(full(p), '..'), { recursive: true }); writeFileSync(full(p), t); };
const D = 'content/privacy/policy.md';
const times = {};
let n = 0;
async function timed(name, edit, wait) {
  const t = Date.now(); await edit();
  try { await wait(); } catch (e) { bad.push(`${name}: ${String(e).split('\n')[0]}`); await pages.draft.screenshot({ path: `/tmp/quarter-bad-${bad.length}.png` }); }
  (times[name] ??= []).push(Date.now() - t);
}
const has = (p, text) => p.locator('body', { hasText: text }).waitFor();
const lacks = (p, text) => p.waitForFunction((t) => !document.body.innerText.includes(t), text);
const bar = (p, text) => p.locator('fineprint-preview').getByText(text).first().waitFor();
const calm = () => bar(pages.draft, /^(\d+ warnings?|Nothing found)$/);
const marker = () => `Marker ${++n} of this afternoon.`;
const steps = {
  async sentence() { const m = marker(), was = read(D); await timed('sentence', () => write(D, was + `\n\n${m}\n`), () => has(pages.draft, m)); await timed('sentence back', () => write(D, was), () => lacks(pages.draft, m)); },
  async atomic() { const m = marker(), was = read(D); await timed('atomic save', () => { write(D + '.tmp', was + `\n\n${m}\n`); renameSync(full(D + '.tmp'), full(D)); }, () => has(pages.draft, m)); await timed('atomic back', () => { write(D + '~', was); renameSync(full(D + '~'), full(D)); }, () => lacks(pages.draft, m)); },
  async frontBroken() { const was = read(D); await timed('front matter broken', () => write(D, was.replace('+++', '++')), () => bar(pages.draft, /error/)); await timed('front matter mended', () => write(D, was), calm); },
  async settingsBroken() { const was = read('fineprint.toml'); await timed('settings broken', () => write('fineprint.toml', was + '\n[oops\n'), () => bar(pages.draft, /error/)); await timed('settings mended', () => write('fineprint.toml', was), calm); },
  async settingsGone() { const was = read('fineprint.toml'); await timed('settings gone', () => rmSync(full('fineprint.toml')), () => bar(pages.draft, /error/)); await timed('settings there', () => write('fineprint.toml', was), calm); },
  async gone() { const was = read(D); await timed('policy gone', () => rmSync(full(D)), () => bar(pages.draft, /error|not part|Not part/i)); await timed('policy back', () => write(D, was), () => has(pages.draft, 'Repique')); },
  async title() { const was = read('fineprint.toml'); const m = `Center ${++n}`; await timed('title', () => write('fineprint.toml', was.replace(/^title = .*$/m, `title = "${m}"`)), () => has(pages.home, m)); await timed('title back', () => write('fineprint.toml', was), () => lacks(pages.home, m)); },
  async row() { const was = read('content/processors.toml'); const m = `Testfirma ${++n}`; await timed('row', () => write('content/processors.toml', was + `\n[[row]]\nid = "t${n}"\nname = "${m}"\npurpose = "Tests"\ndata = ["Job names"]\nlocation = ["DE"]\nrole = "processor"\nsince = 2026-01-01\n`), () => has(pages.proc, m)); await timed('row back', () => write('content/processors.toml', was), () => lacks(pages.proc, m)); },
  async rowBroken() { const was = read('content/processors.toml'); await timed('register cut in half', () => write('content/processors.toml', was.slice(0, was.length / 2)), () => bar(pages.draft, /error/)); await timed('register whole', () => write('content/processors.toml', was), calm); },
  async css() { const loads = pages.draft.loads; const f = 'themes/default/assets/custom.css'; await timed('style', () => write(f, `body { outline: ${++n}px solid teal }`), () => pages.draft.waitForFunction((w) => getComputedStyle(document.body).outlineWidth === `${w}px`, n)); await timed('style gone', () => rmSync(full('themes'), { recursive: true }), () => pages.draft.waitForFunction(() => getComputedStyle(document.body).outlineStyle === 'none')); if (pages.draft.loads > loads + 1) times.styleLoads = pages.draft.loads - loads; },
  async template() { await timed('template broken', () => write('themes/default/templates/home.html', '{% oops'), () => bar(pages.home, /error/)); await timed('template gone', () => rmSync(full('themes'), { recursive: true }), () => bar(pages.home, /^(\d+ warnings?|Nothing found)$/)); },
  async ledger() { const was = read('content/ledger.toml'); await timed('ledger edited', () => write('content/ledger.toml', was.replace('2026-11-16', '2026-11-15')), () => bar(pages.draft, /error/)); await timed('ledger restored', () => write('content/ledger.toml', was), calm); },
  async frozen() { const f = 'content/privacy/versions/2025-02-17/policy.md'; const was = read(f); await timed('frozen edited', () => write(f, was + '\nx\n'), () => bar(pages.draft, /error/)); await timed('frozen restored', () => write(f, was), calm); },
  async folder() { await timed('folder renamed', () => renameSync(full('content/cookies'), full('content/biscuits')), () => bar(pages.draft, /error/)); await timed('folder back', () => renameSync(full('content/biscuits'), full('content/cookies')), calm); },
  async spanish() { const f = 'content/privacy/policy.es.md', was = read(f), m = `Marca ${++n}`; await timed('translation', () => write(f, was + `\n\n${m}\n`), () => has(pages.es, m)); await timed('translation back', () => write(f, was), () => lacks(pages.es, m)); },
  async bytes() { const was = readFileSync(full(D)); await timed('hostile bytes', () => writeFileSync(full(D), Buffer.concat([was, Buffer.from([0xff, 0xfe, 0x80])])), () => bar(pages.draft, /error/)); await timed('bytes mended', () => writeFileSync(full(D), was), calm); },
  async big() { const was = read(D), m = marker(); await timed('1 MB pasted', () => write(D, was + '\n\nA long sentence of a policy that says little and goes on. '.repeat(17000) + `\n\n${m}\n`), () => pages.draft.waitForFunction((t) => document.body.textContent.includes(t), m)); await timed('1 MB gone', () => write(D, was), () => pages.draft.waitForFunction((t) => !document.body.textContent.includes(t), m)); },
  async branch() { await timed('checkout two', () => git('checkout -q -f two'), () => has(pages.draft, 'Only on the branch two.')); await timed('checkout one', () => git('checkout -q -f one'), () => lacks(pages.draft, 'Only on the branch two.')); if ((await fetch(origin + '/many/1/1.txt')).status !== 404) { await new Promise((r) => setTimeout(r, 500)); if ((await fetch(origin + '/many/1/1.txt')).status !== 404) bad.push('a file of the other branch is served'); } },
  async restart() { const port = new URL(origin).port; await timed('server killed and back', async () => { const e = new Promise((r) => child.once('exit', r)); child.kill('SIGINT'); await e; const was = read(D); write(D, was + '\n\nWhile away.\n'); await start(port); }, () => has(pages.draft, 'While away.')); await timed('away mended', () => git('checkout -q -f one'), () => lacks(pages.draft, 'While away.')); },
  async twenty() { const was = read(D); let m; await timed('20 edits in a breath', async () => { for (let i = 0; i < 20; i++) { m = marker(); write(D, was + `\n\n${m}\n`); } }, () => has(pages.draft, m)); await timed('20 back', () => write(D, was), () => lacks(pages.draft, m)); },
  async directory() { const was = read(D); await timed('a folder in the place of the file', () => { rmSync(full(D)); mkdirSync(full(D)); }, () => bar(pages.draft, /error/i)); await timed('the file again', () => { rmSync(full(D), { recursive: true }); write(D, was); }, () => has(pages.draft, 'Repique')); },
};
const end = Date.now() + minutes * 60000;
const names = Object.keys(steps);
let rounds = 0, seed = 7;
while (Date.now() < end) {
  const order = rounds === 0 ? names : [names[(seed = (seed * 1103515245 + 12345) & 0x7fffffff) % names.length]];
  for (const name of order) { try { await steps[name](); } catch (e) { bad.push(`${name} threw ${String(e).split('\n')[0]}`); git('checkout -q -f one'); git('clean -qfd'); } rounds++; }
}
for (const [k, v] of Object.entries(times)) if (Array.isArray(v)) { v.sort((a, b) => a - b); console.log(k.padEnd(36), 'n', v.length, 'median', v[v.length >> 1], 'worst', v[v.length - 1]); }
console.log('steps', rounds, 'bad', bad.length); bad.slice(0, 40).forEach((b) => console.log('  ', b));
await pages.draft.screenshot({ path: '/tmp/quarter-end.png' });
child.kill('SIGINT'); await chromium.close();
