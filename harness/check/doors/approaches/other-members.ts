/** Approaches of another member, who may see what is for all members and nothing of the first one. */
import {
  ALWAYS_TRUE,
  type Approach,
  HIGHEST,
  identityHeaders,
  idsOfMember,
  NO_CLAIM,
  ownParameters,
  split,
  withQuery,
} from '../approach.ts';
import { naming } from '../call-addresses.ts';

const WSTG =
  'https://owasp.org/www-project-web-security-testing-guide/v42/4-Web_Application_Security_Testing/05-Authorization_Testing/02-Testing_for_Bypassing_Authorization_Schema';

/** Parameters that say where a list begins, what is looked for and what is told of it; those that the sources read stand beside the usual ones. */
const BEGINNING = /^(?:after|since|from|cursor|offset|start|(?:since|last|min)_?id|last_?seen)$/i;
const CONDITIONS = /^(?:filters?|where|conditions?|criteria|selector)$/i;
const FIELDS = /^(?:fields|select|include|expand|embed|populate|with)$/i;
const USUAL = ['after', 'since', 'cursor', 'offset', 'last_id', 'fields', 'expand'];

const saying = (parameters: readonly string[], names: RegExp, value: string): Record<string, string> =>
  Object.fromEntries(
    [...USUAL, ...parameters].filter((name) => names.test(name)).map((name) => [name, value]),
  );

/** What is given where MongoDB compares (operators of its query language), as `qs` reads it. */
const OPERATOR = '[$ne]';
/** The last part of an address that is the id of something. */
const ID_AT_END = /\/(?=[^/?]*\d)[\w-]+(?=$|\?)/;

/** An address whose id, the values of its query, and the parameters that sources read, say such a thing. */
function commandsAt(path: string, parameters: readonly string[]): { path: string }[] {
  const [bare, query] = split(path);
  const id = ID_AT_END.exec(bare)?.[0].slice(1);
  const own = [...new URLSearchParams(query).keys()];
  const names = [...new Set(['id', 'q', 'search', ...own, ...parameters])].filter(
    (name) => !NO_CLAIM.test(name),
  );
  const asParameters = (value: string, suffix = '') =>
    `${bare}?${new URLSearchParams(names.map((name) => [`${name}${suffix}`, value]))}`;
  return [
    ...ALWAYS_TRUE.map((value) => asParameters(value)),
    asParameters('', OPERATOR),
    ...(id
      ? [...ALWAYS_TRUE, `x' OR id='${id}`].map(
          (value) => bare.replace(ID_AT_END, `/${encodeURIComponent(value)}`) + query,
        )
      : []),
  ].map((each) => ({ path: each }));
}

export const otherMembers: Record<string, Approach> = {
  'other-member-in-headers': {
    ...HIGHEST,
    by: 'other member',
    title: 'another member who names the first in headers, or reads their data so',
    clauses: ['asvs 8.2.2', 'asvs 8.3.1'],
    imitates:
      'A member writes the id of another into a header or a cookie that the app believes more than the session.',
    source: WSTG,
    asks: ({ path }, grounds) =>
      idsOfMember(grounds).map((id) => ({
        path,
        headers: { ...identityHeaders(id), cookie: `userId=${id}; user=${id}; uid=${id}` },
      })),
  },
  'other-member-in-query': {
    ...HIGHEST,
    by: 'other member',
    title: 'another member who names the first in the query',
    clauses: ['asvs 8.2.2'],
    imitates: 'A member changes an id in the address, and reads what belongs to another (IDOR).',
    source:
      'https://cheatsheetseries.owasp.org/cheatsheets/Insecure_Direct_Object_Reference_Prevention_Cheat_Sheet.html',
    fix: 'Find records by the id of the session, never by what the request says.',
    asks: ({ path }, grounds) => [
      ...idsOfMember(grounds).flatMap((id) =>
        naming(path, id, grounds.calls).map((named) => ({ path: named })),
      ),
      ...[...idsOfMember(grounds), grounds.member.email, `+${grounds.member.phone}`].map((value) => ({
        path: withQuery(path, {
          ...ownParameters(grounds, value),
          id: value,
          user: value,
          userId: value,
          email: value,
          sub: value,
          phone: value,
        }),
      })),
    ],
  },
  'other-member-asks-for-more': {
    ...HIGHEST,
    by: 'other member',
    title: 'another member who asks for more than their own',
    clauses: ['asvs 8.2.2'],
    imitates:
      'A member asks for a list from its beginning, without a condition or with more fields, or for a thing of another below one of their own, and gets what belongs to others.',
    source: 'https://owasp.org/API-Security/editions/2023/en/0xa1-broken-object-level-authorization/',
    fix: 'Begin each query with the member of the session, whatever else the request asks for, and look up what stands below a thing together with it.',
    asks: ({ path, crossed }, { parameters = [] }) => [
      { path: withQuery(path, saying(parameters, BEGINNING, '0')) },
      ...(parameters.some((name) => CONDITIONS.test(name))
        ? [{ path: withQuery(path, saying(parameters, CONDITIONS, '{}')), unlessShared: true as const }]
        : []),
      { path: withQuery(path, saying(parameters, FIELDS, 'id,name,email,phone,user,owner')) },
      ...(crossed ? [{ path: crossed }] : []),
    ],
  },
  'other-member-commands': {
    ...HIGHEST,
    by: 'other member',
    title: 'another member whose values a database would take for a part of its query',
    clauses: ['asvs 1.2.4', 'asvs 8.2.2'],
    imitates:
      'A member writes a condition that always holds into an id, a search or a filter, and the query that was put together of it finds everybody’s rows.',
    source: 'https://cheatsheetseries.owasp.org/cheatsheets/SQL_Injection_Prevention_Cheat_Sheet.html',
    fix: 'Bind values (placeholders, an ORM, a tagged template), and take texts where texts are meant: no objects of a query string in a filter of MongoDB.',
    asks: ({ path }, { parameters = [] }) => commandsAt(path, parameters),
  },
  'other-member': {
    ...HIGHEST,
    by: 'other member',
    plain: true,
    title: 'another member who wants to read what belongs to the first',
    clauses: ['asvs 8.2.2'],
    imitates: 'Two members ask for the same pages, the first of whom was there before.',
    source:
      'https://cheatsheetseries.owasp.org/cheatsheets/Insecure_Direct_Object_Reference_Prevention_Cheat_Sheet.html',
    fix: 'Keep nothing about people in variables of a module, and key every cache by the person.',
    asks: ({ path }) => [{ path }],
  },
};
