/** Data of members as a script: a page of another site includes one with a script element, and reads what it calls (JSONP, XSSI). */
import { demand } from '../../errors.ts';
import type { Answer } from '../../user-agents/http.ts';
import type { CheckFixtures, LabFixtures } from '../check.ts';
import { withQuery } from './approach.ts';
import type { Ask } from './door.ts';
import { shownIn } from './judge.ts';
import { personalOf } from './marks.ts';
import { send } from './send.ts';
import { findDoors } from './try-approach.ts';
import { newMember } from './walk-around.ts';

type Body = Pick<CheckFixtures, 'visitor' | 'somebody' | 'step' | 'notApplicable'> & Pick<LabFixtures, 'lab'>;

const DOORS_MAX = 12;
/** The function that the other site would have called. */
const NAME = 'conformanceReads';
const CALLED = { callback: NAME, jsonp: NAME, cb: NAME, jsoncallback: NAME };

/** What a browser says when a script element of another site asks (Fetch Metadata). */
const AS_SCRIPT = {
  referer: 'https://evil.example/',
  accept: '*/*',
  'sec-fetch-site': 'cross-site',
  'sec-fetch-mode': 'no-cors',
  'sec-fetch-dest': 'script',
};

/** Whether browsers run an answer as a script, and it calls the function that the request named with something in it. */
export const callsBack = ({ status, headers, text }: Pick<Answer, 'status' | 'headers' | 'text'>): boolean =>
  status >= 200 &&
  status < 300 &&
  /(?:java|ecma)script/i.test(String(headers['content-type'] ?? '')) &&
  new RegExp(`(?:^|[^\\w$.])${NAME}\\s*\\(\\s*(?:\\[\\s*[^\\s\\]]|\\{\\s*[^\\s}]|"[^"])`).test(text);

/** No data of members are answered as a call of a function that the request names, nor as another script that tells of them. */
export async function readByNoScript(body: Body): Promise<void> {
  const { step, notApplicable, lab } = body;
  const { doors } = await findDoors(body);
  const data = doors.filter(({ isPage, open }) => !isPage && !open).slice(0, DOORS_MAX);
  if (data.length === 0) notApplicable('no path answers data to members');
  const member = await newMember(body);
  const personal = personalOf(member.person);
  await step(
    'approach',
    async () => {
      for (const { path } of data) {
        const asks: Ask[] = [
          { path: withQuery(path, CALLED), headers: AS_SCRIPT },
          { path, headers: AS_SCRIPT },
        ];
        for (const [at, ask] of asks.entries()) {
          const answer = await send(member, lab.app.origin, ask);
          if (!answer) continue;
          const isScript = /(?:java|ecma)script/i.test(String(answer.headers['content-type'] ?? ''));
          const told = isScript ? shownIn(answer, { texts: [] }, { personal, said: ask.path }) : [];
          demand(
            !(at === 0 && callsBack(answer)) && told.length === 0,
            `Answered a script element of another site with what ${path} has for its member${told.length ? `: ${told.join(', ')}` : ''}, ${callsBack(answer) ? 'in a call of the function that the address names' : 'as a script'}.`,
          );
        }
      }
      return data.length;
    },
    (count) => `Called no function of another site, at ${count} paths.`,
  );
}
