/** The addresses that folders tell, in frameworks with routes by file. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** An address, and the file that it is told by. */
export interface Listed {
  path: string;
  source: string;
  /** Words in the source of a path with parameters. */
  values?: string[];
  /** Files around it, the outermost first, where a table of routes tells them. */
  above?: string[];
  /** What React Router calls it. */
  id?: string;
  /** It answers programs: it draws no page. */
  isApi?: true;
  /** It takes posts, and it may answer these alone. */
  takes?: 'posts' | 'posts alone';
}

/** Routers by file: where the files are, and which of them are routes. */
const ROUTERS: { folder: string; file: RegExp; api?: string; takes?: Listed['takes'] }[] = [
  { folder: 'app', file: /^(.*\/)?(?:page\.[jt]sx?|route\.[jt]s)$/ },
  { folder: 'src/app', file: /^(.*\/)?(?:page\.[jt]sx?|route\.[jt]s)$/ },
  { folder: 'src/routes', file: /^(.*\/)?\+(?:page(?:\.server)?|server)\.(?:svelte|[jt]s)$/ },
  { folder: 'pages', file: /^((?:.*\/)?[^/]+)\.(?:[jt]sx?|vue)$/ },
  { folder: 'src/pages', file: /^((?:.*\/)?[^/]+)\.(?:[jt]sx?|astro|vue)$/ },
  { folder: 'app/pages', file: /^((?:.*\/)?[^/]+)\.vue$/ },
  { folder: 'server/api', file: /^((?:.*\/)?[^/]+?)(?:\.get)?\.[jt]s$/, api: '/api' },
  { folder: 'server/routes', file: /^((?:.*\/)?[^/]+?)(?:\.get)?\.[jt]s$/ },
  { folder: 'server/api', file: /^((?:.*\/)?[^/]+?)\.post\.[jt]s$/, api: '/api', takes: 'posts alone' },
  { folder: 'server/routes', file: /^((?:.*\/)?[^/]+?)\.post\.[jt]s$/, takes: 'posts alone' },
];

/** Groups and slots stand in folders, not in addresses; `_app`, `+layout` and tests are no routes. */
const addressOf = (match: string, api = ''): string | undefined => {
  const segments = `${api}/${match}`
    .split('/')
    .filter((segment) => segment && !/^\(.*\)$|^@/.test(segment))
    .map((segment, index, all) => (index === all.length - 1 && segment === 'index' ? '' : segment));
  const address = `/${segments.filter(Boolean).join('/')}`;
  return /(^|\/)_|\.(test|spec|d|post|put|patch|delete)$|^\/(404|500)$/.test(address) ? undefined : address;
};

export function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) =>
    file.split(path.sep).join('/'),
  );
}

const WORDS_MAX = 6;

/** Short texts in a source file: names that a route may compare its parameter with. */
function wordsIn(file: string): string[] {
  const text = readFileSync(file, 'utf8').replace(/^\s*import .*$|\brequire\(.*?\)/gm, '');
  const words = [...text.matchAll(/['"`]([a-z][a-z0-9-]{2,24})['"`]/g)].flatMap(([, word]) => word ?? []);
  return [...new Set(words)].slice(0, WORDS_MAX);
}

const STEPS = /^(?:src|app)\/routes\//;
/** The address that a route of TanStack names itself by. */
const NAMES_ITSELF = /\bcreate(?:Server|API)?FileRoute\(\s*['"`]([^'"`]*)['"`]/;
/** What a file of SolidStart or Qwik exports that answers: a page, or a function for a method. */
const ANSWERS =
  /\bexport\s+(?:default\b|(?:async\s+)?(?:function|const)\s+(?:GET|ALL|POST|on(?:Get|Post|Request))\b)/;

/** `/_authed/orders/$id` → `/orders/:id` */
const ofSteps = (named: string): string =>
  `/${named
    .split('/')
    .filter((step) => step && !/^_|^\(.*\)$/.test(step))
    .map((step) => step.replace(/_$/, '').replace(/^\$$/, '*').replace(/^\$/, ':'))
    .join('/')}`;

/** Routes of SolidStart, Qwik City and TanStack Start, whose files are called as others are: what stands in them tells. */
function routesByContent(folder: string): Listed[] {
  const files = ['src/routes', 'app/routes'].flatMap((own) =>
    filesIn(path.join(folder, own)).map((file) => `${own}/${file}`),
  );
  // SvelteKit calls its routes by names of their own; what stands beside them is none.
  if (files.some((file) => /\/\+(?:page|server|layout)/.test(file))) return [];
  return files.flatMap((source) => {
    const [, match] = /^(.*)\.[jt]sx?$/.exec(source) ?? [];
    if (!match) return [];
    const text = readFileSync(path.join(folder, source), 'utf8');
    const own = NAMES_ITSELF.exec(text)?.[1];
    if (own !== undefined) return /(?:^|\/)_[^/]*$/.test(own) ? [] : [{ path: ofSteps(own), source }];
    if (!source.startsWith('src/') || !ANSWERS.test(text) || /\/layout$|@|\)$/.test(match)) return [];
    const address = addressOf(match.replace(STEPS, ''));
    return address ? [{ path: address, source }] : [];
  });
}

/** The routes of a framework with routes by file: addresses with their brackets. */
export function routesByFile(folder: string): Listed[] {
  const byName = ROUTERS.flatMap(({ folder: own, file: pattern, api, takes }) =>
    filesIn(path.join(folder, own)).flatMap((file) => {
      const match = pattern.exec(file);
      const address = match && addressOf((match[1] ?? '').replace(/\/$/, ''), api);
      if (!address) return [];
      const values = /\[/.test(address) ? wordsIn(path.join(folder, own, file)) : [];
      return [
        {
          path: address,
          source: `${own}/${file}`,
          ...(values.length && { values }),
          ...(takes && { takes }),
        },
      ];
    }),
  );
  return [...byName, ...routesByContent(folder)];
}
