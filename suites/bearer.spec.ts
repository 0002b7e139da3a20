/** The app's API as a resource server: whom it takes for whom, by the token in the Authorization header (RFC 9700 §4.10.2). */
import { type CheckFixtures, check, type LabFixtures } from '../harness/check/check.ts';
import { keepsOut } from '../harness/check/doors/gives-nothing.ts';
import { isNeverRead, memberPaths, notRead, shownTo } from '../harness/check/doors/paths-of-members.ts';
import { surveyOf } from '../harness/check/doors/survey.ts';
import { newMember } from '../harness/check/doors/walk-around.ts';
import { told } from '../harness/check/outcomes.ts';
import { ConformanceError, demand } from '../harness/errors.ts';
import { digitsOf, type Issued } from '../mocks/issued.ts';

const SHUT_MAX = 6;

type Body = Pick<CheckFixtures & LabFixtures, 'visitor' | 'somebody' | 'lab' | 'control' | 'step'>;

/** Nobody opens the API by a token that Logto gave out for something else. */
async function takesNot(
  { visitor, somebody, lab, control, step }: Body,
  kind: Issued['kind'],
): Promise<void> {
  // An API for tokens alone refuses the cookies of members, and is found among what is shut to them.
  const { shut } = await surveyOf({ lab, visitor, somebody });
  const forTokens = shut.filter((path) => !lab.config.pages.api.includes(path)).slice(0, SHUT_MAX);
  const declared = lab.config.pages.bearer.flatMap(({ path, method }) =>
    method === 'GET' && !path.includes('{') && !forTokens.includes(path) ? [path] : [],
  );
  const { next } = await control.call<{ next: number }>('GET', '/issued?since=0');
  const member = await step('control', () => newMember({ visitor, somebody, lab }));
  const paths: string[] = [];
  for (const path of [...forTokens, ...declared])
    if ((await member.get(path)).status === 401) paths.push(path);
  // What is shut to members for another reason (an administration) says nothing of what they read.
  const named =
    paths.length > 0 && lab.config.pages.api.length === 0
      ? []
      : await memberPaths({ lab, visitor, somebody }, 'api');
  await step('control', async () => {
    let refused: string | undefined;
    for (const { path } of named) {
      const shown = await shownTo(member, { path });
      // What is for administrators says nothing of the others.
      if (!shown || shown.status < 300) paths.push(path);
      else if (!isNeverRead(shown)) refused ??= `Refused ${path} to a person with a session: ${told(shown)}.`;
    }
    demand(paths.length > 0 || !refused, refused ?? '');
  });
  if (paths.length === 0) notRead(named.map(({ path }) => path));
  const { issued } = await control.call<{ issued: Issued[] }>('GET', `/issued?since=${next}`);
  const token = issued.findLast(
    (each) => each.kind === kind && each.owner === digitsOf(member.person.phone),
  )?.value;
  if (!token)
    throw new ConformanceError({
      code: 'CONF_DEFECT',
      what: `the mock knows no ${kind} of the sign-in it just answered`,
      expected: 'every token that was issued (mocks/issued.ts)',
      remedy: 'report this.',
    });
  const stranger = await visitor();
  // What is open without any token says nothing about tokens, and session/protected-api tells it.
  const closed = await step('control', async () => {
    const refused: string[] = [];
    for (const path of paths) if (keepsOut(await stranger.get(path))) refused.push(path);
    demand(refused.length > 0, `Answers ${paths.join(', ')} to strangers without any token, too.`);
    return refused;
  });
  await step(
    'fault',
    async () => {
      for (const path of closed) {
        const answer = await stranger.agent.hop(new URL(path, lab.app.origin), {
          headers: { authorization: `Bearer ${token}` },
        });
        demand(
          keepsOut(answer),
          `Answered ${path} to a stranger with the ${kind} of a member: ${told(answer)}.`,
        );
      }
    },
    () => `Refused the ${kind} of a member as a bearer token.`,
  );
}

check({
  id: 'doors/id-token-as-bearer',
  title: 'takes no ID token for an access token at its API',
  clauses: ['asvs 10.3.1', 'rfc9700 §4.10'],
  level: 'must',
  severity: 'critical',
  uses: ['server-requests'],
  appMust: 'Answer 401 to an ID token as a bearer token: it was made for the client, not for the API.',
  otherwise: 'Whoever finds an ID token, in a log or at another party, reads the data of its owner.',
  fix: 'Accept access tokens alone, and look at their audience.',
})(({ visitor, somebody, lab, control, step }) =>
  takesNot({ visitor, somebody, lab, control, step }, 'ID token'),
);

check({
  id: 'doors/access-token-of-another-resource',
  title: 'takes no access token at its API that was made for Logto’s userinfo',
  clauses: ['asvs 10.3.1', 'rfc9700 §4.10'],
  level: 'should',
  severity: 'serious',
  uses: ['server-requests'],
  appMust: 'Answer 401 to an access token that was not made for the API.',
  otherwise: 'Any app that a person signs in to can read their data here.',
  fix: 'Ask Logto for tokens of an API resource, and compare their audience.',
})(({ visitor, somebody, lab, control, step }) =>
  takesNot({ visitor, somebody, lab, control, step }, 'access token'),
);
