/** Whether a path is a door, by what a member and a stranger are answered there. */
import type { Answer } from '../../user-agents/http.ts';
import { type IssuedIndex, issuedIn } from '../issued-in.ts';
import type { Door } from './door.ts';
import { givesNothing } from './gives-nothing.ts';
import { isForHolders } from './invitations.ts';
import { isData, shownIn } from './judge.ts';
import { isName } from './lists-people.ts';
import { leakedIn, marksIn, marksOf, ofItsFrame, readable, refuses } from './marks.ts';
import { stateTreeOf } from './router-state.ts';
import { isGood, isHtml } from './walk-around.ts';

/** What was answered at a path. */
interface Answered {
  path: string;
  source: string;
  /** Two answers to a member. */
  first: Answer;
  again: Answer;
  /** What a stranger got. */
  refused: Answer;
}

interface Known {
  /** All of what strangers got at the path, and what they got at each other. */
  own: string;
  others: readonly string[];
  /** What everybody is shown somewhere. */
  known: readonly string[];
  /** Texts of the member alone, where another member has a page of the same kind. */
  mine: string[];
  /** Texts of the components of the app. */
  markup: string[] | undefined;
  /** What is unique to the member. */
  personal: IssuedIndex;
}

/** A guard in front of all paths leads strangers to the sign-in from an API, too. */
const isLedAway = ({ status, location }: Answer) => status >= 300 && status < 400 && location !== undefined;

/** The door at a path; undefined where strangers get what members do. */
export function doorAt(
  { path, source, first, again, refused }: Answered,
  { known, mine, markup, personal, others, ...theirs }: Known,
): Door | undefined {
  const own = readable(theirs.own);
  const isPersonal = (text: string) => issuedIn(text, personal).length > 0;
  const marks = marksOf({ shown: [first.text, again.text], strangers: known, path, isPersonal });
  // What strangers get elsewhere is no mark; what they get here, while they are sent away, is no secret any more.
  const texts = marks.filter((text) => ![own, ...others].some((body) => body.includes(text)));
  const ofPage = { page: first.text, others, markup };
  const leaked = refuses(refused) ? leakedIn(marks, own, ofPage) : [];
  const frame = isHtml(first) ? ofItsFrame(texts, ofPage) : [];
  const told = issuedIn(first.text, personal);
  const greets = told.length > 0;
  if (greets && told.every(isName) && isForHolders(path) && isGood(refused)) return undefined;
  // A page that names its member in the address may be for everybody; data are not.
  const given = isHtml(first) || refuses(refused) ? [] : marksIn(refused.text, mine);
  const open = given.length > 0 || shownIn(refused, { texts: [] }, { personal, said: path }).length > 0;
  const tree = stateTreeOf(first.text);
  const guarded = isHtml(first)
    ? refuses(refused)
    : isData(first) &&
      !givesNothing(first) &&
      ([401, 403].includes(refused.status) || isLedAway(refused) || givesNothing(refused));
  if (texts.length + leaked.length + given.length === 0 && !greets) return undefined;
  return {
    path,
    source,
    isPage: isHtml(first),
    texts,
    leaked: [...leaked, ...given],
    open,
    ...(frame.length && { frame }),
    ...(mine.length && { own: mine }),
    ...(guarded && { refuses: true }),
    ...(tree && { tree }),
  };
}
