/**
 * The Content Security Policy of the documentation site: scripts of its own origin, and the few that VitePress writes into a
 * page by their hash. A page of a static site has no headers, so it stands in the page, before everything that it is for.
 */
import { hash } from 'node:crypto';

/** Scripts in a page that run; data in a script element (`application/ld+json`) does not. */
const SCRIPT = /<script\b([^>]*)>([\s\S]*?)<\/script\s*>/gi;
const isInline = (attributes: string) =>
  !/\ssrc\s*=/i.test(attributes) &&
  !/\stype\s*=\s*["']?(?!module|text\/javascript)[\w./+-]+/i.test(attributes);

/** CSP sources (CSP3 §2.3.1) of the inline scripts of a page. */
export const hashesOf = (page: string): string[] => [
  ...new Set(
    [...page.matchAll(SCRIPT)]
      .filter(([, attributes = '']) => isInline(attributes))
      .map(([, , text = '']) => `'sha256-${hash('sha256', text, 'base64')}'`),
  ),
];

/** The policy of a page; colours of code are style attributes, which run nothing. */
export const policyOf = (page: string): string =>
  [
    "default-src 'none'",
    `script-src ${["'self'", ...hashesOf(page)].join(' ')}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');

const META = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/;

/** The page with its policy as the first thing in its head, after its encoding. */
export const withPolicy = (page: string): string =>
  page.replace(
    /<head>(\s*<meta charset="[^"]*">)?/,
    (head) => `${head}\n    <meta http-equiv="Content-Security-Policy" content="${policyOf(page)}">`,
  );

/** What is wrong with the policy of a page that was written, in words. */
export function troubleWith(page: string): string[] {
  const [meta, policy = ''] = META.exec(page) ?? [];
  if (!meta) return ['has no policy'];
  const first = page.search(/<(?:script|link|style|img)\b/i);
  const scripts = /script-src ([^;]*)/.exec(policy)?.[1]?.split(' ') ?? [];
  return [
    ...(first >= 0 && first < page.indexOf(meta) ? ['loads something before its policy'] : []),
    ...hashesOf(page)
      .filter((each) => !scripts.includes(each))
      .map((each) => `has an inline script that its policy forbids: ${each}`),
    ...scripts
      .filter((each) => !/^'(self|sha256-[\w+/=]+)'$/.test(each))
      .map((each) => `allows scripts by ${each}`),
    ...(/<[a-z][^<>]*\son[a-z]+\s*=\s*["']/i.test(page.replace(SCRIPT, ''))
      ? ['has an event handler in its markup']
      : []),
    ...[...page.matchAll(/<script\b[^>]*\ssrc="([^"]*)"/gi)]
      .map(([, source = '']) => source)
      .filter((source) => /^(?:[a-z]+:)?\/\//i.test(source))
      .map((source) => `loads a script from elsewhere: ${source}`),
  ];
}
