/** Approaches of another member, who may see what is for all members and nothing of the first one. */
import { type Approach, HIGHEST, identityHeaders, ownParameters, withQuery } from '../approach.ts';

const WSTG =
  'https://owasp.org/www-project-web-security-testing-guide/v42/4-Web_Application_Security_Testing/05-Authorization_Testing/02-Testing_for_Bypassing_Authorization_Schema';

export const otherMembers: Record<string, Approach> = {
  'other-member-in-headers': {
    ...HIGHEST,
    by: 'other member',
    title: 'another member who names the first in headers, or reads their data so',
    clauses: ['asvs 8.2.2', 'asvs 8.3.1'],
    imitates:
      'A member writes the id of another into a header or a cookie that the app believes more than the session.',
    source: WSTG,
    asks: ({ path }, { member }) => [
      {
        path,
        headers: {
          ...identityHeaders(member.id),
          cookie: `userId=${member.id}; user=${member.id}; uid=${member.id}`,
        },
      },
    ],
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
    asks: ({ path }, grounds) =>
      [grounds.member.id, grounds.member.email, `+${grounds.member.phone}`].map((value) => ({
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
