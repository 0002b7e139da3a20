import { expect, it } from 'vitest';
import type { Person } from '../../mocks/people.ts';
import { Blocked } from '../errors.ts';
import { createExperience } from '../logto/experience.ts';
import { signInAtIssuer } from '../logto/sign-in.ts';
import type { Answer } from '../user-agents/http.ts';
import { chooseNewPassword } from '../visitor/forgot-password.ts';
import type { Visitor } from '../visitor/visitor.ts';
import { connectManagement } from './management.ts';
import type { Wire, WireAnswer } from './wire.ts';

const person: Person = { phone: '+12015550150', userId: 'known' };
const real = { signUp: false, messageMs: 1000 };

/** A tenant that answers by path; everything else as a good one does. */
function tenant(answers: Record<string, [status: number, body: unknown]>) {
  const asked: string[] = [];
  const experience = createExperience({
    agent: {
      async hop(target, { method = 'GET' } = {}) {
        const url = new URL(target);
        asked.push(`${method} ${url.pathname}`);
        const key = Object.keys(answers).find((end) => url.pathname.endsWith(end));
        const [status, body] = key
          ? (answers[key] as [number, unknown])
          : [
              url.pathname.endsWith('experience') ||
              url.pathname.endsWith('event') ||
              url.pathname.endsWith('identification')
                ? 204
                : 200,
              { verificationId: 'v', redirectTo: 'http://x/y' },
            ];
        return {
          status,
          url,
          method,
          headers: {},
          setCookies: [],
          text: JSON.stringify(body),
          json: () => body,
        } as unknown as Answer;
      },
    },
    issuerOrigin: 'http://tenant.example',
    control: { waitForMessage: async () => ({ code: '123456' }) as never },
    person,
    real,
  });
  return { asked, signIn: () => signInAtIssuer(experience, { ...person }, real) };
}

it.each([
  [
    'ten codes in ten minutes',
    { '/verification-code': [429, { code: 'request.message_rate_limited' }] },
    'wait ten minutes',
  ],
  [
    'no connector',
    { '/verification-code': [501, { code: 'connector.not_found' }] },
    'It has no SMS connector',
  ],
  [
    'a connector that cannot send',
    { '/verification-code': [400, { code: 'connector.general' }] },
    'look at its endpoint and token',
  ],
  [
    'somebody whom the tenant does not know',
    { '/identification': [404, { code: 'user.user_not_exist' }] },
    '--allow-sign-up',
  ],
  [
    'more than a phone number asked for',
    { '/submit': [422, { code: 'user.missing_profile' }] },
    'asks for more than a phone number',
  ],
  [
    'a second factor',
    { '/submit': [403, { code: 'session.mfa.require_mfa_verification' }] },
    'second factor',
  ],
] as const)('%s blocks a check, and says what to do', async (_what, answers, words) => {
  const refusal = await tenant(answers as never)
    .signIn()
    .catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(Blocked);
  expect((refusal as Error).message).toContain(words);
});

it('somebody whom the tenant knows, though nobody said so, is signed in', async () => {
  const { asked, signIn } = tenant({});
  await signIn();
  expect(asked.at(-1)).toBe('POST /api/experience/submit');
});

const answer = (status: number, body: unknown, headers: WireAnswer['headers'] = {}): WireAnswer => ({
  status,
  headers,
  text: JSON.stringify(body),
  json: () => body,
});

it('a limit of the Management API is waited for as it says, and told', async () => {
  const told: string[] = [];
  let limited = 2;
  const wire: Wire = {
    async ask(url) {
      if (String(url).endsWith('/token'))
        return answer(200, { access_token: 'a-token-of-the-test', scope: 'all', expires_in: 3600 });
      limited -= 1;
      return limited >= 0 ? answer(429, {}, { 'retry-after': '0' }) : answer(200, [1]);
    },
  };
  const management = await connectManagement({
    wire,
    origin: 'http://tenant.example',
    issuer: 'http://tenant.example/oidc',
    credentials: { id: 'a', secret: 'b' },
    progress: (text) => told.push(text),
  });
  expect((await management.call('GET', '/api/users')).body).toEqual([1]);
  expect(told).toEqual(['the tenant asks to wait 0 s (429)', 'the tenant asks to wait 0 s (429)']);
});

it('a limit that does not end is told', async () => {
  const wire: Wire = { ask: async () => answer(429, {}, { 'retry-after': '3600' }) };
  await expect(
    connectManagement({
      wire,
      origin: 'http://tenant.example',
      issuer: 'http://tenant.example/oidc',
      credentials: { id: 'a', secret: 'b' },
    }),
  ).rejects.toThrow('CONF_LIVE_LIMITED');
});

it('a tenant that cannot ask whether a new password has leaked (500) says nothing of the app', async () => {
  const answer = (status: number, body: unknown = {}) =>
    ({ status, text: JSON.stringify(body), json: () => body }) as unknown as Answer;
  const visitor = {
    real: true,
    openIssuer: async () => {},
    experience: {
      begin: async () => answer(204),
      sendCode: async () => answer(200),
      message: async () => ({ code: '123456' }),
      verify: async () => answer(200),
      identify: async () => answer(204),
      call: async () => answer(500, { message: 'Internal server error.' }),
    },
  } as unknown as Visitor;
  const choosing = chooseNewPassword(visitor, new URL('http://tenant.example/oidc/auth'));
  await expect(choosing).rejects.toThrow(Blocked);
  await expect(choosing).rejects.toThrow('passwordPolicy.rejects.pwned');
});
