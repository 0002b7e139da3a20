/** What WebSockets of members tell whoever opens them from elsewhere. */
import { ConformanceFailure } from '../../errors.ts';
import { grant } from '../../user-agents/pace.ts';
import { type Heard, listen } from '../../user-agents/socket.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { type IssuedIndex, issuedIn } from '../issued-in.ts';
import { notJudged } from '../not-judged.ts';
import { isNamedAlone, listsPeople } from './lists-people.ts';
import { marksIn, personalOf } from './marks.ts';
import { bareOf, figuresIn, type Line, linesOf, type SocketBody } from './socket-lines.ts';
import { type Opening, openingsOf } from './socket-talk.ts';
import type { Survey } from './survey.ts';
import { findDoors } from './try-approach.ts';
import { newMember } from './walk-around.ts';

/** Milliseconds that a WebSocket may take which says nothing to anybody: each who listens waits. */
const LINE_MS = 12_000;

const NONE = 'no page of a member opens a WebSocket that tells them something';

/** A text without its figures, which change where prices and counters are told. */
const shapeOf = (text: string) => text.replace(/\d+/g, '0');
/** A text of messages that has the shape of one of others. */
const alikeIn = (text: string, others: readonly string[]): string | undefined => {
  const shapes = new Set(others.map(shapeOf));
  return figuresIn(text).find((each) => shapes.has(shapeOf(each)));
};

/** What was heard of somebody that the one who asked had not said. */
const personalIn = ({ text }: Heard, personal: IssuedIndex, { path, says }: Opening) => {
  const said = `${decodeURIComponent(path)}\n${says.join('\n')}`;
  return issuedIn(text, personal).filter(({ value }) => !said.includes(value));
};

const toldAs = (known: { kind: string } | undefined, text: string | undefined) =>
  known ? `the ${known.kind} of a member` : `"${text?.slice(0, 60)}"`;

/** Two members, the first of whom has been everywhere, and what WebSockets tell that one. */
async function castOf(body: SocketBody): Promise<{
  survey: Survey;
  member: Visitor;
  other: Visitor;
  stranger: Visitor;
  lines(): Promise<Line[]>;
  hear(by: Visitor, opening: Opening, origin?: string): Promise<Heard>;
}> {
  const { lab } = body;
  const survey = await findDoors(body);
  const [member, other] = [await newMember(body), await newMember(body)];
  const visited = [...lab.config.pages.protected, ...survey.doors.map(({ path }) => path)];
  for (const path of new Set(visited)) await member.get(path);
  return {
    survey,
    member,
    other,
    stranger: await body.visitor(),
    lines: async () => (await linesOf(survey, [member, other], body)).filter(({ tells }) => tells),
    hear: ({ agent }, { path, says }, origin = lab.app.origin) =>
      listen(agent, new URL(path, lab.app.origin), { origin, ca: lab.ca, says }),
  };
}
type Cast = Awaited<ReturnType<typeof castOf>>;

/** Whether a WebSocket names two people who have just come by, and tells nothing else of them: a lobby, a stream of what happens. */
async function names(by: Visitor, opening: Opening, { hear }: Cast, body: SocketBody): Promise<boolean> {
  const people = [await newMember(body), await newMember(body)];
  for (const one of people) {
    for (const path of body.lab.config.pages.protected) await one.get(path);
    await hear(one, opening);
  }
  const { text } = await hear(by, opening);
  return listsPeople(
    text,
    people.map(({ person }) => personalOf(person)),
  );
}

/**
 * A text that the member is told, whenever they ask, and another member is not who asks for themselves: told to whoever names
 * the first, it is no price that came by.
 */
async function ownIn(
  heard: Heard,
  { opening, theirs, texts }: Line,
  ask: { by: Visitor; each: Opening },
  { member, other, hear }: Cast,
): Promise<string | undefined> {
  let left = marksIn(heard.text, texts);
  for (let time = 0; time < 2 && left.length; time += 1) {
    const mine = await hear(member, opening);
    const others = figuresIn((await hear(other, theirs)).text);
    const again = await hear(ask.by, ask.each);
    left = left.filter(
      (text) =>
        !others.includes(text) && again.text.includes(text) && (!mine.text || mine.text.includes(text)),
    );
  }
  return left[0];
}

/** Judges each WebSocket that tells its members something; not applicable where there is none. */
async function overLines(
  body: SocketBody,
  judge: (line: Line, cast: Cast) => Promise<void>,
  told: (count: number) => string,
): Promise<void> {
  const cast = await castOf(body);
  let count = 0;
  await body.step(
    'approach',
    async () => {
      for (const line of await cast.lines()) {
        count += 1;
        grant(LINE_MS);
        await judge(line, cast);
      }
    },
    () => told(count),
  );
  if (count === 0) body.notApplicable(NONE);
}

/** Nothing that a WebSocket tells one of its members is told to somebody else. */
export async function tellsNobodyElse(body: SocketBody): Promise<void> {
  const { sockets: declared } = body.lab.config.pages;
  const doubtful = new Map<string, string>();
  const judge = async (line: Line, cast: Cast) => {
    const { survey, member, other, stranger, hear } = cast;
    const personal = personalOf(member.person);
    // Whoever shows a made-up token is perhaps taken for the last one who came.
    const both: IssuedIndex = new Map([...personal, ...personalOf(other.person)]);
    const who = { id: member.person.userId ?? '', email: member.person.email ?? '' };
    const { opening, theirs, texts } = line;
    const { path } = opening;
    const isClosed = declared?.some((socket) => bareOf(socket) === bareOf(path)) ?? false;
    const isForAll = !isClosed && (line.isForAll || declared !== undefined);
    const openings = openingsOf(opening, who, survey.grounds.parameters);
    const asks = [
      ...openings.map((each) => ({ each, by: stranger })),
      ...openings.filter(({ claims }) => claims).map((each) => ({ each, by: other })),
    ];
    const answers = await Promise.all(
      asks.map(async (ask) => ({ ...ask, heard: await hear(ask.by, ask.each) })),
    );
    const plain = answers[0]?.heard.text ?? '';
    // What members read of each other is the matter of doors/other-member and of the laws.
    const amongMembers = asks.some(({ by }) => by === other)
      ? issuedIn((await hear(other, theirs)).text, personal)
      : [];
    for (const { each, by, heard } of answers) {
      if (!heard.isOpen) continue;
      const found =
        by === stranger
          ? personalIn(heard, both, each)
          : personalIn(heard, personal, each).filter((one) => !amongMembers.includes(one));
      const isList = isNamedAlone(found) && (await names(by, each, cast, body));
      // Members read of each other; strangers do where their pages do.
      const isMeant = isList && (by === other || isForAll);
      const [known] = isMeant ? [] : found;
      const shared = by === stranger ? alikeIn(heard.text, texts) : undefined;
      const isTold = (by === other || each !== openings[0]) && !alikeIn(heard.text, figuresIn(plain));
      const own = !known && isTold ? await ownIn(heard, line, { by, each }, cast) : undefined;
      const text = own ?? (isClosed ? shared : undefined);
      if (known || text)
        throw new ConformanceFailure(
          `Told ${by === stranger ? 'nobody in particular' : 'another member, who named the first one,'} by the WebSocket ${each.path.slice(0, 120)} ${toldAs(known, text)}.`,
        );
      if (by === stranger && !declared && (isMeant || shared))
        doubtful.set(bareOf(path), isMeant ? 'names of members' : toldAs(undefined, shared));
    }
  };
  await overLines(body, judge, (count) => `Told nothing that is a member's, by ${count} WebSockets.`);
  if (doubtful.size)
    notJudged(
      `strangers are told what members are told by the WebSocket ${[...doubtful].map(([path, what]) => `${path} (${what})`).join(', ')}`,
      'name the WebSockets that need a session in pages.sockets (an empty list where all are for everybody)',
    );
}

/** Origins of pages of other sites, all but the first of which look like the app's own to whoever compares but a part of it. */
export const othersThan = (origin: string): string[] => {
  const { protocol, hostname, port } = new URL(origin);
  const at = port && `:${port}`;
  return [
    'https://evil.example',
    `${protocol}//${hostname}.evil.example${at}`,
    `${protocol}//evil-${hostname}${at}`,
    'null',
  ];
};

/** A WebSocket tells a page of another site, in the browser of a member, nothing that it does not tell everybody. */
export async function tellsNoOtherSite(body: SocketBody): Promise<void> {
  const judge = async ({ opening, texts }: Line, { member, stranger, hear }: Cast) => {
    const personal = personalOf(member.person);
    const answers = await Promise.all(
      othersThan(body.lab.app.origin).map(async (from) => ({
        from,
        heard: await hear(member, opening, from),
      })),
    );
    const isTelling = ({ heard }: { heard: Heard }) =>
      heard.isOpen && (personalIn(heard, personal, opening).length > 0 || alikeIn(heard.text, texts));
    const loud = answers.filter(isTelling);
    if (loud.length === 0) return;
    const all = await hear(stranger, opening);
    const known = issuedIn(all.text, personal);
    for (const { from, heard } of loud) {
      const found = personalIn(heard, personal, opening).find((each) => !known.includes(each));
      const isShared = alikeIn(heard.text, figuresIn(all.text)) !== undefined;
      const text = isShared ? undefined : alikeIn(heard.text, texts);
      if (found || text)
        throw new ConformanceFailure(
          `Told a page of another site (${from}), in the browser of a member, by the WebSocket ${opening.path} ${toldAs(found, text)}.`,
        );
    }
  };
  await overLines(
    body,
    judge,
    (count) => `Told nothing, by ${count} WebSockets that tell their members something.`,
  );
}
