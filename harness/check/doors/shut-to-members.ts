/** Paths that refuse plain members (an administration), asked for by one whose request claims to be more. */
import { demand } from '../../errors.ts';
import type { CheckFixtures, LabFixtures } from '../check.ts';
import { noneKnown } from '../paths-known.ts';
import { withQuery } from './approach.ts';
import { addresses } from './approaches/addresses.ts';
import { cookies } from './approaches/cookies.ts';
import { headers } from './approaches/headers.ts';
import type { Ask, Grounds } from './door.ts';
import { keepsOut } from './gives-nothing.ts';
import { send } from './send.ts';
import { askedHow, findDoors } from './try-approach.ts';
import { newMember } from './walk-around.ts';

type Body = Pick<CheckFixtures, 'visitor' | 'somebody' | 'step' | 'notApplicable'> & Pick<LabFixtures, 'lab'>;

const SHUT_MAX = 8;
/** What says in an address that somebody is more than a member, and names nothing that could be looked for. */
const ROLES = { role: 'admin', admin: 'true', is_admin: '1', isAdmin: 'true', as: 'admin', debug: '1' };

/** What says of a parameter that it is about what somebody may do; others say which of several things is wanted. */
const OF_POWER = /admin|staff|role|super|root|owner|moderator|operator|debug|internal|secret|pass|token|key/i;

/**
 * What is asked for at a path. Where nothing is found, an address that names somebody, or a word that the sources look for in it,
 * may be what it is asked for with: `/find?email=…`.
 */
const claimsAt = (path: string, status: number, grounds: Grounds): Ask[] => {
  const asksOf = (claims: typeof CLAIMS) =>
    claims.flatMap((claim) => claim?.asks({ path, isPage: false }, grounds) ?? []);
  if (status !== 404) return asksOf([...CLAIMS, WORDS]);
  const plain = asksOf(CLAIMS).filter((ask) => ask.path === path);
  // A page that is not there for members (`notFound()` of Next.js) may be opened by a word that its sources compare a parameter with.
  const words = asksOf([WORDS]).filter(
    (ask) => ask.path === path || OF_POWER.test(ask.path.slice(path.length)),
  );
  return [...plain, ...words, { path: withQuery(path, ROLES) }];
};

/** What claims to be more than a member; odd spellings and methods are answered with pages that say nothing of it. */
const CLAIMS = [
  addresses['query-that-claims'],
  headers['headers-that-claim'],
  headers['headers-of-the-house'],
  headers['authorization-made-up'],
  headers['forwarded-for-inside'],
];

/** What the sources recognise. */
const WORDS = cookies['words-of-its-sources'];

/** A member is refused by a path that refuses all members, whatever else their request says. */
export async function staysShut(body: Body): Promise<void> {
  const { step, notApplicable, lab } = body;
  const survey = await findDoors(body);
  const member = await newMember(body);
  const { origin } = lab.app;
  const isShut = async (ask: Ask) => {
    const answer = await send(member, origin, ask);
    return !answer || keepsOut(answer);
  };
  const shut: [path: string, status: number][] = [];
  for (const path of survey.shut.slice(0, SHUT_MAX)) {
    const answer = await send(member, origin, { path });
    if (answer && keepsOut(answer)) shut.push([path, answer.status]);
  }
  if (shut.length === 0) noneKnown(lab, notApplicable, 'no path was found that refuses plain members');
  await step(
    'approach',
    async () => {
      let count = 0;
      for (const [path, status] of shut)
        for (const ask of claimsAt(path, status, survey.grounds)) {
          count += 1;
          const session = (await member.agent.cookies(origin)).map(({ key, value }) => `${key}=${value}`);
          const cookie = [...session, ask.headers?.cookie].filter(Boolean).join('; ');
          const beside = ask.headers?.cookie ? { ...ask, headers: { ...ask.headers, cookie } } : ask;
          if (await isShut(beside)) continue;
          // Open by chance, or to everybody by now, is open to the plain request as well.
          const isOpened = (await isShut({ path })) && !(await isShut(beside)) && (await isShut({ path }));
          demand(!isOpened, `Let a member in whom it refuses, at ${path}: ${askedHow(ask)}.`);
        }
      return count;
    },
    (count) => `Refused a member, whatever the ${count} requests claimed.`,
  );
}
