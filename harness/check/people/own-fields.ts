/** What a member may write of their own record: nothing that says who they are, or what they may do. */
import { demand } from '../../errors.ts';
import { encodeForm } from '../../visitor/encode-form.ts';
import { forgeryHeaders } from '../doors/forgery-tokens.ts';
import { formsOf } from '../doors/member-forms.ts';
import { send } from '../doors/send.ts';
import { surveyOf } from '../doors/survey.ts';
import { noneKnown } from '../paths-known.ts';
import type { PeopleBody } from './keeps-apart.ts';
import { type Look, lookAround, SESSION, shownOf } from './look.ts';
import { begin, granted, membersOf, openedTo, POWERS, saidOf, wishesOf } from './own-session.ts';
import { askForPower } from './powers-by-calls.ts';
import { raisedAt } from './powers-of-record.ts';

/** What a form would say of it. */
const POWERS_OF_FORM = { role: 'admin', roles: 'admin', isAdmin: 'true', is_admin: 'true', admin: 'true' };

const METHODS = ['PATCH', 'PUT', 'POST'] as const;

/**
 * Fields that hold what was wished for and are those of a record: they were there before, or stand beside what the app tells of
 * the member. Where neither is so, an app keeps whatever it is sent (settings of a page, a draft), and believes none of it.
 *
 * @param shown whether it tells something of the member
 */
export function writtenFields(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  wishes: Record<string, unknown>,
  shown: boolean,
): string[] {
  return granted(before, after, wishes).filter((field) => shown || before.has(field));
}

/** Answers of the app that are JSON objects about the member. */
const recordsIn = (look: Look): Map<string, Map<string, string>> =>
  new Map(
    [...look.bodies].flatMap(([place, text]): [string, Map<string, string>][] => {
      if (place === SESSION || !/^\s*\{/.test(text)) return [];
      try {
        return [[place, membersOf(JSON.parse(text), place)]];
      } catch {
        return [];
      }
    }),
  );

/** The body of `people/fields-not-written`: a member writes no fields of their own record that say what they may do. */
export async function writesNoFields(body: PeopleBody): Promise<void> {
  const { step, lab, notApplicable } = body;
  const { eve, ada, before } = await begin(body);
  const records = recordsIn(before);
  const survey = await surveyOf({ lab, visitor: body.visitor, somebody: body.somebody });
  const forms = lab.live ? [] : await formsOf(eve, survey);
  if (records.size === 0 && forms.length === 0)
    noneKnown(
      lab,
      notApplicable,
      'no answer of the app that was found tells a member of themselves as JSON, and no page has a form of theirs',
    );
  await step(
    'fault',
    async () => {
      // Address and number are what people may well change about themselves.
      const {
        email: _email,
        phone: _phone,
        phone_number: _number,
        phoneNumber: _same,
        ...wishes
      } = wishesOf(ada);
      const said = await saidOf(eve, lab);
      const ids = [...before.ids.values()];
      const tellsOfMember = (place: string) => {
        const text = before.bodies.get(place) ?? '';
        return shownOf(before.person, text).size > 0 || ids.some((id) => id.length >= 4 && text.includes(id));
      };
      const headers = await forgeryHeaders(eve, survey.pages, lab);
      for (const [place, members] of records) {
        const url = new URL(place, lab.app.origin);
        for (const method of METHODS) {
          const { etag } = (await eve.get(place)).headers;
          await eve.agent.hop(url, {
            method,
            json: { ...wishes, user: wishes },
            headers: { ...headers, ...(etag && { 'if-match': String(etag) }) },
          });
          const after = await lookAround(eve, lab, [place]);
          const [field] = writtenFields(
            members,
            recordsIn(after).get(place) ?? new Map(),
            wishes,
            tellsOfMember(place),
          );
          demand(
            !field,
            `Wrote what a member sent by ${method} ${place} into their own record: ${field?.slice(place.length + 1)}.`,
          );
        }
        const raised = await raisedAt(
          eve,
          { path: place, before: before.bodies.get(place) ?? '', headers },
          lab,
        );
        demand(!raised, `Wrote what a member sent by ${raised}.`);
        // What is written at one place is often shown at another.
        for (const [other, now] of recordsIn(await lookAround(eve, lab, [...records.keys()]))) {
          const [field] = writtenFields(records.get(other) ?? new Map(), now, wishes, tellsOfMember(other));
          demand(
            !field,
            `Wrote what a member sent to ${place} into their own record: ${other} shows ${field?.slice(other.length + 1)}.`,
          );
        }
      }
      await askForPower(eve, lab, headers);
      const [power] = granted(said, await saidOf(eve, lab), POWERS);
      demand(!power, `Gave a member who asked for it a power that they did not have: ${power}.`);
      const opened = await openedTo(eve, body);
      demand(
        !opened,
        `Gave a member who asked for it a power that they did not have: ${opened} let them in.`,
      );
      for (const { path, form } of forms) {
        const { type, body: encoded } = encodeForm({
          ...form,
          fields: { ...form.fields, ...POWERS_OF_FORM },
        });
        const ask = { path: form.action, method: 'POST', headers: { 'content-type': type }, body: encoded };
        await send(eve, lab.app.origin, ask);
        const opened = await openedTo(eve, body);
        demand(
          !opened,
          `Gave a member a power that they did not have, who added role=admin to the form of ${path}: ${opened} let them in.`,
        );
      }
    },
    () => 'Fields that say who a member is, and what they may do, stay as they were.',
  );
}
