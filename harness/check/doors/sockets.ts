/** WebSockets that pages of members open: what they tell whoever opens them from elsewhere. */
import { ConformanceFailure } from '../../errors.ts';
import { listen } from '../../user-agents/socket.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import type { CheckFixtures, LabFixtures } from '../check.ts';
import { issuedIn } from '../sightings.ts';
import { hasFigures, marksIn, personalOf, textsIn } from './marks.ts';
import type { Survey } from './survey.ts';
import { findDoors } from './try-approach.ts';
import { newMember } from './walk-around.ts';

type Body = Pick<CheckFixtures, 'visitor' | 'somebody' | 'step' | 'notApplicable'> & Pick<LabFixtures, 'lab'>;

const SOCKETS_MAX = 6;
const OPENS = /new\s+WebSocket\s*\(([^;\n]{1,240})/g;
/** A path in a piece of a script: after a quote, or after the host in a template. */
const PATH = /(?:["'`}]|\/\/[\w.:-]+)(\/[\w\-./]*(?:\?[\w\-=&.]*)?)/g;
/** Routes that are called like one. */
const CALLED_SO = /(?:^|[/_-])(?:wss?|sockets?|websockets?|cable|realtime)(?:$|[/_-])/i;

/** Addresses that scripts of a page open a WebSocket at, as paths of the app. */
export const socketsIn = (page: string): string[] => [
  ...new Set(
    [...page.matchAll(OPENS)].flatMap(([, argument = '']) =>
      [...argument.matchAll(PATH)].map(([, path = '']) => path).filter((path) => path.length > 1),
    ),
  ),
];

const scriptsIn = (page: string): string[] =>
  [...page.matchAll(/<script[^>]+src=["'](\/[^"'/][^"']*)["']/gi)].flatMap(([, path]) => path ?? []);

/** Paths that may be a WebSocket: named in pages of members and in their scripts, or called like one in the sources. */
async function candidates({ pages }: Survey, member: Visitor, lab: Body['lab']): Promise<string[]> {
  const found = new Set<string>();
  const scripts = new Set<string>();
  for (const page of pages.values()) {
    for (const path of socketsIn(page)) found.add(path);
    for (const script of scriptsIn(page)) scripts.add(script);
  }
  for (const script of [...scripts].slice(0, 20))
    for (const path of socketsIn((await member.get(script)).text)) found.add(path);
  for (const { path } of lab.routes?.paths ?? []) if (CALLED_SO.test(path)) found.add(path);
  return [...found].slice(0, SOCKETS_MAX);
}

const NONE = 'no page of a member opens a WebSocket that tells them something by itself';

/**
 * Nothing that a WebSocket tells its members is told to somebody else.
 *
 * @param from who opens it: nobody, from a page of the app; or the browser of a member, from a page of another site
 */
export const tellsNobodyElse =
  (from: 'nobody' | 'another site') =>
  async ({ visitor, somebody, step, notApplicable, lab }: Body): Promise<void> => {
    const survey = await findDoors({ visitor, somebody, step, notApplicable, lab });
    const member = await newMember({ visitor, somebody, lab });
    const { origin } = lab.app;
    for (const { path } of survey.doors) await member.get(path);
    const paths = await candidates(survey, member, lab);
    let count = 0;
    await step(
      'approach',
      async () => {
        for (const path of paths) {
          const url = new URL(path, origin);
          const own = await listen(member.agent, url, { origin, ca: lab.ca });
          const personal = personalOf(member.person);
          const told = own.text.split('\n').flatMap((line) => textsIn(line));
          const texts = told.filter((text) => hasFigures(text));
          if (!own.isOpen || (texts.length === 0 && issuedIn(own.text, personal).length === 0)) continue;
          count += 1;
          const [agent, page] =
            from === 'nobody' ? [(await visitor()).agent, origin] : [member.agent, 'https://evil.example'];
          const heard = await listen(agent, url, { origin: page, ca: lab.ca });
          const [known] = issuedIn(heard.text, personal);
          const [text] = marksIn(heard.text, texts);
          if (heard.isOpen && (known || text))
            throw new ConformanceFailure(
              `Told ${from === 'nobody' ? 'nobody in particular' : 'a page of another site, in the browser of a member,'} by the WebSocket ${path} ${known ? `the ${known.kind} of a member` : `"${text?.slice(0, 60)}"`}.`,
            );
        }
      },
      () => `Told nothing, by ${count} WebSockets that tell their members something.`,
    );
    if (count === 0) notApplicable(NONE);
  };
