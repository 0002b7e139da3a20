/** Pages of people at addresses of their own, which name them to everybody: public profiles, and what stands below them. */
import {
  belowHandle,
  handleIn,
  isOfPeople,
  kindOf,
  leadsPublicly,
  saysProfile,
} from '../../harness/check/doors/addresses-of-people.ts';
import { privateIn } from '../../harness/check/doors/lists-people.ts';
import { percentDecoded } from '../../harness/check/issued-in.ts';
import type { History, HistoryExchange } from '../../harness/check/law.ts';
import { pathOf } from './boards.ts';
import { isNameAlone, othersIn, ownNamesIn, saidByRequest } from './others.ts';
import { bodyOf, isStrangers, withApp } from './reading.ts';

export interface Profiles {
  /** Kind of addresses of public profiles → path → whose it is. */
  profiles: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** The same for what stands below them, such as those who follow somebody: addresses with a star for the handle. */
  belowProfiles: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/**
 * Path → whose page it is, as it names nobody but one person to themselves. Who is named on several of one kind stands in the
 * frame of all pages.
 */
function ownPagesIn(shown: readonly HistoryExchange[]): ReadonlyMap<string, string> {
  const named = new Map<string, Set<string>>();
  const seenAt = new Map<string, Set<string>>();
  for (const exchange of shown)
    for (const owner of othersIn(exchange).length === 0 ? ownNamesIn(exchange) : []) {
      const path = pathOf(exchange);
      named.set(path, (named.get(path) ?? new Set()).add(owner));
      const key = `${kindOf(path)} ${owner}`;
      seenAt.set(key, (seenAt.get(key) ?? new Set()).add(path));
    }
  return new Map(
    [...named].flatMap(([path, [owner = '', ...more]]): [string, string][] =>
      more.length === 0 && seenAt.get(`${kindOf(path)} ${owner}`)?.size === 1 ? [[path, owner]] : [],
    ),
  );
}

/**
 * Kinds of addresses of people at which everybody is shown one name and nothing else, at each that of another person: public
 * profiles, and what stands below them. What strangers are refused at any of them, or at the list of them, is none.
 */
export function profilesIn(history: History, refused: ReadonlySet<string>): Profiles {
  const owners = new Map<string, Map<string, string>>();
  const roots = new Map<string, Set<string>>();
  const others = new Set<string>();
  const patternsOf = (path: string) => belowHandle(path).map(({ pattern }) => pattern);
  for (const exchange of withApp(history)) {
    const { entitled, method } = exchange;
    const status = exchange.status ?? 0;
    const isShut = !entitled?.length && method === 'GET' && status >= 300 && status !== 404;
    const path = percentDecoded(pathOf(exchange));
    if (isShut) for (const kind of [kindOf(path), `${path}/`, ...patternsOf(path)]) others.add(kind);
  }
  const shown = withApp(history).filter(({ method, status }) => method === 'GET' && status === 200);
  const ownPages = ownPagesIn(shown);
  const told = new Set<string>();
  for (const exchange of shown) {
    const path = percentDecoded(pathOf(exchange));
    const others = othersIn(exchange).filter((sighting) => !saidByRequest(exchange, sighting));
    const named = new Set(others.map(({ owner }) => owner ?? ''));
    const own = ownPages.get(path);
    if (named.size === 0 && own) named.add(own);
    const [owner] = named;
    if (!owner || !isNameAlone(exchange)) continue;
    note(exchange, path, owner, named.size === 1);
  }
  function note(exchange: HistoryExchange, path: string, owner: string, isOne: boolean): void {
    const below = belowHandle(path);
    for (const kind of [kindOf(path), ...below.map(({ pattern }) => pattern)]) {
      const known = owners.get(kind) ?? new Map<string, string>();
      owners.set(kind, known);
      const isProfile = isOne && (known.get(path) ?? owner) === owner;
      if (!isProfile || privateIn(bodyOf(exchange)).length > 0) others.add(kind);
      known.set(path, owner);
    }
    for (const { pattern, root } of below)
      roots.set(pattern, (roots.get(pattern) ?? new Set<string>()).add(root));
    if (saysProfile(bodyOf(exchange))) told.add(path);
  }
  /** Whether a page for strangers leads to one of them, or words say that it is public, or the page says what it is. */
  const isPublished = (kind: string, known: ReadonlyMap<string, string>): boolean => {
    if (known.size < 2) return false;
    const paths = new Set([...known.keys(), ...(roots.get(kind) ?? [])]);
    return (
      [...paths].some((path) => told.has(path)) ||
      shown.some((exchange) => {
        const isOpen = isStrangers(history, exchange) && !refused.has(pathOf(exchange));
        return leadsPublicly(bodyOf(exchange), paths, isOpen);
      })
    );
  };
  const isOfMembers = (kind: string, known: ReadonlyMap<string, string>): boolean =>
    !others.has(kind) &&
    new Set(known.values()).size === known.size &&
    ([kind, ...[...(roots.get(kind) ?? [])].map(kindOf)].some((each) =>
      isOfPeople(each, history.declared.profiles),
    ) ||
      isPublished(kind, known));
  const found = [...owners].filter(([kind, known]) => isOfMembers(kind, known));
  return {
    profiles: new Map(found.filter(([kind]) => !kind.includes('*'))),
    belowProfiles: new Map(found.filter(([kind, known]) => kind.includes('*') && known.size > 1)),
  };
}

/** Whether an address is that of a public profile, or stands below one. */
export const isOfProfile = (path: string, { profiles, belowProfiles }: Profiles): boolean =>
  profiles.has(kindOf(path)) || belowHandle(path).some(({ pattern }) => belowProfiles.has(pattern));

/**
 * Whether an address ends like that of a public profile (`/r/otter-17`, a link that members give to friends), and the page names
 * its owner, as the profile does.
 */
export const isByHandle = (
  path: string,
  owners: readonly string[],
  { profiles }: Pick<Profiles, 'profiles'>,
): boolean => {
  const handle = handleIn(path);
  return (
    handle !== undefined &&
    owners.length > 0 &&
    [...profiles.values()].some((known) =>
      [...known].some(
        ([profile, owner]) => handleIn(profile) === handle && owners.every((each) => each === owner),
      ),
    )
  );
};
