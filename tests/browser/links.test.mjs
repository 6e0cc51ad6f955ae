// Every page of every built site, without a browser: links, fragments, resources, headings, languages.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { alternateFaults, linkFaults, orphans, pageFaults } from './lib/links.mjs';
import { sites } from './lib/sites.mjs';

const none = (faults) => assert.equal(faults.length, 0, `${faults.length} faults:\n  ${faults.slice(0, 40).join('\n  ')}`);

for (const site of sites()) {
  describe(site.label, () => {
    test('has the pages that every center has', () => {
      const kinds = new Set(site.pages.map((page) => page.kind));
      none(['center', 'document', 'version', 'changes', 'center-changes', 'notices', '404']
        .filter((kind) => !kinds.has(kind)).map((kind) => `no page of the kind "${kind}"`));
    });
    test('every link and fragment leads somewhere, no resource comes from another origin', () => none(linkFaults(site)));
    test('every page can be reached from the home page or the sitemap', () =>
      none(orphans(site).map((page) => `${page.path} is reached by no link`)));
    test('every page has one h1, its language and direction, unique ids, nothing inline', () =>
      none(site.pages.flatMap((page) => pageFaults(site, page).map((fault) => `${page.path}: ${fault}`))));
    test('pages in several languages name each other', () => none(alternateFaults(site)));
    test('every redirect leads to a page and hides none', () => none(site.host.redirects.flatMap((rule) => {
      const faults = [];
      if (!/[*:]/.test(rule.from)) {
        // Hosts without `_redirects` serve a page there that leads on; any other page would be hidden by some hosts.
        const local = rule.from.slice(site.base_path.length);
        const hidden = site.pages.find(({ file, kind }) => kind !== 'redirect'
          && (file === local || file === `${local.replace(/\/?$/, '/')}index.html`));
        if (hidden) faults.push(`${rule.from} is also the page ${hidden.file}`);
        if (rule.to.startsWith('/') && site.host.follow(rule.from).status !== 200) faults.push(`${rule.from} → ${rule.to} answers ${site.host.follow(rule.from).status}`);
      }
      return faults;
    })));
    test('every page is served with the content security policy, and none is set twice', () => none(site.pages.flatMap((page) => {
      const csp = site.host.headersFor(page.path).get('content-security-policy');
      if (!csp) return [`${page.path} has no Content-Security-Policy`];
      const faults = [];
      if (!/^default-src 'none'/.test(csp)) faults.push(`${page.path}: the CSP does not start from default-src 'none': ${csp}`);
      if (/unsafe-|\*|https?:/.test(csp)) faults.push(`${page.path}: the CSP is too wide: ${csp}`);
      if (/,/.test(csp)) faults.push(`${page.path}: two CSP rules match: ${csp}`);
      return faults;
    })));
  });
}
