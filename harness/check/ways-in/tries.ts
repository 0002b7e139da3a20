/** Somebody without proof tries a way into a session, and what they got by it. */

import { parse } from 'parse5';
import type { Answer } from '../../user-agents/http.ts';
import { attribute, elements } from '../../visitor/forms.ts';
import type { Session, Visitor } from '../../visitor/visitor.ts';
import type { CheckFixtures, LabFixtures } from '../check.ts';
import { idsOf } from '../people/look.ts';
import { openedByKey } from './keys-in-answers.ts';

export type WaysBody = Pick<CheckFixtures, 'visitor' | 'somebody' | 'step' | 'arm' | 'notApplicable'> &
  LabFixtures;

/** One request, and how it reads in a report. */
export interface Try {
  /** `credentials`, `POST /login` */
  way: string;
  /** Reads after "signed in somebody who gave". */
  told: string;
  /** Values that the request says itself. */
  said: readonly string[];
  send(browser: Visitor): Promise<Answer | undefined>;
}

/** A session that somebody got without proof. */
export interface Gained {
  by: Try;
  session: Session;
  /** The API that a key from the answer opened: the session is what it tells. */
  opened?: string;
  /**
   * `chosen` it says what the request said · `fixed` everybody who comes gets the same person · `guest` everybody gets
   * somebody new, whom nobody else is.
   */
  as: 'chosen' | 'fixed' | 'guest';
}

const SHORT = 3;

interface Identity {
  ids: ReadonlyMap<string, string>;
  session: Session;
  /** The API that a key from an answer opened, where that is what was got. */
  opened?: string;
}

const contactsOf = ({ user = {} }: Session): string[] =>
  ['email', 'phone', 'phone_number', 'phoneNumber'].flatMap((name) =>
    typeof user[name] === 'string' ? [user[name] as string] : [],
  );

/**
 * What a session that was got without proof says of who chose the person in it.
 *
 * @param first a session that was got by a request
 * @param second one that was got by the same request, in another browser
 * @param said values in the request
 */
export function kindOf(first: Identity, second: Identity | undefined, said: readonly string[]): Gained['as'] {
  const telling = said.filter((value) => value.length > SHORT).map((value) => value.toLowerCase());
  const own = [...first.ids.values(), ...contactsOf(first.session)].map((value) => value.toLowerCase());
  if (own.some((value) => telling.some((each) => value.includes(each)))) return 'chosen';
  if (!second) return 'fixed';
  const same = [...first.ids].some(([place, value]) => second.ids.get(place) === value);
  if (same) return 'fixed';
  if (first.ids.size === 0)
    return JSON.stringify(first.session.user) === JSON.stringify(second.session.user) ? 'fixed' : 'guest';
  return 'guest';
}

/** Whether an answer may have made a session: it sets cookies that hold something. */
const setsSomething = ({ setCookies }: Answer) =>
  setCookies.some((line) => !/^[^=]+=;|max-age=0/i.test(line));

/** The address of a way beside Auth.js: `/api/mobile/session` of `POST /api/mobile/session`. */
const pathOf = (way: string): string => /\s(\/\S*)/.exec(way)?.[1] ?? '/';

async function gainOf(browser: Visitor, by: Try, body: WaysBody): Promise<Identity | undefined> {
  const answer = await by.send(browser);
  if (!answer) return undefined;
  const own = setsSomething(answer) && (await browser.session());
  const got = own
    ? { session: own }
    : await openedByKey(answer, { said: by.said, path: pathOf(by.way) }, body);
  return got && { ...got, ids: await idsOf(browser, body.lab, got.session) };
}

/** Makes the tries one after another, until one gives a session that is somebody's. */
export async function tryAll(
  tries: readonly Try[],
  body: WaysBody,
): Promise<{ gained?: Gained; guests: Gained[] }> {
  const guests: Gained[] = [];
  let browser = await body.visitor();
  for (const by of tries) {
    const first = await gainOf(browser, by, body);
    if (!first) continue;
    browser = await body.visitor();
    const second = await gainOf(browser, by, body);
    const as = kindOf(first, second, by.said);
    // A key that opens the same for all who have one may be that of a guest: who is somebody is told by it alone.
    if (first.opened && as !== 'chosen') {
      browser = await body.visitor();
      continue;
    }
    const gained: Gained = {
      by,
      session: first.session,
      ...(first.opened && { opened: first.opened }),
      as,
    };
    if (gained.as !== 'guest') return { gained, guests };
    guests.push(gained);
    browser = await body.visitor();
  }
  return { guests };
}

/** Names of the fields that people fill in a form that is posted to a path; none where no page shows one. */
export function fieldsFor(pages: readonly Answer[], path: string): string[] {
  const names = new Set<string>();
  for (const { text, url } of pages)
    for (const form of elements(parse(text))) {
      if (form.tagName !== 'form') continue;
      const action = attribute(form, 'action') || url.href;
      if (!URL.canParse(action, url) || new URL(action, url).pathname !== path) continue;
      for (const element of elements(form)) {
        const name = attribute(element, 'name');
        if (name && /^(input|textarea|select)$/.test(element.tagName)) names.add(name);
      }
    }
  return [...names].filter((name) => !/csrf|callbackUrl/i.test(name));
}
