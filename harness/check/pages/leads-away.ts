/** Whether a page takes people where a link tells it to. */
import { parse } from 'parse5';
import { ConformanceFailure } from '../../errors.ts';
import type { LabDescription } from '../../lab/lab-description.ts';
import type { Answer } from '../../user-agents/http.ts';
import { attribute, elements } from '../../visitor/forms.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { addressOf, followWithin, isHtml } from './pages.ts';

const EVIL = 'evil.example';

/** Addresses of a stranger, as they pass for one's own (WHATWG URL: `\\` counts as `/`). */
export const foreignAddresses = (origin: string): string[] => {
  const { hostname, host } = new URL(origin);
  return [
    `https://${EVIL}/`,
    `//${EVIL}/`,
    `/\\${EVIL}/`,
    `\\\\${EVIL}/`,
    `///${EVIL}/`,
    `https:${EVIL}/`,
    `https://${EVIL}/?${origin}/`,
    `https://${EVIL}/#${host}`,
    `https://${hostname}.${EVIL}/`,
    `${origin}@${EVIL}/`,
    `https://${hostname}@${EVIL}/`,
  ];
};

/** The same with signs in them that browsers take out (WHATWG URL: tabs and line breaks), where no proxy does so before. */
export const oddAddresses = (): string[] => [
  `/\t/${EVIL}/`,
  `\t//${EVIL}/`,
  `/\n/${EVIL}/`,
  `/\r/\\${EVIL}/`,
];

/** Addresses of one's own, of which a page that looks at the origin and keeps the path makes those of a stranger: `//evil.example/`. */
export const foreignByPath = (origin: string): string[] => [
  `${origin}//${EVIL}/`,
  `${origin}/\\${EVIL}/`,
  `/.//${EVIL}/`,
  `/conformance/..//${EVIL}/`,
];

/** Where an answer sends a browser by itself: by redirect, by refresh, or by a script of its own. */
export function sentTo(answer: Pick<Answer, 'location' | 'headers' | 'text' | 'url'>): URL[] {
  const { location, headers, text, url } = answer;
  if (location) return [location];
  const named: string[] = [];
  const refresh = (value: string) => {
    const [, to] = /^\s*[\d.]+\s*[;,]\s*(?:url\s*=\s*)?["']?([^"']+)/i.exec(value) ?? [];
    if (to) named.push(to);
  };
  if (typeof headers.refresh === 'string') refresh(headers.refresh);
  if (isHtml(answer)) {
    for (const element of elements(parse(text))) {
      if (element.tagName === 'meta' && /^refresh$/i.test(attribute(element, 'http-equiv') ?? ''))
        refresh(attribute(element, 'content') ?? '');
      const code = element.tagName === 'script' ? element.childNodes : [];
      for (const child of code)
        if ('value' in child)
          for (const [, to] of child.value.matchAll(
            /location(?:\.href)?\s*(?:=|\.(?:assign|replace)\()\s*["'`]([^"'`]+)["'`]/g,
          ))
            if (to) named.push(to.replaceAll('\\/', '/'));
    }
    // Next.js says it in the stream once the status is sent.
    for (const [, to] of text.matchAll(/NEXT_REDIRECT;\w+;([^;"]+);/g)) if (to) named.push(to);
  }
  return named.flatMap((to) => (URL.canParse(to, url) ? [new URL(to, url)] : []));
}

/** Whether an address is one of the stranger's. */
export const isForeign = ({ hostname }: URL): boolean => hostname === EVIL || hostname.endsWith(`.${EVIL}`);

const OWN = '/conformance-landing';

/**
 * Opens a page by links that say where to go.
 *
 * @param names parameters that all carry the address
 * @param addresses what they carry, one after another
 * @returns the first foreign address that the page goes to, as it was given and as a browser reads it
 */
export async function leadsAway(
  browser: Visitor,
  lab: LabDescription,
  path: string,
  names: readonly string[],
  addresses = [...foreignAddresses(lab.app.origin), ...foreignByPath(lab.app.origin)],
): Promise<{ given: string; to: URL } | undefined> {
  const { origin } = lab.app;
  const open = async (address: string) => {
    const link = addressOf(path, Object.fromEntries(names.map((name) => [name, address])));
    const answer = await followWithin(browser, await browser.get(link), origin);
    return sentTo(answer).concat(answer.url);
  };
  const [plain = '', ...others] = addresses;
  let first: URL | undefined;
  try {
    first = (await open(plain)).find(isForeign);
  } catch (error) {
    // What keeps its readers waiting, as an answer that comes when there is news, leads nobody away.
    if (error instanceof ConformanceFailure) return undefined;
    throw error;
  }
  if (first) return { given: plain, to: first };
  // A page that goes to an address of its own reads one of the parameters: then all spellings are tried.
  const follows = async (address: string) => (await open(address)).some(({ pathname }) => pathname === OWN);
  if (!(await follows(OWN)) && !(await follows(`${origin}${OWN}`))) return undefined;
  for (const given of others) {
    const to = (await open(given)).find(isForeign);
    if (to) return { given, to };
  }
  return undefined;
}
