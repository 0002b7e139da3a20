/** Where doors may be: the paths that config, sources and build name, and the links that a member follows. */
import { parse } from 'parse5';
import type { LabDescription } from '../../lab/lab-description.ts';
import { attribute, elements, LEFT_ALONE, wordsOf } from '../../visitor/forms.ts';
import { spokenIn } from './languages.ts';

export interface Candidate {
  path: string;
  source: string;
}

const FILE = /\.(?:js|css|map|png|jpe?g|gif|svg|ico|webp|avif|woff2?|ttf|pdf|zip|mp4|webmanifest|txt|xml)$/i;

const isWithin = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);

/** Whether a path may be asked for as a member without harm, and could be a door. */
export const mayBeDoor = (path: string, { app, config }: Pick<LabDescription, 'app' | 'config'>): boolean => {
  const [bare = ''] = path.split('?');
  return (
    path.startsWith('/') &&
    !LEFT_ALONE.test(path) &&
    !FILE.test(bare) &&
    !isWithin(bare, app.basePath) &&
    !bare.startsWith('/_next/') &&
    ![config.pages.endSession, config.pages.backChannelLogout].includes(bare)
  );
};

/** Paths on the same origin that a page links to, each once; links that read like a sign-out are left out. */
export function linksIn(html: string, base: URL): string[] {
  const found = new Set<string>();
  for (const element of elements(parse(html))) {
    const to = element.tagName === 'a' ? attribute(element, 'href') : undefined;
    if (!to || !URL.canParse(to, base) || LEFT_ALONE.test(wordsOf(element))) continue;
    const url = new URL(to, base);
    if (url.origin === base.origin) found.add(url.pathname + url.search);
  }
  return [...found];
}

const DYNAMIC = /\[[^\]]+\]|(?<=\/):\w+\??|\*+/g;
export const isDynamic = (path: string): boolean => path.search(DYNAMIC) >= 0;

/**
 * A path with `[id]` or `:id` in it, filled with the id of the member: what belongs to a person is often found by it.
 */
export const filledWith = (path: string, id: string): string => path.replace(DYNAMIC, id);

const IDS_MAX = 2;
const IS_ID = /(?:^|_)(?:id|uuid|slug|number|no|key|sku)$|Id$/;

/** Ids of things in data, or on a page, of a member: what lies behind them is the member's as well. */
export function idsIn(body: string): string[] {
  const found = new Set<string>();
  const collect = (value: unknown, name: string): void => {
    if (Array.isArray(value)) for (const each of value) collect(each, name);
    else if (typeof value === 'object' && value !== null)
      for (const [inner, each] of Object.entries(value)) collect(each, inner);
    else if (IS_ID.test(name) && /^[\w-]{1,40}$/.test(String(value ?? ''))) found.add(String(value));
  };
  try {
    collect(JSON.parse(body), '');
  } catch {
    for (const [, number] of wordsOf(parse(body)).matchAll(/\b(\d{3,10})\b/g)) if (number) found.add(number);
  }
  return [...found].slice(0, IDS_MAX);
}

/**
 * Paths with parameters, filled with ids that the member was shown at a path of the same kind (`/api/orders` for
 * `/orders/:id`).
 */
export function withIds(lab: LabDescription, ids: ReadonlyMap<string, readonly string[]>): Candidate[] {
  const kindsOf = (path: string) =>
    path.split(/[/?]/).filter((part) => part && !/[:[*]/.test(part) && part !== 'api');
  return (lab.routes?.paths ?? [])
    .filter(({ path }) => isDynamic(path))
    .flatMap(({ path, source }) => {
      const kind = kindsOf(path).at(-1);
      const fitting = [...ids].flatMap(([shown, found]) =>
        kind && kindsOf(shown).at(-1) === kind ? found : [],
      );
      return [...new Set(fitting)].map((id) => ({ path: filledWith(path, id), source }));
    })
    .filter(({ path }) => mayBeDoor(path, lab));
}

/** Where to look first: what the config declares, then what sources and build tell, each path once. */
export function candidatesOf(lab: LabDescription, memberId: string): Candidate[] {
  const { pages } = lab.config;
  const declared = [...pages.protected, pages.home];
  const all = [
    ...pages.protected.map((path) => ({ path, source: 'pages.protected' })),
    ...pages.api.map((path) => ({ path, source: 'pages.api' })),
    ...(lab.routes?.paths ?? []).flatMap(({ path: read, source, values = [] }) => {
      const path = spokenIn(read, declared, lab.routes?.locales ?? []);
      return (isDynamic(path) ? [memberId, ...values].map((value) => filledWith(path, value)) : [path]).map(
        (each) => ({ path: each, source }),
      );
    }),
    { path: pages.home, source: 'pages.home' },
  ];
  const first = new Map<string, string>();
  for (const { path, source } of all) if (!first.has(path) && mayBeDoor(path, lab)) first.set(path, source);
  return [...first].map(([path, source]) => ({ path, source }));
}
