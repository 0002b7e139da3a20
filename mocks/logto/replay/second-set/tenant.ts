/** Calls of the Management API that the recorder of the second set made without writing them down. */
import type { Recording } from '../recordings.ts';
import type { Replay, Step } from '../state.ts';

/** Ids as they were recorded. */
export const WEB = 'l1j1vfl5u0o56wulfyjva';
export const SPA = '3bnkh3cy0vr2wgk24gtuw';
export const MACHINE = '7ygw1ehj5p0y1i0npnspj';
const WEB_TWO = 'jt0jus2pnealfptlkrbo8';
const ORDERS = 'wb59keryshm3403dcnyfq';
const WRITE_ORDERS = 'o636n0a5v2be1p0ki5c5f';
/** The person of recording 802. */
export const BEN = 'g1n5280o2bor';
export const PASSWORD = 'Corr3ct-Horse-9';

/** @throws Error when the mock refuses */
export async function manage<Body = Record<string, unknown>>(
  { world }: Replay,
  method: string,
  path: string,
  body?: unknown,
): Promise<Body> {
  const answer = await world.ask({
    method,
    path: `/api${path}`,
    headers: {
      authorization: `Bearer ${await world.managementToken()}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (answer.status >= 300)
    throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body as Body;
}

const managed =
  (method: string, path: string, body?: unknown): Step =>
  async (replay) =>
    void (await manage(replay, method, replay.pairs.live(path), body));

/** Sends a recorded request of the Management API again. */
const again =
  (number: number, more: Record<string, unknown> = {}): Step =>
  async (replay) => {
    const known = replay.recordings.find((one) => one.number === number);
    if (!known) return;
    const { method, path, body } = known.request;
    await manage(replay, method, path.slice('/api'.length), { ...JSON.parse(body ?? '{}'), ...more });
  };

/** Recording 785, without second factors. */
export const emailOrPhone = again(785, { mfa: { factors: [], policy: 'UserControlled' } });
export const emailOrPhoneAgain = again(785);
export const noPwnedCheck = managed('PATCH', '/sign-in-exp', {
  passwordPolicy: { length: {}, characterTypes: {}, rejects: { pwned: false } },
});
export const registrationToo = managed('PATCH', '/sign-in-exp', { signInMode: 'SignInAndRegister' });
export const plainWeb = managed('PATCH', `/applications/${WEB}`, { customClientMetadata: {} });
export const spaAlwaysIssues = managed('PATCH', `/applications/${SPA}`, {
  customClientMetadata: { alwaysIssueRefreshToken: true },
});
/** An application that is only there to be deleted (735). */
export const disposable: Step = async (replay, { request }) => {
  const recorded = /applications\/([a-z0-9]{21})$/.exec(request.path)?.[1];
  if (!recorded || replay.pairs.has(recorded)) return;
  const body = { name: 'Disposable', type: 'Traditional' };
  replay.pairs.set(recorded, (await manage<{ id: string }>(replay, 'POST', '/applications', body)).id);
};

export const otherOrganization = managed('POST', '/organizations', { name: 'Elsewhere' });

export const billsAndScope: Step = async (replay) => {
  await manage(replay, 'POST', '/resources', { name: 'Bills', indicator: 'https://api.example.com/bills' });
  const path = replay.pairs.live(`/resources/${ORDERS}/scopes`);
  const scope = await manage<{ id: string }>(replay, 'POST', path, { name: 'write:orders' });
  replay.pairs.set(WRITE_ORDERS, scope.id);
};

export const secondApplication: Step = async (replay) => {
  const { id } = await manage<{ id: string }>(replay, 'POST', '/applications', {
    name: 'Web two',
    type: 'Traditional',
    oidcClientMetadata: {
      redirectUris: ['http://localhost:3000/two/callback'],
      postLogoutRedirectUris: ['http://localhost:3000/two'],
    },
  });
  replay.pairs.set(WEB_TWO, id);
};

/** A person of the Management API; their recorded id is learned when it is shown. */
export const createPerson = (replay: Replay, username: string, primaryPhone?: string) =>
  manage<{ id: string }>(replay, 'POST', '/users', { username, password: PASSWORD, primaryPhone });

/** The recorded secret of a client that shows up in Basic authentication before any answer told it. */
export async function pairSecret(replay: Replay, id: string, secret: string): Promise<void> {
  const { pairs, world } = replay;
  if (pairs.has(secret)) return;
  const first = world.secretOf(pairs.live(id));
  const isFirst = first && ![...replay.secretsUsed].includes(first);
  const live = isFirst
    ? first
    : (
        await manage<{ value: string }>(replay, 'POST', `/applications/${pairs.live(id)}/secrets`, {
          name: `secret ${secret.slice(0, 4)}`,
        })
      ).value;
  replay.secretsUsed.add(live);
  pairs.set(secret, live);
}

/** Where a recorded answer says that a client's secret was right, it has a live side. */
export const knowSecret =
  (basic: { id: string; secret: string } | undefined): Step =>
  async (replay, { response }: Recording) => {
    if (basic && response.status !== 401 && replay.world.secretOf(replay.pairs.live(basic.id)))
      await pairSecret(replay, basic.id, basic.secret);
  };
