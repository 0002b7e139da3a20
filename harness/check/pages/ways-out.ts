/** Addresses that name a file, asked for with a way out of the folder of these (path traversal, CWE-22). */

import { demand } from '../../errors.ts';
import type { LabDescription } from '../../lab/lab-description.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import type { CheckFixtures, LabFixtures } from '../check.ts';
import { isDynamic, linkedThings, linksIn, mayBeDoor, spokenRoutes } from '../doors/crawl.ts';
import { pagesOfMembers } from '../doors/member-forms.ts';
import { send } from '../doors/send.ts';
import { findDoors } from '../doors/try-approach.ts';
import { newMember } from '../doors/walk-around.ts';

type Body = Pick<CheckFixtures, 'visitor' | 'somebody' | 'step' | 'notApplicable'> & Pick<LabFixtures, 'lab'>;

/** A file that each machine with a shell has, as it begins (passwd(5)). */
const PASSWD = /\broot:[^:\s]{0,40}:0:0:/;
const UP = 12;
const repeated = (up: string) => up.repeat(UP);
/** As the last part of an address, which is decoded after the address was taken apart. */
const AS_PART = [
  `${repeated('..%2f')}etc%2fpasswd`,
  `${repeated('%2e%2e%2f')}etc%2fpasswd`,
  `${repeated('....%2f%2f')}etc%2fpasswd`,
  '%2fetc%2fpasswd',
];
/** As the rest of an address. */
const AS_REST = [`${repeated('../')}etc/passwd`, `${repeated('%2e%2e/')}etc/passwd`, '/etc/passwd'];
const AS_VALUE = [
  `${repeated('../')}etc/passwd`,
  '/etc/passwd',
  `${repeated('....//')}etc/passwd`,
  'file:///etc/passwd',
];

/** Parameters that name a file. */
const NAMES_FILE =
  /^(?:file|files|filename|file_?name|file_?path|path|name|doc|document|attachment|key|image|img|src|source|template|tpl|download|asset|export|report|folder|dir|page|lang|locale|view|theme|url)$/i;
const PLACES_MAX = 16;

const withoutQuery = (path: string) => path.split('?')[0] ?? path;

/**
 * The requests for one address: its last part, or the values of its query that may name a file, lead out of their folder.
 *
 * @param template the route that it belongs to, as sources and build tell
 */
export function waysOutOf(address: string, template?: string): string[] {
  const [bare = '', query = ''] = address.split('?');
  const parameters = new URLSearchParams(query);
  const byQuery = [...parameters.keys()]
    .filter((name) => NAMES_FILE.test(name) || /\.\w{2,4}$/.test(parameters.get(name) ?? ''))
    .flatMap((name) =>
      AS_VALUE.map((value) => {
        const other = new URLSearchParams(parameters);
        other.set(name, value);
        return `${bare}?${other}`;
      }),
    );
  const folder = bare.slice(0, bare.lastIndexOf('/') + 1);
  const isRest = /\[\.\.\.|\*/.test(template ?? '');
  const last =
    template === undefined ? /\.\w{2,5}$/.test(bare) : isDynamic(template.slice(template.lastIndexOf('/')));
  return [
    ...byQuery,
    ...(last || isRest ? AS_PART.map((part) => folder + part) : []),
    ...(isRest ? AS_REST.map((rest) => folder + rest) : []),
  ];
}

/** The same address, with a name that no file has. */
const withNoFile = (path: string): string =>
  path.includes('?')
    ? path.replace(/=[^&]*passwd/gi, '=conformance-no-such-file')
    : path.replace(/(?:%2e%2e|\.\.|%2f|\/etc).*$/i, 'conformance-no-such-file');

/** Addresses of the app that name a file, or may. */
async function placesOf(
  member: Visitor,
  lab: LabDescription,
  pages: readonly string[],
): Promise<[string, string?][]> {
  const links: { path: string; page: string }[] = [];
  for (const page of pages) {
    const answer = await member.get(page);
    if (answer.status < 300) links.push(...linksIn(answer.text, answer.url).map((path) => ({ path, page })));
  }
  const routes = spokenRoutes(lab);
  const linked = routes.flatMap((route) =>
    linkedThings(lab, links, [route])
      .slice(0, 1)
      .map(({ path }): [string, string?] => [path, route.path]),
  );
  const known = new Set(linked.map(([, template]) => template));
  const unlinked = routes
    .filter(({ path }) => isDynamic(path) && !known.has(path))
    .map(({ path }): [string, string?] => [path.replace(/\[\[?[^/\]]+\]?\]|:\w+\??|\*+\w*/g, 'x'), path]);
  const reading = (lab.routes?.paths ?? []).flatMap(({ path, parameters = [] }): [string, string?][] => {
    const named = parameters.filter((name) => NAMES_FILE.test(name));
    return isDynamic(path) || named.length === 0
      ? []
      : [[`${path}?${new URLSearchParams(named.map((name) => [name, 'x']))}`]];
  });
  const files = links
    .map(({ path }) => path)
    .filter((path) => /\.\w{2,5}(?:$|\?)|[?&]\w+=[^&]*\.\w{2,4}(?:&|$)/.test(path));
  const all: [string, string?][] = [
    ...reading,
    ...linked,
    ...unlinked,
    ...files.map((path): [string] => [path]),
  ];
  const seen = new Set<string>();
  return all
    .filter(([path]) => {
      const key = withoutQuery(path).replace(/[^/]*$/, '') + (path.split('?')[1] ?? '');
      const isNew = !seen.has(key);
      seen.add(key);
      return isNew && (mayBeDoor(path, lab) || files.includes(path));
    })
    .slice(0, PLACES_MAX);
}

/** No address of the app, asked for by a stranger or a member, gives a file of the machine it runs on. */
export async function staysInItsFolders(body: Body): Promise<void> {
  const { visitor, step, notApplicable, lab } = body;
  const survey = await findDoors(body);
  const member = await newMember(body);
  const stranger = await visitor();
  const places = await placesOf(member, lab, pagesOfMembers(survey));
  const asks = places.flatMap(([path, template]) => waysOutOf(path, template));
  if (asks.length === 0) notApplicable('no address is known that names a file');
  await step(
    'approach',
    async () => {
      for (const path of asks)
        for (const [who, browser] of [
          ['a member', member],
          ['a stranger', stranger],
        ] as const) {
          const answer = await send(browser, lab.app.origin, { path });
          const isGiven = answer?.status === 200 && PASSWD.test(answer.text);
          // A page about such files shows one wherever it stands.
          const usual = isGiven && (await send(browser, lab.app.origin, { path: withNoFile(path) }));
          demand(
            !isGiven || (usual && PASSWD.test(usual.text)),
            () => `Gave ${who} a file of its machine, /etc/passwd, at ${path}.`,
          );
          if (answer?.status === 404) break;
        }
      return asks.length;
    },
    (count) => `Gave out no file of the machine at ${count} addresses that lead to one.`,
  );
}
