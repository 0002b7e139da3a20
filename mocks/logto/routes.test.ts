/** Every route is asked with a body, parameters and ids that do not work: none may fail by itself, none is unknown. */
import { subscribe } from 'node:diagnostics_channel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MANAGER, type ManagerLab, startManagerLab } from './lab-manager.ts';
import { walkManagement } from './lab-walk.ts';
import { LAB_CLIENT, type TestBrowser } from './logto-lab.ts';
import { accountNotServed, experienceNotServed, managementNotServed } from './not-served.ts';
import { loadRecordings } from './replay/recordings.ts';
import { replayRecordings } from './replay/replay.ts';
import { sets } from './replay/sets.ts';

/** Routes that answered below 400, as Fastify itself tells of each request. */
const worked = new Set<string>();
interface Answered {
  route?: { method: string; url: string };
  request: { method: string };
  reply: { statusCode: number };
}
for (const event of ['end', 'asyncEnd'])
  subscribe(`tracing:fastify.request.handler:${event}`, (message) => {
    const { route, request, reply } = message as Answered;
    if (route && reply.statusCode < 400) worked.add(`${request.method} ${route.url}`);
  });

let lab: ManagerLab;
beforeAll(async () => {
  lab = await startManagerLab({ emailConnector: { config: { endpoint: 'https://mail.example.test' } } });
});
afterAll(() => lab.close());

const BODIES = ['{"unheard":["of"]}', '[]', '{', 'null'];
/** Routes of a sign-in and of the signed-in person that no recording has with a good end. */
async function walkSignIn({ mock, browser: open, manage }: ManagerLab): Promise<void> {
  Object.assign(mock.context.tenant.signInExperience, {
    mfa: { factors: ['PhoneVerificationCode'], policy: 'UserControlled' },
    signUp: { identifiers: ['username'], password: true, verify: false },
  });
  const browser = open();
  const ask = async (method: string, path: string, body?: unknown) => {
    const answer = await browser.call(method, `/api${path}`, body);
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer.text.startsWith('{') ? answer.json : {};
  };
  await browser.authorize({ scope: 'openid profile urn:logto:scope:sessions' });
  await ask('PUT', '/experience', { interactionEvent: 'Register' });
  const { verificationId } = await ask('POST', '/experience/verification/new-password-identity', {
    identifier: { type: 'username', value: 'newcomer' },
    password: 'Corr3ct-Horse-9',
  });
  await ask('POST', '/experience/identification', { verificationId });
  for (const mark of ['mfa-enabled', 'mfa-skipped', 'mfa-suggestion-skipped', 'passkey-skipped'])
    await ask('POST', `/experience/profile/mfa/${mark}`);

  let next = String((await ask('POST', '/experience/submit')).redirectTo);
  while (!next.startsWith(LAB_CLIENT.redirectUris[0] as string))
    next = (await browser.call('GET', next)).location as string;
  const answer = await fetch(`${mock.issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${LAB_CLIENT.id}:${LAB_CLIENT.secret}`)}` },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: new URL(next).searchParams.get('code') as string,
      redirect_uri: LAB_CLIENT.redirectUris[0] as string,
    }),
  });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  const own = { authorization: `Bearer ${token}` };
  expect((await browser.call('GET', '/api/my-account', undefined, own)).json).toHaveProperty('id');
  const changed = await browser.call('PATCH', '/api/my-account', { name: 'New Comer' }, own);
  expect(changed.json).toMatchObject({ name: 'New Comer' });
  await walkSessions({ browser, manage, own, password: 'Corr3ct-Horse-9' });
}

/** Somebody's sessions and grants, seen and ended by themselves and by a manager. */
async function walkSessions(walk: {
  browser: TestBrowser;
  manage: ManagerLab['manage'];
  own: Record<string, string>;
  password: string;
}): Promise<void> {
  const { browser, manage, own, password } = walk;
  await manage('PATCH', '/account-center', { enabled: true, fields: { session: 'Edit', name: 'Edit' } });
  const call = async (method: string, path: string, body?: unknown, headers = own) => {
    const answer = await browser.call(method, `/api${path}`, body, headers);
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer.text.startsWith('{') ? answer.json : {};
  };
  const { verificationRecordId } = await call('POST', '/verifications/password', { password });
  const proven = { ...own, 'logto-verification-id': String(verificationRecordId) };
  const { sessions } = (await call('GET', '/my-account/sessions', undefined, proven)) as {
    sessions: { payload: { uid: string; accountId: string }; isCurrent: boolean }[];
  };
  expect(sessions.map(({ isCurrent }) => isCurrent)).toEqual([true]);
  const { uid, accountId } = sessions[0]?.payload ?? {};
  expect((await manage('GET', `/users/${accountId}/sessions/${uid}`)).json).toMatchObject({ accountId });
  const again = await openSessionOf(accountId as string);
  expect((await manage('DELETE', `/users/${accountId}/sessions/${again}`)).status).toBe(204);
  const { grants } = (await call('GET', '/my-account/grants', undefined, proven)) as { grants: unknown[] };
  expect(grants.length).toBeGreaterThan(0);
  const [first, second] = [await newGrantOf(accountId as string), await newGrantOf(accountId as string)];
  expect((await manage('DELETE', `/users/${accountId}/grants/${first}`)).status).toBe(204);
  await call('DELETE', `/my-account/grants/${second}`, undefined, proven);
  // Last, because the token ends with its session.
  await call('DELETE', `/my-account/sessions/${uid}`, undefined, proven);
}

/** Another session of a user, as the engine keeps it. */
async function openSessionOf(userId: string): Promise<string> {
  await lab.mock.context.openSession(userId);
  return String(lab.mock.context.artifactsOf('Session', userId).at(-1)?.payload.uid);
}
async function newGrantOf(accountId: string): Promise<string> {
  const { Grant } = lab.mock.context.provider;
  return new Grant({ accountId, clientId: LAB_CLIENT.id }).save();
}

/** What comes back by nature: 501 says what is not served, a redirect or a page is the answer of a page. */
const mayAnswer = (status: number) => status < 500 || status === 501;

describe('every route of the Logto APIs', () => {
  it('answers what does not work without failing itself', async () => {
    const routes = lab.mock.routes.filter(
      ({ method, url }) => url.startsWith('/api/') && !['HEAD', 'OPTIONS'].includes(method),
    );
    expect(routes.length).toBeGreaterThan(150);
    const wrong: string[] = [];
    for (const { method, url } of routes) {
      const path = url.replace(/:\w+/g, 'nobody');
      for (const body of method === 'GET' || method === 'DELETE' ? [undefined] : BODIES) {
        const headers = { authorization: `Bearer ${lab.token}`, 'content-type': 'application/json' };
        const answer = await fetch(lab.mock.origin + path, { method, headers, body });
        const text = await answer.text();
        if (!mayAnswer(answer.status) || text === 'Not Found')
          wrong.push(`${method} ${url} with ${body}: ${answer.status} ${text.slice(0, 80)}`);
      }
    }
    expect(wrong).toEqual([]);
  }, 300_000);

  it('answers what works', async () => {
    for (const set of sets) await replayRecordings(loadRecordings(set.folder));
    await walkManagement(async (method, path, body) => {
      const { status, text, json } = await lab.manage(method, path, body);
      if (status >= 400) throw new Error(`${method} ${path}: ${status} ${text}`);
      return json as Record<string, string>;
    }, MANAGER.id);
    await walkSignIn(lab);
    const refused = new Set(
      [...experienceNotServed, ...managementNotServed, ...accountNotServed].map(
        ([method, url]) => `${method} ${url}`,
      ),
    );
    const without = lab.mock.routes
      .filter(({ method, url }) => url.startsWith('/api/') && method !== 'HEAD')
      .map(({ method, url }) => `${method} ${url}`)
      .filter((route) => !worked.has(route) && !refused.has(route));
    expect(without).toEqual([]);
  }, 300_000);
});
