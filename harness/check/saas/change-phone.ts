/** A person changes their phone number, or links a first one, by the forms of the app. */
import { test } from '@playwright/test';
import type { ControlClient } from '../../../mocks/client.ts';
import type { InboxMessage } from '../../../mocks/twilio/server.ts';
import type { PhoneStep } from '../../config/saas-pages.ts';
import type { LabDescription } from '../../lab/lab-description.ts';
import { awaitMessage } from '../../logto/experience.ts';
import type { Answer } from '../../user-agents/http.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { comes } from '../experience/shown.ts';
import { endAs, notJudged } from '../not-judged.ts';

export interface PhoneChange {
  /** What the app answered, step by step. */
  answers: Answer[];
  /** The messages to what the person has and to the new number, where the forms needed them. */
  messages: { current?: InboxMessage; next?: InboxMessage };
}

/** The forms that the config declares; without any the check is not judged. */
export const phoneSteps = ({ config }: Pick<LabDescription, 'config'>): PhoneStep[] =>
  config.pages.changePhone.length > 0
    ? config.pages.changePhone
    : notJudged(
        'the config does not say how a person changes their number in the app (pages.changePhone)',
        'name its forms there',
      );

/** What somebody is known by at Logto, and proves themselves with: a code to the number or the address, a password. */
export type KnownBy = 'phone' | 'email' | 'username';

/**
 * The forms by which somebody without a number links one, and the kinds of people whom they serve.
 *
 * Without any the check is not judged where people of this run may have no number, else not applicable.
 */
export function linkForms(lab: LabDescription): { steps: PhoneStep[]; people: Exclude<KnownBy, 'phone'>[] } {
  const { config, given } = lab;
  const steps = config.pages.linkPhone;
  if (steps.length === 0) {
    if (given?.includes('pages.linkPhone'))
      endAs(test.info(), 'not applicable', 'nobody links a first number in the app (pages.linkPhone)');
    const without = (['email', 'username'] as const).some((identifier) => comes(lab, identifier));
    if (!without)
      endAs(
        test.info(),
        'not applicable',
        'everybody has a phone number in the sign-in experiences that this run judges, and pages.linkPhone names no forms',
      );
    notJudged(
      'the config does not say how a person without a phone number links one in the app (pages.linkPhone)',
      'name its forms there, or write an empty list where there are none',
    );
  }
  const asked = JSON.stringify(steps);
  const sendsMail = config.emailConnector !== 'none';
  const people = [
    ...(sendsMail && asked.includes('{currentCode}') ? (['email'] as const) : []),
    ...(asked.includes('{password}') ? (['username'] as const) : []),
  ];
  if (people.length === 0)
    notJudged(
      'the forms of pages.linkPhone take neither a code of an address nor a password, and Logto changes no account without one of them',
      'put {currentCode} or {password} into the field that takes it',
    );
  return { steps, people };
}

/** Another code than the right one. */
const wrong = (code: string) => code.replace(/\d/g, (digit) => String((Number(digit) + 1) % 10));

/** Whom codes for what the person has go to; undefined for somebody who has neither number nor address. */
const ownRecipient = ({ person }: Visitor, knownBy: KnownBy): string | null | undefined =>
  knownBy === 'phone' ? person.phone : knownBy === 'email' ? person.email : undefined;

/**
 * Sends forms in order.
 *
 * @param to the new number, E.164
 * @param options.steps the forms (default: those that change a number)
 * @param options.knownBy what the person has (default: a phone number)
 * @param options.wrongCode whose code is typed wrongly
 * @throws ConformanceFailure when a code that a form needs was not sent
 */
export async function changePhone(
  visitor: Visitor,
  to: string,
  { lab, control }: { lab: LabDescription; control: ControlClient },
  {
    wrongCode,
    knownBy = 'phone',
    steps = phoneSteps(lab),
  }: { wrongCode?: 'current' | 'next'; knownBy?: KnownBy; steps?: PhoneStep[] } = {},
): Promise<PhoneChange> {
  const since = new Date().toISOString();
  const messages: PhoneChange['messages'] = {};
  const codeOf = async (which: 'current' | 'next') => {
    const recipient = which === 'next' ? to : ownRecipient(visitor, knownBy);
    if (!recipient) return '';
    const misdeed =
      which === 'current'
        ? `Sent no code to the present ${knownBy === 'phone' ? 'number' : 'address'}`
        : 'Sent no code to the new number, after the proof of who asks';
    const message = await awaitMessage(control, { to: recipient, since }, misdeed);
    messages[which] = message;
    return wrongCode === which ? wrong(message.code ?? '') : (message.code ?? '');
  };
  const password = () => {
    const right = visitor.person.password ?? '';
    return wrongCode === 'current' && knownBy === 'username' ? `${right}x` : right;
  };
  const answers: Answer[] = [];
  for (const { path, fields } of steps) {
    const form: Record<string, string> = {};
    for (const [name, text] of Object.entries(fields)) {
      const current = text.includes('{currentCode}') ? await codeOf('current') : '';
      const next = text.includes('{newCode}') ? await codeOf('next') : '';
      form[name] = text
        .replaceAll('{phone}', to)
        .replaceAll('{currentCode}', current)
        .replaceAll('{newCode}', next)
        .replaceAll('{password}', knownBy === 'username' ? password() : '');
    }
    const csrfToken = await visitor.csrfToken();
    const sent = await visitor.get(path, {
      method: 'POST',
      form: { ...(csrfToken && { csrfToken }), ...form },
    });
    const answer = await visitor.agent.follow(sent, ({ origin }) => origin !== lab.app.origin);
    answers.push(answer);
    if (wrongCode && answer.status >= 400) break;
  }
  return { answers, messages };
}
