/**
 * What the recorder did between two recordings without writing it down, by the number of the exchange it prepares.
 * Most is inferred (provision.ts, experience-steps.ts); here stands what cannot be: settings, ages, several tries.
 */
import type { SignInExperience } from '../tenant.ts';
import { askAs, putEvent, sendCode, verifyCode } from './experience-steps.ts';
import { PERSON, type Wanted } from './mint.ts';
import { bodyOf, claimsOf, type Recording } from './recordings.ts';
import type { Replay, Step } from './state.ts';
import { findUser } from './world.ts';

const DAY = 86_400;
const INTERACTION = /_interaction=(\{[^;]*\})/;

const inOrder =
  (...steps: Step[]): Step =>
  async (replay, recording) => {
    for (const step of steps) await step(replay, recording);
  };

const settings =
  (change: Partial<SignInExperience>): Step =>
  async ({ world }) => {
    Object.assign(world.mock.context.tenant.signInExperience, change);
  };

const later =
  (seconds: number, scope?: string): Step =>
  async ({ world }) =>
    world.mock.context.clock.advance(seconds, scope);

const begin =
  (event: string): Step =>
  async (replay, recording) => {
    await replay.provision.prepare(recording);
    await putEvent(replay, recording, event);
  };

/** Sends a code unless the recorded verification id is known from an earlier exchange. */
const send =
  (phone: string, event: string, recordedId: string): Step =>
  async (replay, recording) => {
    await replay.provision.prepare(recording);
    if (!replay.pairs.has(recordedId)) await sendCode(replay, recording, phone, event, recordedId);
  };

const verified =
  (phone: string, recordedId: string): Step =>
  async (replay, recording) => {
    await verifyCode(replay, recording, phone, replay.pairs.get(recordedId) ?? '');
  };

const wrongTries =
  (times: number, phone: string, recordedId: string): Step =>
  async (replay, recording) => {
    for (let n = 0; n < times; n += 1) {
      await verifyCode(replay, recording, phone, replay.pairs.get(recordedId) ?? '', '111111');
    }
  };

/** Runs a step only when a recording that would have done the same is not among those replayed. */
const unlessRecorded =
  (number: number, step: Step): Step =>
  async (replay, recording) => {
    if (!replay.recordings.some((one) => one.number === number)) await step(replay, recording);
  };

/** Changes the person's profile as the Management API would. */
const profile =
  (phone: string, change: Record<string, unknown>): Step =>
  async ({ world }) => {
    const user = findUser(world, phone);
    const { users } = world.mock.context.tenant;
    if (user) await users.update(user as never, { data: (row: object) => void Object.assign(row, change) });
  };

/** Tokens that only this request uses, in a scope that then grows older by so many seconds. */
const agedTokens =
  (seconds: number, wanted: Wanted = {}): Step =>
  async ({ world, provision, pairs }, recording) => {
    const { request } = recording;
    const mockScope = await world.openScope();
    const tokens = await provision.tokens({ nonce: nonceIn(recording), ...wanted, mockScope });
    world.mock.context.clock.advance(seconds, mockScope);
    const access = /^Bearer ([\w-]{43})$/.exec(request.headers.authorization ?? '')?.[1];
    const refresh = new URLSearchParams(request.body ?? '').get('refresh_token');
    if (access) pairs.set(access, tokens.access_token as string);
    if (refresh) pairs.set(refresh, tokens.refresh_token as string);
  };

/** Signs in and pairs the session, and tokens from it, with the recorded ones. */
const signedIn =
  (recorded: { session?: string; access?: string; refresh?: string }, wanted: Wanted = {}): Step =>
  async ({ provision, pairs }) => {
    const jar = new Map<string, string>();
    const tokens = await provision.tokens({ ...wanted, jar });
    if (recorded.session) provision.session(recorded.session, jar);
    if (recorded.access) pairs.set(recorded.access, tokens.access_token as string);
    if (recorded.refresh) pairs.set(recorded.refresh, tokens.refresh_token as string);
  };

/** The nonce of the sign-in that a refresh answer belongs to. */
const nonceIn = ({ response }: Recording) =>
  claimsOf((response.body as { id_token?: string } | null)?.id_token)?.nonce as string | undefined;

const codeIn = ({ request }: Recording) => new URLSearchParams(request.body ?? '').get('code') ?? '';
const BOB = '14155550130';

/** Tokens of the person who is about to be deleted; whatever refresh token is tried afterwards is theirs. */
const bobSignedIn =
  (recorded: { session: string; access: string }): Step =>
  async (replay, recording) => {
    const after = replay.recordings.filter(({ number }) => number > recording.number && number < 660);
    const refresh = after.map((one) => bodyOf(one).refresh_token).find(Boolean);
    await signedIn({ ...recorded, refresh }, { phone: BOB })(replay, recording);
  };

const liveBearer = ({ pairs }: Replay, authorization: string) =>
  authorization.replace(/[\w-]{43}/, (token) => pairs.get(token) ?? token);

/** Sends a code to the person's new number through the account API and verifies it. */
async function verifyNumber(replay: Replay, headers: Record<string, string>, phone: string): Promise<string> {
  const { world } = replay;
  const identifier = { type: 'phone', value: phone };
  const post = (path: string, body: unknown) =>
    world.ask({
      method: 'POST',
      path: `/api/verifications/verification-code${path}`,
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const id = ((await post('', { identifier })).body as { verificationRecordId: string }).verificationRecordId;
  await post('/verify', { identifier, verificationId: id, code: world.carrier.codeFor(phone) });
  return id;
}

/** Request headers that the recorder did not keep. */
export const leftOut: Record<number, Record<string, string>> = {
  645: { 'logto-verification-id': '5kf24dok3u6emj1rc11g7' },
};

export const offRecord: Record<number, Step> = {
  302: inOrder(begin('SignIn'), send(PERSON, 'SignIn', 'gr9txfpmkilu941n2dfpi')),
  306: inOrder(send(PERSON, 'SignIn', 'i8v90oehedmq2q6uua7aw'), later(660)),
  309: wrongTries(8, '14155550103', 'laqm64b33xebxtkenjze4'),
  320: unlessRecorded(
    319,
    inOrder(
      send('14155550188', 'SignIn', 'et77oglcuo4nh9cucfdhs'),
      wrongTries(1, '14155550188', 'et77oglcuo4nh9cucfdhs'),
    ),
  ),
  324: settings({ sentinelPolicy: {} }),
  325: settings({ signInMode: 'SignIn', verificationCodePolicy: {} }),
  326: inOrder(later(660), begin('SignIn')),
  328: begin('Register'),
  330: unlessRecorded(329, verified('14155550176', 'b0qqqga8p5ruog8u3e2bj')),
  331: inOrder(
    settings({
      signInMode: 'SignInAndRegister',
      signUp: { identifiers: ['phone'], password: true, verify: true },
    }),
    begin('Register'),
    send('14155550175', 'Register', 'pdsibhxf7xzejqp01z2fe'),
    verified('14155550175', 'pdsibhxf7xzejqp01z2fe'),
  ),
  336: inOrder(
    settings({
      signUp: { identifiers: ['phone'], password: false, verify: true },
      signIn: {
        methods: [{ identifier: 'phone', password: true, verificationCode: false, isPasswordPrimary: true }],
      },
    }),
    begin('SignIn'),
  ),
  337: verified(PERSON, 'sfrp0eia0qd9styevk19i'),
  338: inOrder(
    async ({ world, pairs }) => pairs.set('pr2eyd6ytbam', findUser(world, '14155550102')?.id ?? ''),
    settings({
      signIn: {
        methods: [{ identifier: 'phone', password: true, verificationCode: true, isPasswordPrimary: false }],
      },
    }),
  ),
  339: inOrder(
    begin('SignIn'),
    send('14155550102', 'SignIn', '2hdmzeuvp4eqmknrcvjlt'),
    verified('14155550102', '2hdmzeuvp4eqmknrcvjlt'),
  ),
  381: later(660),
  398: async (replay, recording) => {
    const answer = await askAs(replay, recording, 'POST', '/api/experience/verification/password', {
      identifier: { type: 'phone', value: PERSON },
      password: 'Kj7#violetHarbor',
    });
    replay.pairs.set('9ysd2gpp9hwhh919rtery', (answer.body as { verificationId: string }).verificationId);
  },
  419: async ({ world, provision, pairs }, recording) => {
    const mockScope = await world.openScope();
    pairs.set(
      codeIn(recording),
      await provision.code({ ...provision.wantedFor(codeIn(recording)), mockScope }),
    );
    world.mock.context.clock.advance(3600, mockScope);
  },
  426: async ({ provision, pairs }, recording) =>
    pairs.set(codeIn(recording), await provision.code({ verifier: null })),
  436: async ({ world }) => {
    await world.mock.putApplication({
      id: 'z1f9ljld8l58f755qc0mx',
      customClientMetadata: { alwaysIssueRefreshToken: true },
    });
  },
  443: profile(PERSON, {
    name: 'Ann Lee',
    username: 'annlee',
    avatar: 'https://example.test/a.png',
    primaryEmail: 'ann@example.test',
    profile: { familyName: 'Lee', givenName: 'Ann' },
  }),
  468: later(4),
  490: signedIn({
    access: 'bhgtTJYMiXbc8x5Z3LfhL9rcU4rWpMSmeWU7HQNcqNJ',
    refresh: 'xzMemVuVEk8ExwXgRe2o3n03j2lGm2o9Bnkri8JCB0M',
  }),
  496: signedIn({
    session: 'Z-lJw6OCI4fAew2WWcg3epGPQ_Sai5yZMyNEVH03yIp',
    access: '8amskwqYvFy_Dl2Nq0pc7n-4R4qzKHFtNnnHMQk-O0M',
  }),
  523: signedIn(
    {
      session: 'nEciE1PbogQ31JcSsC495zG7ruQSItS2Zb-xNFuOW0A',
      access: 'bWyIJ6ED5u1GuTLc3lwWFnQx7hFLBldDdbPwqgPqAkl',
    },
    { scope: 'openid profile email phone' },
  ),
  601: agedTokens(11 * DAY),
  603: later(4),
  605: agedTokens(15 * DAY),
  607: async ({ provision, pairs }, recording) => {
    const { request } = recording;
    const tokens = await provision.tokens({
      resource: 'https://api.example.test',
      nonce: nonceIn(recording),
    });
    pairs.set(
      new URLSearchParams(request.body ?? '').get('refresh_token') ?? '',
      tokens.refresh_token as string,
    );
  },
  612: async ({ provision }, { request }) => {
    const value = INTERACTION.exec(request.headers.cookie ?? '')?.[1] ?? '';
    if (provision.knows(value)) return;
    await provision.interaction(value, undefined, {
      scope: '',
      prompt: 'consent',
      state: 'TWdBHeSegwZ8SKxhrCbJxQ',
    });
  },
  619: async ({ world, provision }, { request }) => {
    const mockScope = await world.openScope();
    await provision.interaction(INTERACTION.exec(request.headers.cookie ?? '')?.[1] ?? '', mockScope);
    world.mock.context.clock.advance(3700, mockScope);
  },
  620: async ({ provision }, { request }) => {
    const value = INTERACTION.exec(request.headers.cookie ?? '')?.[1] ?? '';
    await provision.interaction(value);
    provision.tamper(value);
  },
  637: later(660),
  644: async (replay, { request }) => {
    const headers = { authorization: liveBearer(replay, request.headers.authorization ?? '') };
    const id = await verifyNumber(replay, headers, '14155550140');
    replay.pairs.set('ut5hsmkr4c01lcfxu9j6o', id);
  },
  648: async ({ world, pairs }) => {
    const answer = await world.ask({
      method: 'POST',
      path: '/api/one-time-tokens',
      headers: {
        authorization: `Bearer ${await world.managementToken()}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ email: 'ott@example.test' }),
    });
    pairs.set('MrvVVLiWJrbVX842ZbpADEgKxfaCcfK9', (answer.body as { token: string }).token);
  },
  649: async ({ world, pairs }) =>
    pairs.set('cvl0cbnlpld6', world.mock.context.tenant.connectors.findFirst()?.id ?? ''),
  652: bobSignedIn({
    session: 'DPOdH0hNRRmghYu7YqszhT3h5dj-02NoUG9ub9bZkZF',
    access: 'DbE81MJlGm-u-G3uCrk9weftqcoRhxQ8hAvya8MvbDh',
  }),
  664: inOrder(profile('14155550140', { primaryPhone: PERSON }), profile(PERSON, { customData: { k: 1 } })),
  661: agedTokens(3600 + 100),
};
