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

const DYNAMIC = /\[\[[^\]]+\]\]|\[[^\]]+\]|(?<=\/):\w+\??|\*+/g;
export const isDynamic = (path: string): boolean => path.search(DYNAMIC) >= 0;

/**
 * A path with `[id]` or `:id` in it, filled with the id of the member: what belongs to a person is often found by it.
 */
export const filledWith = (path: string, id: string): string => path.replace(DYNAMIC, id);

const IDS_MAX = 2;
const IS_ID = /(?:^|_)(?:id|uuid|slug|number|no|key|sku)$|Id$/;

/** Ids of things in data, or on a page, of a member: what lies behind them is the member's as well. */
export function idsIn(body: string, most = IDS_MAX): string[] {
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
  return [...found].slice(0, most);
}

const kindsOf = (path: string) =>
  path.split(/[/?]/).filter((part) => part && !/[:[*]/.test(part) && part !== 'api');

/** What each parameter of a path is the id of, as the part before it says: `teams` and `notes` of `/teams/:id/notes/:note`. */
const kindsOfParameters = (path: string): (string | undefined)[] => {
  const kinds: (string | undefined)[] = [];
  let kind: string | undefined;
  for (const part of path.split('/').filter(Boolean)) {
    if (isDynamic(`/${part}`)) kinds.push(kind);
    else kind = part;
  }
  return kinds;
};

/** A path whose parameters are filled one by one. */
const filledOneByOne = (path: string, ids: readonly string[]): string => {
  let at = 0;
  return path.replace(DYNAMIC, () => ids[at++] ?? '');
};

/**
 * Paths with parameters, filled with ids that the member was shown at a path of the same kind: `/api/orders` for
 * `/orders/:id`, and for `/orders/:id/lines`.
 *
 * @param templates paths with parameters in them (default: all that sources and build tell)
 */
export function withIds(
  lab: LabDescription,
  ids: ReadonlyMap<string, readonly string[]>,
  templates: readonly Candidate[] = lab.routes?.paths ?? [],
): Candidate[] {
  const idsOf = (kind: string | undefined): string[] => [
    ...new Set([...ids].flatMap(([shown, found]) => (kind && kindsOf(shown).at(-1) === kind ? found : []))),
  ];
  return templates
    .filter(({ path }) => isDynamic(path))
    .flatMap(({ path, source }) => {
      const each = kindsOfParameters(path).map(idsOf);
      const filled =
        each.length > 0 && each.every((found) => found.length > 0)
          ? Array.from({ length: Math.min(...each.map((found) => found.length)) }, (_, at) =>
              filledOneByOne(
                path,
                each.map((found) => found[at] as string),
              ),
            )
          : idsOf(kindsOf(path).at(-1)).map((id) => filledWith(path, id));
      return [...new Set(filled)].map((one) => ({ path: one, source }));
    })
    .filter(({ path }) => mayBeDoor(path, lab));
}

const LINKED_MAX = 2;

/**
 * Links of members' pages that fill a route with parameters: the file behind `/files/:id` on the page of all files.
 *
 * @param links path and query of links, each with the page that it stands on
 * @param templates paths with parameters in them
 */
export function linkedThings(
  lab: Pick<LabDescription, 'app' | 'config'>,
  links: readonly { path: string; page: string }[],
  templates: readonly Candidate[],
): Candidate[] {
  return templates
    .filter(({ path }) => isDynamic(path))
    .flatMap(({ path: template }) => {
      const parts = template.split('/');
      const fills = ({ path }: { path: string }) => {
        const given = (path.split('?')[0] ?? '').split('/');
        return (
          given.length === parts.length &&
          parts.every((part, at) => (isDynamic(`/${part}`) ? given[at] !== '' : part === given[at]))
        );
      };
      return links.filter(fills).slice(0, LINKED_MAX);
    })
    .map(({ path, page }) => ({ path, source: `a link on ${page}` }))
    .filter(({ path }) => mayBeDoor(path, lab));
}

/** The routes that sources and build tell, with a language put in where addresses begin with one. */
export const spokenRoutes = ({ config, routes }: LabDescription): Candidate[] => {
  const declared = [...config.pages.protected, config.pages.home];
  return (routes?.paths ?? []).map(({ path, source }) => ({
    path: spokenIn(path, declared, routes?.locales ?? []),
    source,
  }));
};

/**
 * Where to look first: what the config declares, then what sources and build tell, each path once.
 *
 * @param memberIds ids of the member, at Logto and in the app's own table
 */
export function candidatesOf(lab: LabDescription, memberIds: readonly string[]): Candidate[] {
  const { pages } = lab.config;
  const declared = [...pages.protected, pages.home];
  const all = [
    ...pages.protected.map((path) => ({ path, source: 'pages.protected' })),
    ...pages.api.map((path) => ({ path, source: 'pages.api' })),
    ...(lab.routes?.paths ?? []).flatMap(({ path: read, source, values = [], endsSession }) => {
      // Whoever looks around stays signed in.
      if (endsSession) return [];
      const path = spokenIn(read, declared, lab.routes?.locales ?? []);
      return (
        isDynamic(path) ? [...memberIds, ...values].map((value) => filledWith(path, value)) : [path]
      ).map((each) => ({ path: each, source }));
    }),
    { path: pages.home, source: 'pages.home' },
  ];
  const first = new Map<string, string>();
  for (const { path, source } of all) if (!first.has(path) && mayBeDoor(path, lab)) first.set(path, source);
  return [...first].map(([path, source]) => ({ path, source }));
}
