/** Procedures as requests: where a query is asked for, what a mutation is posted, and which ids its input is filled with. */
import type { LabDescription } from '../../lab/lab-description.ts';
import type { Procedure, ProcedureCalls, ProcedureInput } from '../../lab/procedure.ts';
import { LEFT_ALONE } from '../../visitor/forms.ts';
import { type Candidate, filledWith, isDynamic, mayBeDoor } from './crawl.ts';
import type { Ask } from './door.ts';
import { inputAt, isPostedPlace, postedAsk, postedPlace, procedureAt } from './posted.ts';

const CALLS_MAX = 16;
const IS_ID = /^(?:id|_id|uuid|slug|number|no|key|sku)$/i;
export const NAMED_ID = /^(.*?)_?ids?$/i;
export const OF_PEOPLE =
  /^(?:user|member|owner|author|account|profile|person|people|customer|creator|created_?by)$/i;

/** What a query about whoever asks is called. */
const ONESELF = /^(?:me|viewer|self|whoami|current_?user)$/;

type Value = string | number;

/** Ids that a member was shown: by what they are the ids of, and by the name that they stood below. */
export interface KnownIds {
  ofKind: Map<string, Value[]>;
  byName: Map<string, Value[]>;
  /** Ids of the member, the app's own ones first. */
  own: readonly string[];
}

/** `projects`, `Project` and `project` are one kind. */
const kind = (name: string): string => name.toLowerCase().replace(/ies$/, 'y').replace(/s$/, '');

const VERB =
  /^(?:get|find|list|fetch|read|all|my|create|add|new|insert|make|update|edit|rename|set|save|change|patch|publish|unpublish|archive|restore|cancel|complete|delete|remove|destroy|revoke|trash)(?=[A-Z_])_?/;

/**
 * What a procedure is about: the last of the routers that it stands in (`admin.project.get` → `project`), or what its name says
 * beside what it does (`renameProject`, `projectById`).
 */
const kindOfProcedure = (name: string): string =>
  kind(
    name.split(/[./]/).at(-2) ??
      name.replace(VERB, '').replace(/(?:By[A-Z]\w*|_by_\w+|List|s?Connection)$/, ''),
  );

const isValue = (value: unknown): value is Value =>
  (typeof value === 'number' && Number.isSafeInteger(value)) ||
  (typeof value === 'string' && /^[\w-]{1,64}$/.test(value));

function addTo(map: Map<string, Value[]>, name: string, value: Value): void {
  const list = map.get(name) ?? [];
  if (!list.includes(value)) map.set(name, [...list, value]);
}

/**
 * Ids in data, with the names that they stand below.
 *
 * @param body JSON; anything else has none
 */
export function namedIdsIn(body: string): { name: string; value: Value; within: string }[] {
  const found: { name: string; value: Value; within: string }[] = [];
  const collect = (value: unknown, name: string, within: string): void => {
    if (Array.isArray(value)) for (const each of value) collect(each, name, within);
    else if (typeof value === 'object' && value !== null)
      for (const [inner, each] of Object.entries(value)) collect(each, inner, name || within);
    else if (isValue(value) && (IS_ID.test(name) || NAMED_ID.test(name) || OF_PEOPLE.test(name)))
      found.push({ name, value, within });
  };
  try {
    collect(JSON.parse(body), '', '');
  } catch {
    return [];
  }
  return found;
}

/** What an address is about: the router of a procedure, or the last folder of a path. */
function kindAt(path: string, endpoint: string): string {
  const called = procedureAt(path);
  if (called) return kindOfProcedure(called);
  const [bare = ''] = path.split('?');
  if (bare.startsWith(`${endpoint}/`)) return kindOfProcedure(bare.slice(endpoint.length + 1));
  return kind(bare.split('/').filter(Boolean).at(-1) ?? '');
}

const SEGMENT_ID = /\/([a-z][a-z-]+)\/([\w-]*\d[\w-]*)(?=[/?#]|$)/gi;

/**
 * Ids that stand in what a member was shown, and in the addresses of it.
 *
 * @param seen bodies by path
 * @param own ids of the member
 */
export function knownIds(
  seen: Iterable<readonly [path: string, body: string]>,
  own: readonly string[],
  endpoint = '',
): KnownIds {
  const known: KnownIds = { ofKind: new Map(), byName: new Map(), own };
  const mine = new Set(own);
  for (const [path, body] of seen) {
    const isPosted = isPostedPlace(path);
    for (const [, folder = '', value = ''] of isPosted ? [] : path.matchAll(SEGMENT_ID))
      addTo(known.ofKind, kind(folder), value);
    for (const { name, value, within } of namedIdsIn(body)) {
      addTo(known.byName, name, value);
      const stem = NAMED_ID.exec(name)?.[1];
      // One answer of GraphQL holds things of several kinds, each below its name.
      const about = isPosted && within ? kind(within) : kindAt(path, endpoint);
      if (IS_ID.test(name)) addTo(known.ofKind, about, value);
      // A query about whoever asks says who that is to the app.
      if (isPosted && IS_ID.test(name) && ONESELF.test(about)) mine.add(String(value));
      if (!IS_ID.test(name) && stem) addTo(known.ofKind, kind(stem), value);
    }
  }
  return { ...known, own: [...mine] };
}

/** Whether a member of an input names a thing or a person. */
export const namesThing = ({ name, type }: ProcedureInput): boolean =>
  (type === 'text' || type === 'number' || type === 'list' || type === 'any') &&
  (IS_ID.test(name) || NAMED_ID.test(name) || OF_PEOPLE.test(name));

/** A value as a member of an input takes it. */
export const typed = (value: Value, { type }: ProcedureInput): unknown => {
  if (type === 'number') return Number.isSafeInteger(Number(value)) ? Number(value) : undefined;
  if (type === 'any') return value;
  return type === 'list' ? [String(value)] : String(value);
};

/** What a member of an input that names something may be, the likeliest first. */
export function valuesFor(
  input: ProcedureInput,
  procedure: Pick<Procedure, 'name'>,
  known: KnownIds,
): unknown[] {
  const stem =
    IS_ID.test(input.name) || !input.name ? '' : kind(NAMED_ID.exec(input.name)?.[1] ?? input.name);
  const about = stem || kindOfProcedure(procedure.name);
  const found = [
    ...(known.ofKind.get(about) ?? []),
    ...(stem ? (known.byName.get(input.name) ?? []) : []),
    ...(OF_PEOPLE.test(about) ? known.own : []),
  ];
  return [...new Set(found)].map((value) => typed(value, input)).filter((value) => value !== undefined);
}

/** The first and the last: the newest stands at one of the two. */
export const ends = <Item>(all: readonly Item[]): Item[] => [
  ...new Set([...all.slice(0, 1), ...all.slice(-1)]),
];

/** What stands in a member that names nothing. */
function filler({ type, values = [] }: ProcedureInput, word: string): unknown {
  if (type === 'choice') return values[0];
  if (type === 'number') return 1;
  if (type === 'flag') return false;
  if (type === 'email') return `${word.toLowerCase()}@people.example`;
  if (type === 'list') return [];
  return type === 'text' || type === 'any' ? word : undefined;
}

/**
 * The input of a procedure, with everything that it has to be given.
 *
 * @param named what stands in members by name
 * @param word what stands in texts
 * @returns undefined where something has to be given that nobody can tell
 */
export function inputOf(
  { inputs = [] }: Pick<Procedure, 'inputs'>,
  named: Record<string, unknown>,
  word: string,
): unknown {
  const told: Record<string, unknown> = {};
  for (const input of inputs) {
    const value =
      input.name in named ? named[input.name] : input.isOptional ? undefined : filler(input, word);
    if (value === undefined && !input.isOptional) return undefined;
    if (value !== undefined) told[input.name] = value;
  }
  return '' in told ? told[''] : told;
}

const wrapped = (input: unknown, { isWrapped }: Pick<ProcedureCalls, 'isWrapped'>): unknown =>
  isWrapped ? { json: input } : input;

/** Where a query is asked for (trpc.io, HTTP RPC Specification); see posted.ts for those that are posted. */
export const queryPath = (calls: ProcedureCalls, procedure: string | Procedure, input?: unknown): string => {
  const name = typeof procedure === 'string' ? procedure : procedure.name;
  const posted = typeof procedure === 'string' ? undefined : procedure.posted;
  return posted
    ? postedPlace({ name, kind: 'query', source: '', posted }, input)
    : getPath(calls, name, input);
};

const getPath = (calls: ProcedureCalls, name: string, input?: unknown): string =>
  `${calls.endpoint}/${name}${
    input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(wrapped(input, calls)))}`
  }`;

/** How a mutation is called. */
export const mutationAsk = (
  calls: ProcedureCalls,
  { name, posted }: Pick<Procedure, 'name' | 'posted'>,
  input?: unknown,
): Ask =>
  posted
    ? postedAsk({ name, posted }, input)
    : {
        path: `${calls.endpoint}/${name}`,
        method: 'POST',
        json: input === undefined ? {} : wrapped(input, calls),
      };

/** Whether a procedure need not be told anything. */
export const isPlain = ({ inputs = [], isUnread }: Procedure) =>
  !isUnread && inputs.every(({ isOptional }) => isOptional);

/** Some of each router in turn, so that none of them takes all the room. */
function fromEach<Item extends { name: string }>(all: readonly Item[], most: number): Item[] {
  const byRouter = new Map<string, Item[]>();
  for (const each of all) {
    const router = each.name.split('.').slice(0, -1).join('.');
    byRouter.set(router, [...(byRouter.get(router) ?? []), each]);
  }
  const lists = [...byRouter.values()];
  const found: Item[] = [];
  for (let at = 0; found.length < most && lists.some((list) => at < list.length); at += 1)
    found.push(...lists.flatMap((list) => list[at] ?? []));
  return found.slice(0, most);
}

/** Queries whose name says that they reach somebody, or cost something, are left alone. */
const REACHES_OUT = /(?:^|\.)(?:send|notify|e?mail|sms|charge|pay|checkout)[^.]*$/i;

const queriesOf = ({ procedures }: ProcedureCalls): Procedure[] =>
  procedures.filter(
    ({ kind: is, name }) => is === 'query' && !LEFT_ALONE.test(name) && !REACHES_OUT.test(name),
  );

/** Where the queries are asked for that take nothing, or nothing that has to be given. */
export function plainQueries(lab: Pick<LabDescription, 'routes' | 'app' | 'config'>): Candidate[] {
  const calls = lab.routes?.calls;
  if (!calls) return [];
  return fromEach(queriesOf(calls).filter(isPlain), CALLS_MAX)
    .map((procedure) => ({ path: queryPath(calls, procedure), source: procedure.source }))
    .filter(({ path }) => mayBeDoor(path, lab));
}

/** Where the queries are asked for that take ids, filled with those that the member was shown. */
export function queriesWithIds(
  lab: Pick<LabDescription, 'routes' | 'app' | 'config'>,
  known: KnownIds,
): Candidate[] {
  const calls = lab.routes?.calls;
  if (!calls) return [];
  const filled = queriesOf(calls).flatMap((procedure) => {
    const { inputs = [], name, source } = procedure;
    const first = inputs.find((input) => namesThing(input) && !input.isOptional);
    if (!first) return [];
    const rest = inputs.filter((input) => input !== first && namesThing(input) && !input.isOptional);
    const named = Object.fromEntries(
      rest.map((input) => [input.name, valuesFor(input, procedure, known)[0]] as const),
    );
    return ends(valuesFor(first, procedure, known)).flatMap((value) => {
      const input = inputOf(procedure, { ...named, [first.name]: value }, 'conformance');
      return input === undefined ? [] : [{ name, path: queryPath(calls, procedure, input), source }];
    });
  });
  return fromEach(filled, CALLS_MAX)
    .map(({ path, source }) => ({ path, source }))
    .filter(({ path }) => mayBeDoor(path, lab));
}

/** Pages and data of things, at addresses that end with one id or have it in them: `/projects/[id]`, `/notes/:id/edit`. */
export function pathsWithIds(
  lab: Pick<LabDescription, 'routes' | 'app' | 'config'>,
  known: KnownIds,
): Candidate[] {
  const one = (lab.routes?.paths ?? []).filter(
    ({ path }) => path.split('/').filter((part) => isDynamic(`/${part}`)).length === 1,
  );
  return one
    .flatMap(({ path, source }) => {
      const parts = path.split('/');
      const folder = parts[parts.findIndex((part) => isDynamic(`/${part}`)) - 1] ?? '';
      return ends(known.ofKind.get(kind(folder)) ?? []).map((value) => ({
        path: filledWith(path, String(value)),
        source,
      }));
    })
    .filter(({ path }) => mayBeDoor(path, lab))
    .slice(0, CALLS_MAX);
}

/** What the address of a query, a page or data names: `project:c4f1`. */
export function namedIn(path: string, endpoint: string): string[] {
  const isPosted = isPostedPlace(path);
  const [bare = '', query = ''] = isPosted ? [] : path.split('?');
  const segments = [...bare.matchAll(SEGMENT_ID)].map(([, folder = '', value]) => `${kind(folder)}:${value}`);
  const input = namedIdsIn(
    isPosted ? JSON.stringify(inputAt(path) ?? null) : (new URLSearchParams(query).get('input') ?? ''),
  );
  return [
    ...segments,
    ...input.map(({ name, value }) => {
      const stem = IS_ID.test(name) ? '' : (NAMED_ID.exec(name)?.[1] ?? name);
      return `${stem ? kind(stem) : kindAt(path, endpoint)}:${value}`;
    }),
  ];
}
