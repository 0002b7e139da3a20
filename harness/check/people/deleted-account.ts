/** An account that its member deletes in the app: the sessions of their other devices end with it (ASVS 5.0 7.4.2). */
import { demand } from '../../errors.ts';
import { demandSession } from '../../visitor/arrival.ts';
import { accountFormIn, type Form } from '../../visitor/forms.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { forgeryHeaders } from '../doors/forgery-tokens.ts';
import { keepsOut } from '../doors/gives-nothing.ts';
import { isData } from '../doors/judge.ts';
import { postOf } from '../doors/posts.ts';
import { send } from '../doors/send.ts';
import type { Survey } from '../doors/survey.ts';
import { findDoors } from '../doors/try-approach.ts';
import { newMember } from '../doors/walk-around.ts';
import { notJudged } from '../not-judged.ts';
import type { PeopleBody } from './keeps-apart.ts';

const NONE =
  'no page of a member has a form that says that it deletes their account, and no API of one’s own takes DELETE';
/** What stands for the account of whoever asks, in an API. */
const OWN_ACCOUNT = /^\/(?:[\w-]+\/)*(?:account|me|users?\/me|user)\/?$/i;
/** What an API says of what it has done. */
const SAYS_DONE = /delet|remov|clos|gone|"(?:ok|success|done)"\s*:\s*true/i;
const APIS_MAX = 4;
/** A page that asks once more has a form of its own. */
const ASKS_MAX = 2;
const DOORS_MAX = 12;

/** The form that deletes the account of this member, on the first page that has one. */
async function formOf(member: Visitor, { doors, grounds, pages }: Survey): Promise<Form | undefined> {
  for (const { path, isPage } of doors) {
    if (!isPage || !accountFormIn(pages.get(path) ?? '', new URL(path, grounds.origin), grounds.basePath))
      continue;
    const { text, url } = await member.get(path);
    const form = accountFormIn(text, url, grounds.basePath, member.person);
    if (form) return form;
  }
  return undefined;
}

/** Deletes the account of a member by the API that a script of a page would call; undefined where none takes that. */
async function deletedByApi(
  member: Visitor,
  survey: Survey,
  lab: PeopleBody['lab'],
): Promise<string | undefined> {
  // At a real tenant somebody would have to be made anew.
  if (lab.live) return undefined;
  const known = [...(lab.routes?.paths ?? []), ...lab.config.pages.api.map((path) => ({ path }))];
  const paths = [...new Set(known.map(({ path }) => path))].filter(
    (path) => OWN_ACCOUNT.test(path) && !path.startsWith(`${lab.app.basePath}/`),
  );
  const headers = await forgeryHeaders(member, survey.pages, lab).catch(() => ({}));
  for (const path of paths.slice(0, APIS_MAX)) {
    const read = await member.get(path);
    const answer = await send(member, lab.app.origin, { path, method: 'DELETE', headers });
    // A handler that looks at no method answers as ever.
    const isSaid =
      answer?.status === 200 && isData(answer) && answer.text !== read.text && SAYS_DONE.test(answer.text);
    if (answer?.status === 204 || isSaid) return `DELETE ${path}`;
  }
  return undefined;
}

/** Doors that refuse strangers and are open to this browser. */
async function openTo(browser: Visitor, { doors }: Survey): Promise<string[]> {
  const open: string[] = [];
  for (const { path, refuses, openToMembers, refusesOthers } of doors.slice(0, DOORS_MAX * 2)) {
    if (!refuses || openToMembers || refusesOthers || open.length >= DOORS_MAX) continue;
    const answer = await browser.get(path).catch(() => undefined);
    if (answer && !keepsOut(answer)) open.push(path);
  }
  return open;
}

/**
 * The body of `people/deleted-account`: a member with two devices deletes the account on the one; where that ends the session
 * there, no page for members is shown to the other.
 */
export async function endsWithAccount(body: PeopleBody): Promise<void> {
  const { visitor, somebody, step, notApplicable, lab } = body;
  const survey = await findDoors({ visitor, somebody, step, notApplicable, lab });
  const member = await newMember({ visitor, somebody, lab });
  const form = await formOf(member, survey);
  const other = await visitor(member.person);
  demandSession(await other.signIn());
  const before = await openTo(other, survey);
  if (before.length === 0) notApplicable('no page or answer is closed to strangers and open to each member');
  await step(
    'fault',
    async () => {
      const api = form ? undefined : ((await deletedByApi(member, survey, lab)) ?? notApplicable(NONE));
      let next: Form | undefined = form;
      for (let asked = 0; next && asked < ASKS_MAX; asked += 1) {
        const answer = await send(member, lab.app.origin, postOf(next));
        next =
          answer && answer.status < 300
            ? accountFormIn(answer.text, answer.url, lab.app.basePath, member.person)
            : undefined;
      }
      // The script that called an API signs its member out; whoever answered that the account is gone has said so.
      const kept = api ? [] : await openTo(member, survey);
      const left = 'its form left the member signed in, so that nobody sees whether the account is gone';
      if (form && kept.length > 0 && form.texts.length > 0)
        notJudged(
          `${left}: it wants something to be typed (${form.texts.join(', ')})`,
          'say in the form what to type, after the word "type", in capitals or in quotation marks',
        );
      // Whether it asks once more elsewhere, waits for some days, or has done nothing, only the app knows.
      if (kept.length > 0)
        notJudged(
          left,
          'end the session of whoever deletes their account, or let the page ask once more by a form',
        );
      const still = (await openTo(other, survey)).filter((path) => before.includes(path));
      demand(
        still.length === 0,
        () =>
          `Still showed ${still.slice(0, 4).join(', ')} to a second device of a member who had deleted their account on the first (${form ? `POST ${form.action}` : api}).`,
      );
      return before.length;
    },
    (count) => `Closed ${count} pages and answers to the other device of a member whose account was deleted.`,
  );
}
