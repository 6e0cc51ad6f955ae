// In: a built folder and the path it is published under. Out: what a static host answers, as a function and over HTTP.
// Follows `_headers` and `_redirects` the way Cloudflare Pages and Netlify read them, so that the CSP is in force in tests.
// Must not know: what a page means.
import { createServer } from 'node:http';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.xml': 'application/xml',
  '.ics': 'text/calendar; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A path pattern with `*` (anything) and `:name` (one segment), as an expression with named groups. */
function pattern(source) {
  let splat = 0;
  const body = source
    .split(/(\*|:[A-Za-z]\w*)/)
    .map((part) => {
      if (part === '*') return `(?<splat${splat++ || ''}>.*)`;
      if (/^:[A-Za-z]/.test(part)) return `(?<${part.slice(1)}>[^/]+)`;
      return escape(part);
    })
    .join('');
  return new RegExp(`^${body}$`);
}

/** The rules of `_headers`: a path on a line of its own, then indented `Name: value` or `! Name`. */
export function parseHeaders(text) {
  const rules = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    if (/^\s/.test(line)) {
      const rule = rules.at(-1);
      if (!rule) throw new Error(`_headers: a header before any path: ${line.trim()}`);
      const detached = /^\s*!\s*([\w-]+)\s*$/.exec(line);
      if (detached) {
        rule.detach.push(detached[1].toLowerCase());
        continue;
      }
      const header = /^\s*([\w-]+)\s*:\s*(.*?)\s*$/.exec(line);
      if (!header) throw new Error(`_headers: not a header: ${line.trim()}`);
      rule.set.push([header[1].toLowerCase(), header[2]]);
    } else {
      rules.push({ path: line.trim(), match: pattern(line.trim()), set: [], detach: [] });
    }
  }
  return rules;
}

/** The rules of `_redirects`: `from to [status]`. */
export function parseRedirects(text) {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => {
      const [from, to, status = '302'] = line.split(/\s+/);
      return { from, to, status: Number.parseInt(status, 10), match: pattern(from) };
    });
}

function readIfThere(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** A host for `dir` below `basePath` ("/" or "/legal/"). */
export function host(dir, basePath = '/') {
  const headerRules = parseHeaders(readIfThere(join(dir, '_headers')));
  const redirects = parseRedirects(readIfThere(join(dir, '_redirects')));

  function headersFor(path) {
    const headers = new Map();
    for (const rule of headerRules) {
      if (!rule.match.test(path)) continue;
      for (const name of rule.detach) headers.delete(name);
      // A header set by two rules is joined, as the hosts do; the validators refuse such a pair.
      for (const [name, value] of rule.set) {
        headers.set(name, headers.has(name) ? `${headers.get(name)}, ${value}` : value);
      }
    }
    return headers;
  }

  function fileAt(path) {
    if (!path.startsWith(basePath)) return null;
    let relative;
    try {
      relative = normalize(decodeURIComponent(path.slice(basePath.length)));
    } catch {
      return null;
    }
    if (relative.startsWith('..') || /(^|\/)_(headers|redirects)$/.test(relative)) return null;
    return join(dir, relative);
  }

  /** What a GET of `path` answers: `{ status, headers, file }` or `{ status, location }`. */
  function answer(path) {
    for (const rule of redirects) {
      const found = rule.match.exec(path);
      if (!found) continue;
      const location = rule.to.replace(/:([A-Za-z]\w*)/g, (whole, name) => found.groups?.[name] ?? whole);
      if (rule.status >= 300 && rule.status < 400) return { status: rule.status, location };
      if (rule.status === 200) return answer(location);
    }
    const file = fileAt(path);
    const stat = file && existsSync(file) ? statSync(file) : null;
    if (stat?.isFile() && !path.endsWith('/')) return found(200, path, file);
    if (stat?.isDirectory()) {
      if (!path.endsWith('/')) {
        if (existsSync(join(file, 'index.html'))) return { status: 308, location: `${path}/` };
      } else if (existsSync(join(file, 'index.html'))) {
        return found(200, path, join(file, 'index.html'));
      }
    }
    // The nearest 404.html up the tree.
    let folder = path.startsWith(basePath) ? path.slice(basePath.length) : '';
    while (true) {
      folder = folder.includes('/') ? folder.slice(0, folder.lastIndexOf('/')) : '';
      const page = join(dir, folder, '404.html');
      if (existsSync(page)) return found(404, path, page);
      if (folder === '') return { status: 404, headers: new Map(), file: null };
    }
  }

  function found(status, path, file) {
    const headers = new Map([['content-type', TYPES[extname(file)] ?? 'application/octet-stream']]);
    for (const [name, value] of headersFor(path)) headers.set(name, value);
    return { status, headers, file };
  }

  /** Follows redirects inside the site; a redirect to elsewhere ends with its `location`. */
  function follow(path) {
    const seen = [];
    let at = path;
    while (true) {
      const result = answer(at);
      if (!result.location) return { ...result, path: at, hops: seen };
      if (seen.includes(at) || seen.length > 5) return { status: 508, path: at, hops: seen, file: null };
      seen.push(at);
      if (!result.location.startsWith('/')) return { ...result, path: at, hops: seen, file: null };
      at = result.location.split('#')[0];
    }
  }

  return { dir, basePath, answer, follow, headersFor, headerRules, redirects };
}

/** Serves a host on a free loopback port. */
export async function serve(site) {
  const server = createServer((request, response) => {
    const path = new URL(request.url, 'http://localhost').pathname;
    const result = site.answer(path);
    if (result.location) {
      response.writeHead(result.status, { location: result.location });
      response.end();
      return;
    }
    for (const [name, value] of result.headers) response.setHeader(name, value);
    response.writeHead(result.status);
    response.end(result.file ? readFileSync(result.file) : '');
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}
