/** The pages that ask for a one-time code, and the questions that may follow it. */
import type { FastifyReply } from 'fastify';
import { LogtoError } from '../errors.ts';
import type { Call } from '../experience/call.ts';
import { save } from '../experience/call.ts';
import { switchEvent } from '../experience/identification.ts';
import { bindMfa } from '../experience/mfa.ts';
import { addProvenIdentifier } from '../experience/profile.ts';
import { codeRecordTypes, recordById, type VerificationRecord } from '../experience/state.ts';
import { sendMfaCode, sendVerificationCode, verifyCode } from '../experience/verification.ts';
import type { Recipient } from '../passcodes.ts';
import { codeForm, RESEND_SECONDS, shown } from './forms.ts';
import { html } from './html.ts';
import { sendPage } from './layout.ts';
import { answerElsewhere, finish, identifyAndSubmit, invalidSession, messageOf } from './outcomes.ts';
import { methodFor } from './settings.ts';
import { goOn, seeOther, type Visit } from './visit.ts';

export type Flow =
  | 'sign-in'
  | 'register'
  | 'forgot-password'
  | 'continue'
  | 'mfa-binding'
  | 'mfa-verification';

const isMfaProof = (flow: Flow) => flow === 'mfa-verification';
const plainTypes: string[] = [codeRecordTypes.phone.plain, codeRecordTypes.email.plain];
const mfaTypes: string[] = [codeRecordTypes.phone.mfa, codeRecordTypes.email.mfa];

/** The code record that a flow's page is about: the newest of its sort. */
const recordOf = (call: Call, flow: Flow): VerificationRecord | undefined =>
  call.state.verificationRecords.findLast(({ type }) =>
    (isMfaProof(flow) ? mfaTypes : plainTypes).includes(type),
  );

const pathOf = (flow: Flow, record: VerificationRecord) =>
  isMfaProof(flow)
    ? `/mfa-verification/${record.identifier.type === 'phone' ? 'PhoneVerificationCode' : 'EmailVerificationCode'}`
    : `/${flow}/verification-code`;

/** Some translations leave the number out; people should see it all the same. */
function sentTo({ t }: Visit, phone: boolean, target: string): string {
  const address = t(phone ? 'description.phone_number' : 'description.email');
  const text = t('description.enter_passcode', { address, target });
  return text.includes(target) ? text : `${text} (${target})`;
}

function codePage(
  visit: Visit,
  flow: Flow,
  record: VerificationRecord,
  options: { message?: string; note?: string; status?: number } = {},
): FastifyReply {
  const { t, settings } = visit;
  const phone = record.identifier.type === 'phone';
  const path = pathOf(flow, record);
  const target = shown(visit, record.identifier);
  const withPassword = flow === 'sign-in' && methodFor(settings, record.identifier.type)?.password;
  return sendPage(
    visit.reply,
    t,
    {
      title: t(
        isMfaProof(flow)
          ? 'mfa.verify_mfa_factors'
          : phone
            ? 'description.verify_phone'
            : 'description.verify_email',
      ),
      lead: sentTo(visit, phone, target),
      back: visit.at(
        { 'sign-in': '/sign-in', register: '/register', 'forgot-password': '/forgot-password' }[
          flow as 'register'
        ] ?? '/sign-in',
      ),
      body: codeForm(visit, {
        action: path,
        resend: `${path}/resend`,
        wait: RESEND_SECONDS,
        message: options.message,
        note: options.note,
        more: withPassword
          ? html`<p class="below"><a href="${visit.at('/sign-in/password')}">${t('action.sign_in_via_password')}</a></p>`
          : undefined,
      }),
    },
    options.status,
  );
}

/** Opens the interaction and its code record, or answers that there is none. */
async function withCode(
  visit: Visit,
  flow: Flow,
  run: (call: Call, record: VerificationRecord) => Promise<FastifyReply>,
): Promise<FastifyReply> {
  const call = await goOn(visit).catch(() => undefined);
  const record = call && recordOf(call, flow);
  if (!call || !record) return invalidSession(visit);
  try {
    return await run(call, record);
  } catch (error) {
    const elsewhere = answerElsewhere(visit, error, call, recordOf(call, flow) ?? record);
    if (elsewhere) return elsewhere;
    const { status } = error as LogtoError;
    return codePage(visit, flow, record, { message: messageOf(visit, error as LogtoError), status });
  }
}

export const getCodePage = (visit: Visit, flow: Flow): Promise<FastifyReply> =>
  withCode(visit, flow, async (_call, record) => codePage(visit, flow, record));

/** Six digits in one field, or one digit in each of six. */
const codeIn = ({ fields }: Visit): string =>
  (
    fields.code || Array.from({ length: 6 }, (_, index) => fields[`passcode_${index}`] ?? '').join('')
  ).replace(/\s/g, '');

export const postCodePage = (visit: Visit, flow: Flow): Promise<FastifyReply> =>
  withCode(visit, flow, async (call, record) => {
    const code = codeIn(visit);
    if (!/^\d{6}$/.test(code))
      return codePage(visit, flow, record, { message: visit.t('error.invalid_passcode'), status: 422 });
    // Sent twice by an impatient person: what is proven stays proven.
    if (!record.verified) await verifyCode(call, record.type, record.id, code);
    if (isMfaProof(flow)) return finish(visit, call);
    if (flow === 'mfa-binding') {
      await bindMfa(call, record.identifier.type as 'phone', record.id);
      return finish(visit, call);
    }
    if (flow === 'continue') {
      await addProvenIdentifier(call, record.identifier.type as 'phone', record.id);
      await save(call);
      return identifyAndSubmit(visit, call, undefined);
    }
    return identifyAndSubmit(visit, call, record.id);
  });

export const postResend = (visit: Visit, flow: Flow): Promise<FastifyReply> =>
  withCode(visit, flow, async (call, record) => {
    const recipient = record.identifier as Recipient;
    try {
      if (isMfaProof(flow)) await sendMfaCode(call, recipient.type);
      else await sendVerificationCode(call, recipient, call.state.interactionEvent);
    } catch (error) {
      if (error instanceof LogtoError) throw error;
      return codePage(visit, flow, record, {
        message: visit.t('error.send_verification_code_failed'),
        status: 500,
      });
    }
    return codePage(visit, flow, recordOf(call, flow) ?? record, {
      note: visit.t('description.passcode_sent'),
    });
  });

/** "Create a new one?" or "Continue to sign in": the same proof, the other event (recordings 267, 273). */
export const postSwitch = (visit: Visit, flow: Flow): Promise<FastifyReply> =>
  withCode(visit, flow, async (call, record) => {
    await switchEvent(call, call.state.interactionEvent === 'Register' ? 'SignIn' : 'Register');
    return identifyAndSubmit(visit, call, recordById(call.state, record.id).id);
  });

/** A second factor is asked for: the code is sent as the page opens, as Logto's page does. */
export async function getMfaPage(visit: Visit, type: Recipient['type']): Promise<FastifyReply> {
  const call = await goOn(visit).catch(() => undefined);
  if (!call) return invalidSession(visit);
  const known = recordOf(call, 'mfa-verification');
  if (known?.identifier.type === type && !known.verified) return codePage(visit, 'mfa-verification', known);
  try {
    await sendMfaCode(call, type);
  } catch (error) {
    return answerElsewhere(visit, error, call) ?? invalidSession(visit);
  }
  return seeOther(
    visit,
    visit.at(pathOf('mfa-verification', recordOf(call, 'mfa-verification') as VerificationRecord)),
  );
}
