/** The documentation site: `npm run docs`. The pages stay where GitHub shows them; addresses here are without `docs/`. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { defineConfig, type MarkdownOptions } from 'vitepress';
import { withPolicy } from '../../harness/upkeep/site/policy.ts';
import { suites } from '../../harness/upkeep/site/suites.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** Where a page of the repository stands in the site. */
const rewrites: [RegExp, string][] = [
  [/^docs\/(.*)$/, '$1'],
  [/^README\.md$/, 'overview.md'],
  // docs/security.md has the name already, but for its case.
  [/^SECURITY\.md$/, 'reporting-vulnerabilities.md'],
  [/^(reports|suites|fixtures\/mutants)\/README\.md$/, '$1/index.md'],
];
const placeOf = (file: string): string =>
  rewrites.reduce((place, [from, to]) => (from.test(file) ? file.replace(from, to) : place), file);

/** What leads to a folder or file of the repository that is no page is no link here: only its words stay. */
function unlink(tokens: { type: string; attrGet(name: string): string | null }[], source: string): void {
  let open = false;
  for (const token of tokens) {
    const href = token.type === 'link_open' ? token.attrGet('href') : undefined;
    if (href !== undefined) open = leadsOutside(href ?? '', source);
    if (!open || !/^link_/.test(token.type)) continue;
    if (token.type === 'link_close') open = false;
    Object.assign(token, { type: 'text', tag: '', content: '', nesting: 0 });
  }
}

const leadsOutside = (href: string, source: string): boolean => {
  if (/^(?:[a-z]+:|\/|#)/.test(href) || /\.md(?:[#?]|$)/.test(href)) return false;
  return existsSync(path.join(ROOT, path.dirname(source), decodeURIComponent(href.replace(/[#?].*$/, ''))));
};

/** Links stay as they are good on the shelf of the repository; here they lead to where their page stands. */
const linksOfTheRepository: MarkdownOptions['config'] = (md) => {
  md.core.ruler.push('links-of-the-repository', ({ tokens, env }) => {
    const source = path.relative(ROOT, env.realPath ?? env.path);
    for (const { children } of tokens) unlink(children ?? [], source);
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const href = token.type === 'link_open' ? token.attrGet('href') : null;
      const [, file, rest = ''] = /^(?![a-z]+:|\/|#)([^#?]*\.md)(.*)$/.exec(href ?? '') ?? [];
      if (file)
        token.attrSet('href', `/${placeOf(path.posix.join(path.posix.dirname(source), file))}${rest}`);
    }
  });
};

const page = (text: string, link: string) => ({ text, link });

const guide = [
  {
    text: 'QA teams',
    items: [
      page('Getting started', '/getting-started'),
      page('Running', '/running'),
      page('What a verdict rests on', '/verdicts'),
      page('Reports and certificates', '/reports/'),
      page('Against a real Logto', '/live'),
      page('Codes of your own', '/own-otp'),
      page('Two issuers', '/two-issuers'),
    ],
  },
  {
    text: 'CI gates',
    items: [
      page('Exit codes, flags', '/running#exit-codes'),
      page('Jobs for each CI', '/ci'),
      page('Tests of your own', '/own-tests'),
      page('Known failures', '/running'),
      page('Advisories', '/advisories'),
    ],
  },
  {
    text: 'Connector authors',
    items: [page('Connector configs', '/connector'), page('The mocks alone', '/mocks')],
  },
  {
    text: 'Reference',
    items: [
      page('Config', '/reference/config'),
      page('API', '/api/'),
      page('The whole catalogue', '/suites/'),
      page('Coverage by source', '/suites/COVERAGE'),
    ],
  },
  {
    text: 'How good is it?',
    collapsed: true,
    items: [
      page('Fidelity of the mocks', '/fidelity'),
      page('Bundled targets', '/matrix'),
      page('Broken apps', '/fixtures/mutants/'),
      page('A hostile world', '/world'),
      page('Pictures', '/pictures'),
      page('Security', '/security'),
      page('Benchmarks', '/benchmarks'),
      page('Contributing', '/CONTRIBUTING'),
    ],
  },
];

export default defineConfig({
  title: 'authjs-conformance',
  description:
    'Conformance suite and mock services for Auth.js apps that sign in through Logto by phone one-time code',
  srcDir: '..',
  outDir: '../docs/.vitepress/dist',
  rewrites: (id) => placeOf(id),
  srcExclude: [
    'fixtures/!(mutants)/**',
    'fixtures/mutants/*/**',
    'harness/**',
    'mocks/**',
    'suites/ledger/**',
    'conformance-results/**',
    'docs/node_modules/**',
  ],
  ignoreDeadLinks: false,
  cleanUrls: true,
  // Sizes and times of a build are nobody's business; the pages are the same for the same sources.
  lastUpdated: false,
  transformHtml: withPolicy,
  markdown: { linkify: false, config: linksOfTheRepository },
  themeConfig: {
    search: { provider: 'local', options: { detailedView: true } },
    outline: [2, 3],
    nav: [
      page('Getting started', '/getting-started'),
      page('Checks', '/checks/'),
      page('Config', '/reference/config'),
      page('API', '/api/'),
      page('Changes', '/CHANGELOG'),
    ],
    // Hundreds of checks in the side bar of every page would make the site a hundred times its size.
    sidebar: {
      '/': guide,
      ...Object.fromEntries(
        suites().map(({ suite, ids }) => [
          `/checks/${suite}/`,
          [
            { text: 'All suites', link: '/checks/' },
            { text: suite, items: ids.map((id) => page(id.slice(suite.length + 1), `/checks/${id}`)) },
          ],
        ]),
      ),
    },
  },
});
