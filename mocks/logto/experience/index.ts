/**
 * The Experience API (/api/experience) of the Logto mock, as far as phone, email, username and password go.
 *
 * Source: packages/core/src/routes/experience; recordings 201 to 399, 617 to 650.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod/v3';
import { apiRoutes } from '../api-routes.ts';
import type { LogtoContext } from '../context.ts';
import { assertThat, LogtoError } from '../errors.ts';
import { guardBody } from '../guard.ts';
import { experienceNotServed, registerNotServed } from '../not-served.ts';
import { EMAIL, PHONE, USERNAME } from '../phones.ts';
import { triggerWebhooks } from '../webhooks/notes.ts';
import { type Call, openCall, openInteraction, save, startCall } from './call.ts';
import { identifyUser, registerUser, submit, switchEvent } from './identification.ts';
import { bindMfa, guardMayChangeMfa, guardMfaVerified, markMfa, mfaFactors } from './mfa.ts';
import { addProvenIdentifier, addToProfile, setPassword } from './profile.ts';
import { codeRecordTypes, interactionEvents, publicState } from './state.ts';
import {
  newPasswordIdentity,
  sendMfaCode,
  sendVerificationCode,
  verifyCode,
  verifyOneTimeToken,
  verifyPassword,
} from './verification.ts';

const interactionEvent = z.enum(interactionEvents);
const codeIdentifier = z.discriminatedUnion('type', [
  z.object({ type: z.literal('email'), value: z.string().max(256).regex(EMAIL) }),
  z.object({ type: z.literal('phone'), value: z.string().regex(PHONE) }),
]);
const identifierType = z.enum(['email', 'phone']);

const bodies = {
  start: z.object({ interactionEvent, captchaToken: z.string().optional() }),
  event: z.object({ interactionEvent }),
  sendCode: z.object({ identifier: codeIdentifier, interactionEvent }),
  verifyCode: z.object({ identifier: codeIdentifier, verificationId: z.string(), code: z.string() }),
  sendMfaCode: z.object({ identifierType }),
  verifyMfaCode: z.object({ verificationId: z.string(), code: z.string(), identifierType }),
  password: z.object({
    identifier: z.object({ type: z.enum(['username', 'email', 'phone']), value: z.string() }),
    password: z.string().min(1),
  }),
  newIdentity: z.object({
    identifier: z.object({ type: z.literal('username'), value: z.string().regex(USERNAME) }),
    password: z.string(),
  }),
  oneTimeToken: z.object({
    identifier: z.object({ type: z.literal('email'), value: z.string().regex(EMAIL) }),
    token: z.string().min(1),
  }),
  identification: z.object({
    verificationId: z.string().optional(),
    linkSocialIdentity: z.boolean().optional(),
  }),
  profile: z.discriminatedUnion('type', [
    z.object({ type: z.literal('username'), value: z.string().regex(USERNAME) }),
    z.object({ type: z.literal('password'), value: z.string() }),
    z.object({ type: z.literal('email'), verificationId: z.string() }),
    z.object({ type: z.literal('phone'), verificationId: z.string() }),
    z.object({ type: z.literal('social'), verificationId: z.string() }),
    z.object({
      type: z.literal('extraProfile'),
      values: z.record(z.string().regex(/^[\dA-Za-z]+$/), z.unknown()),
    }),
  ]),
  newPassword: z.object({ password: z.string() }),
  bindMfa: z.object({ type: z.enum(mfaFactors), verificationId: z.string() }),
};

/** Adds the routes of the Experience API. */
export async function registerExperience(app: FastifyInstance, context: LogtoContext): Promise<void> {
  await apiRoutes(app, {}, (scope) => {
    triggerWebhooks(scope, context);
    /** A route that goes on with an interaction; `run` answers the body, or undefined for 204. */
    const step =
      (run: (call: Call, request: FastifyRequest, reply: FastifyReply) => Promise<unknown>) =>
      async (request: FastifyRequest, reply: FastifyReply) => {
        const call = await openCall(context, request, reply);
        const body = await run(call, request, reply);
        if (reply.sent) return reply;
        return body === undefined ? reply.code(204).send() : reply.send(body);
      };
    const verified = (id: string) => ({ verificationId: id });

    registerNotServed(scope, experienceNotServed);
    scope.put('/api/experience', async (request, reply) => {
      const interaction = await openInteraction(context, request, reply);
      const { interactionEvent: event } = guardBody(bodies.start, request);
      await save(startCall(context, interaction, request, event));
      return reply.code(204).send();
    });
    scope.put(
      '/api/experience/interaction-event',
      step((call, request) => switchEvent(call, guardBody(bodies.event, request).interactionEvent)),
    );
    scope.get(
      '/api/experience/interaction',
      step(async (call) => publicState(call.state)),
    );

    scope.post(
      '/api/experience/verification/verification-code',
      step(async (call, request) => {
        const { identifier, interactionEvent: event } = guardBody(bodies.sendCode, request);
        return verified(await sendVerificationCode(call, identifier, event));
      }),
    );
    scope.post(
      '/api/experience/verification/verification-code/verify',
      step(async (call, request) => {
        const { identifier, verificationId, code } = guardBody(bodies.verifyCode, request);
        return verified(
          await verifyCode(call, codeRecordTypes[identifier.type].plain, verificationId, code, identifier),
        );
      }),
    );
    scope.post(
      '/api/experience/verification/mfa-verification-code',
      step(async (call, request) =>
        verified(await sendMfaCode(call, guardBody(bodies.sendMfaCode, request).identifierType)),
      ),
    );
    scope.post(
      '/api/experience/verification/mfa-verification-code/verify',
      step(async (call, request) => {
        const { verificationId, code, identifierType: type } = guardBody(bodies.verifyMfaCode, request);
        return verified(await verifyCode(call, codeRecordTypes[type].mfa, verificationId, code));
      }),
    );
    scope.post(
      '/api/experience/verification/password',
      step(async (call, request) => {
        const { identifier, password } = guardBody(bodies.password, request);
        return verified(await verifyPassword(call, identifier, password));
      }),
    );
    scope.post(
      '/api/experience/verification/new-password-identity',
      step(async (call, request) => {
        const { identifier, password } = guardBody(bodies.newIdentity, request);
        return verified(await newPasswordIdentity(call, identifier, password));
      }),
    );
    scope.post(
      '/api/experience/verification/one-time-token/verify',
      step(async (call, request) => {
        const { identifier, token } = guardBody(bodies.oneTimeToken, request);
        return verified(await verifyOneTimeToken(call, identifier, token));
      }),
    );

    scope.post(
      '/api/experience/identification',
      step(async (call, request, reply) => {
        const { verificationId } = guardBody(bodies.identification, request);
        if (call.state.interactionEvent === 'Register') {
          await registerUser(call, verificationId);
          // The text is Koa's own for a status without a body (recording 223).
          return reply.code(201).type('text/plain; charset=utf-8').send('Created');
        }
        if (!verificationId)
          throw new LogtoError('guard.invalid_input', {
            details: 'verificationId is missing',
            values: { type: 'undefined' },
          });
        await identifyUser(call, verificationId);
      }),
    );
    scope.post(
      '/api/experience/submit',
      step(async (call) => {
        const redirectTo = await submit(call);
        return redirectTo && { redirectTo };
      }),
    );

    scope.post(
      '/api/experience/profile',
      step(async (call, request) => {
        const body = guardBody(bodies.profile, request);
        assertThat(
          call.state.interactionEvent !== 'ForgotPassword',
          'session.not_supported_for_forgot_password',
        );
        if (call.state.interactionEvent === 'SignIn') guardMfaVerified(call);
        if (body.type === 'password') return setPassword(call, body.value, false);
        if (body.type === 'username') await addToProfile(call, { username: body.value });
        else if (body.type === 'extraProfile')
          await addToProfile(call, { ...splitExtraProfile(body.values), submitted: true });
        else if (body.type === 'social')
          throw new LogtoError('session.verification_session_not_found', { status: 404 });
        else await addProvenIdentifier(call, body.type, body.verificationId);
        await save(call);
      }),
    );
    scope.put(
      '/api/experience/profile/password',
      step(async (call, request) => {
        const { password } = guardBody(bodies.newPassword, request);
        assertThat(call.state.interactionEvent === 'ForgotPassword', 'session.invalid_interaction_type');
        assertThat(call.state.userId, 'session.identifier_not_found', { status: 404 });
        await setPassword(call, password, true);
      }),
    );

    const mark = (change: Parameters<typeof markMfa>[1]) =>
      step(async (call) => {
        guardMayChangeMfa(call);
        await markMfa(call, change);
      });
    scope.post('/api/experience/profile/mfa/mfa-enabled', mark({ mfaEnabled: true }));
    scope.post('/api/experience/profile/mfa/mfa-skipped', mark({ mfaSkipped: true }));
    scope.post(
      '/api/experience/profile/mfa/mfa-suggestion-skipped',
      mark({ additionalBindingSuggestionSkipped: true }),
    );
    scope.post('/api/experience/profile/mfa/passkey-skipped', mark({ passkeySkipped: true }));
    scope.post(
      '/api/experience/profile/mfa',
      step(async (call, request) => {
        const { type, verificationId } = guardBody(bodies.bindMfa, request);
        guardMayChangeMfa(call);
        if (type === 'PhoneVerificationCode') return bindMfa(call, 'phone', verificationId);
        if (type === 'EmailVerificationCode') return bindMfa(call, 'email', verificationId);
        // No record of these kinds can exist here, so every id is unknown.
        throw new LogtoError('session.verification_session_not_found', { status: 404 });
      }),
    );
  });
}

const BUILT_IN = [
  'familyName',
  'givenName',
  'middleName',
  'nickname',
  'preferredUsername',
  'profile',
  'website',
  'gender',
  'birthdate',
  'zoneinfo',
  'locale',
  'address',
];

/** Sorts what a person tells of themselves into name, picture, standard claims and everything else. */
function splitExtraProfile(values: Record<string, unknown>) {
  const { name, avatar, ...rest } = values;
  const entries = Object.entries(rest);
  return {
    ...(typeof name === 'string' && { name }),
    ...(typeof avatar === 'string' && { avatar }),
    profile: Object.fromEntries(entries.filter(([key]) => BUILT_IN.includes(key))),
    customData: Object.fromEntries(entries.filter(([key]) => !BUILT_IN.includes(key))),
  };
}
