/** Whether pages around the sign-in say what a link says: a sentence of a stranger beside the sign-in button. */
import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import { ConformanceFailure, demand } from '../../errors.ts';
import type { LabDescription } from '../../lab/lab-description.ts';
import type { Answer } from '../../user-agents/http.ts';
import { attribute } from '../../visitor/forms.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { addressOf, followWithin, isHtml } from './pages.ts';

/** Parameters by which such pages are told what to say, as apps, Auth.js and OAuth name them. */
export const SAYS = [
  'error',
  'error_description',
  'errorDescription',
  'error_message',
  'errorMessage',
  'message',
  'msg',
  'reason',
  'notice',
  'description',
  'title',
  'info',
  'success',
  'warning',
  'alert',
] as const;

/** A sentence that stands on no page; each parameter has one of its own. */
export const sentenceFor = (index: number): string =>
  `Ring Mister ${String.fromCharCode(65 + index)}arrowby at once to unlock your account`;

/** What a browser does not draw as words of the page, or draws as what somebody has typed. */
const NOT_SHOWN = /^(?:script|style|template|noscript|title|textarea|option|select|iframe|object|svg)$/;

/** React streams a part of a page in such an element, and a script puts it into its place. */
const STREAMED = /^S:/;

const isHidden = (element: DefaultTreeAdapterTypes.Element): boolean =>
  (attribute(element, 'hidden') !== undefined && !STREAMED.test(attribute(element, 'id') ?? '')) ||
  /display\s*:\s*none|visibility\s*:\s*hidden/i.test(attribute(element, 'style') ?? '');

function wordsShown(node: DefaultTreeAdapterTypes.Node): string {
  if ('value' in node) return node.value;
  if ('tagName' in node && (NOT_SHOWN.test(node.tagName) || isHidden(node))) return ' ';
  return 'childNodes' in node ? node.childNodes.map(wordsShown).join('') : '';
}

const plain = (text: string) => text.replace(/\s+/g, ' ').toLowerCase();

/**
 * The first of these sentences that people read on a page; one in an address that is shown is none.
 *
 * @param sent parameter → its sentence
 */
export function saidIn(html: string, sent: Readonly<Record<string, string>>): string | undefined {
  const words = plain(wordsShown(parse(html)));
  return Object.keys(sent).find((name) => {
    const sentence = plain(sent[name] ?? '');
    for (let at = words.indexOf(sentence); at >= 0; at = words.indexOf(sentence, at + 1))
      if (words[at - 1] !== '=') return true;
    return false;
  });
}

/** Names that carry sentences, and what an error is called that the page may know. */
const LINKS: { names: readonly string[]; known?: Record<string, string> }[] = [
  { names: SAYS },
  ...['AccessDenied', 'access_denied'].map((error) => ({
    names: SAYS.filter((name) => name !== 'error'),
    known: { error },
  })),
  { names: SAYS.filter((name) => name !== 'error') },
];

const opened = async (browser: Visitor, lab: LabDescription, path: string): Promise<Answer | undefined> => {
  try {
    return await followWithin(browser, await browser.get(path), lab.app.origin);
  } catch (error) {
    // A page that breaks the connection says nothing.
    if (error instanceof ConformanceFailure) return undefined;
    throw error;
  }
};

/** The sign-in page and the error page: those of Auth.js, and where these lead. */
async function pagesAround(browser: Visitor, lab: LabDescription): Promise<string[]> {
  const { app, config } = lab;
  const found = new Set<string>();
  const declared = config.pages.signIn?.startsWith('/') ? [config.pages.signIn] : [];
  const ofAuthjs = ['/signin', '/error', '/error?error=Configuration'].map(
    (path) => `${app.basePath}${path}`,
  );
  for (const path of [...ofAuthjs, ...declared]) {
    const answer = await opened(browser, lab, path);
    if (!answer || answer.location || answer.url.origin !== app.origin || !isHtml(answer)) continue;
    const { pathname, searchParams } = answer.url;
    // What tells one page of an app from another may stand in its query.
    const kept = [...searchParams].filter(([name]) => !/^(?:error|callbackUrl)$/.test(name));
    found.add(kept.length ? addressOf(pathname, Object.fromEntries(kept)) : pathname);
  }
  return [...found];
}

/**
 * The body of `pages/words-of-links`: opens the sign-in page and the error page by links with a sentence in each parameter that may
 * tell them what to say. A word, such as the code of an error, may be said again.
 */
export async function saysNoWordsOfLinks({
  visitor,
  lab,
  notApplicable,
}: {
  visitor: () => Promise<Visitor>;
  lab: LabDescription;
  notApplicable(reason: string): never;
}): Promise<void> {
  const stranger = await visitor();
  const pages = await pagesAround(stranger, lab);
  if (pages.length === 0) notApplicable('it shows no sign-in page and no error page to strangers');
  for (const path of pages)
    for (const { names, known } of LINKS) {
      const sent = Object.fromEntries(
        names.map((name) => [name, sentenceFor(SAYS.indexOf(name as (typeof SAYS)[number]))]),
      );
      const answer = await opened(stranger, lab, addressOf(path, { ...sent, ...known }));
      if (!answer || answer.location || answer.url.origin !== lab.app.origin || !isHtml(answer)) continue;
      const name = saidIn(answer.text, sent);
      demand(
        !name,
        () =>
          `Said at ${answer.url.pathname} what a link says in its parameter ${name}: "${sent[name ?? '']}".`,
      );
    }
}
