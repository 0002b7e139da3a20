/** A person changes their phone number by the forms of the app. */
import type { ControlClient } from '../../../mocks/client.ts';
import type { InboxMessage } from '../../../mocks/twilio/server.ts';
import type { PhoneStep } from '../../config/saas-pages.ts';
import type { LabDescription } from '../../lab/lab-description.ts';
import { awaitMessage } from '../../logto/experience.ts';
import type { Answer } from '../../user-agents/http.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { notJudged } from '../not-judged.ts';

export interface PhoneChange {
  /** What the app answered, step by step. */
  answers: Answer[];
  /** The messages to the present number and to the new one, where the forms needed them. */
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

/** Another code than the right one. */
const wrong = (code: string) => code.replace(/\d/g, (digit) => String((Number(digit) + 1) % 10));

/**
 * Sends the forms in order.
 *
 * @param to the new number, E.164
 * @param options.wrongCode whose code is typed wrongly
 * @throws ConformanceFailure when a code that a form needs was not sent
 */
export async function changePhone(
  visitor: Visitor,
  to: string,
  { lab, control }: { lab: LabDescription; control: ControlClient },
  { wrongCode }: { wrongCode?: 'current' | 'next' } = {},
): Promise<PhoneChange> {
  const since = new Date().toISOString();
  const { phone } = visitor.person;
  const messages: PhoneChange['messages'] = {};
  const codeOf = async (which: 'current' | 'next') => {
    const misdeed =
      which === 'current'
        ? 'Sent no code to the present number'
        : 'Sent no code to the new number, after the code of the present one';
    const message = await awaitMessage(control, { to: which === 'current' ? phone : to, since }, misdeed);
    messages[which] = message;
    return wrongCode === which ? wrong(message.code ?? '') : (message.code ?? '');
  };
  const answers: Answer[] = [];
  for (const { path, fields } of phoneSteps(lab)) {
    const form: Record<string, string> = {};
    for (const [name, text] of Object.entries(fields)) {
      const current = text.includes('{currentCode}') ? await codeOf('current') : '';
      const next = text.includes('{newCode}') ? await codeOf('next') : '';
      form[name] = text
        .replaceAll('{phone}', to)
        .replaceAll('{currentCode}', current)
        .replaceAll('{newCode}', next);
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
