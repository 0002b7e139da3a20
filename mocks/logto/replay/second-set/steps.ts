/**
 * What the recorder of the second set did between two exchanges without writing it down (its README, "State"): settings
 * and people by flow, sign-ins by the exchange that needs them. A step of a flow is taken once, before the first
 * exchange of its numbers, so that it does not matter which of them are there.
 */
import { reroute } from '../../connector.ts';
import { askAs, putEvent, sendCode, verifyCode } from '../experience-steps.ts';
import type { Wanted } from '../mint.ts';
import { basicOf, bodyOf, claimsOf, type Recording } from '../recordings.ts';
import type { Replay, Step } from '../state.ts';
import {
  BEN,
  billsAndScope,
  createPerson,
  disposable,
  emailOrPhone,
  emailOrPhoneAgain,
  knowSecret,
  manage,
  noPwnedCheck,
  otherOrganization,
  PASSWORD,
  plainWeb,
  registrationToo,
  secondApplication,
  spaAlwaysIssues,
  WEB,
} from './tenant.ts';

/** Where the recorder caught what the connectors and the back-channel sent. */
const CATCHER = 'http://127.0.0.1:3399';

export async function beginSecondSet({ world }: Replay): Promise<void> {
  world.atEnd(reroute(CATCHER, world.carrier.origin));
}

const FACTOR_SCOPES = 'openid profile email phone offline_access';
const ORGANIZATION_SCOPES =
  'openid offline_access urn:logto:scope:organizations urn:logto:scope:organization_roles';
const codeIn = (recording: Recording) => bodyOf(recording).code ?? '';
const ben = ({ pairs }: Replay) => pairs.live(BEN);

/** Exchanges the code of a recording for a live one, asked for with these parameters. */
const code =
  (wanted: Partial<Wanted>, jars?: Map<string, Map<string, string>>, browser = ''): Step =>
  async (replay, recording) => {
    const recorded = codeIn(recording);
    if (!recorded || replay.pairs.has(recorded)) return;
    const jar = jars?.get(browser) ?? new Map<string, string>();
    jars?.set(browser, jar);
    const all = { ...replay.provision.wantedFor(recorded), accountId: ben(replay), ...wanted, jar };
    replay.pairs.set(recorded, await replay.provision.code(all));
  };

/** Stock Auth.js, without prompt=consent. */
const STOCK = { scope: 'openid offline_access profile email', consent: false };
const stockBrowsers = new WeakMap<Replay, Map<string, Map<string, string>>>();
const stock =
  (wanted: Partial<Wanted> = {}): Step =>
  async (replay, recording) => {
    const jars = stockBrowsers.get(replay) ?? new Map();
    stockBrowsers.set(replay, jars);
    const browser = /same browser/.test(recording.note ?? '') ? 'first' : `${recording.number}`;
    const first = jars.has('first') ? browser : 'first';
    const consent = /prompt=consent/.test(recording.note ?? '');
    await code({ ...STOCK, consent, ...wanted }, jars, first)(replay, recording);
  };

/** Sends and verifies a code of which only the verification id is known. */
const proven =
  (identifier: { type: 'phone' | 'email'; value: string }, recordedId: string): Step =>
  async (replay, recording) => {
    if (replay.pairs.has(recordedId)) return;
    await replay.provision.prepare(recording);
    await putEvent(replay, recording, 'SignIn');
    const id = await sendCode(replay, recording, identifier.value, 'SignIn', recordedId, identifier.type);
    await verifyCode(replay, recording, identifier.value, id);
  };

/** Signs in by username and password, as far as identification. */
const byPassword =
  (username: string): Step =>
  async (replay, recording) => {
    await replay.provision.prepare(recording);
    await putEvent(replay, recording, 'SignIn');
    const identifier = { type: 'username', value: username };
    const verified = await askAs(replay, recording, 'POST', '/api/experience/verification/password', {
      identifier,
      password: PASSWORD,
    });
    await askAs(replay, recording, 'POST', '/api/experience/identification', verified.body);
  };

const newWithPassword: Step = async (replay, recording) => {
  await replay.provision.prepare(recording);
  await putEvent(replay, recording, 'Register');
  const add = (body: unknown) => askAs(replay, recording, 'POST', '/api/experience/profile', body);
  await add({ type: 'username', value: 'eve_replayed' });
  await add({ type: 'password', value: PASSWORD });
};

/** cat, dan, fay and gus; cat's name is the recorded one. */
const peopleWithFactors: Step = async (replay) => {
  await createPerson(replay, 'cat_mwvjhvbr', '12015550111');
  await createPerson(replay, 'dan_replayed');
  await createPerson(replay, 'fay_replayed');
  await createPerson(replay, 'gus_replayed', '12015550113');
};

const hal: Step = async (replay, recording) => {
  const { id } = await createPerson(replay, 'hal_replayed', '12015550121');
  await manage(replay, 'POST', '/users', { primaryPhone: '12015550123' });
  const edit = ['name', 'avatar', 'profile', 'phone', 'username', 'password'];
  const fields = { ...Object.fromEntries(edit.map((field) => [field, 'Edit'])), email: 'ReadOnly' };
  await manage(replay, 'PATCH', '/account-center', { enabled: true, fields });
  const tokens = await replay.provision.tokens({
    clientId: replay.pairs.live(WEB),
    accountId: id,
    scope: FACTOR_SCOPES,
  });
  const recorded = /^Bearer ([\w-]{43})$/.exec(recording.request.headers.authorization ?? '')?.[1];
  if (recorded) replay.pairs.set(recorded, tokens.access_token as string);
};

/** The number of another person is proven, too, before somebody asks for it. */
const provenNumber =
  (phone: string, recordedId: string): Step =>
  async (replay, { request }) => {
    const token = replay.pairs.live(request.headers.authorization ?? '');
    const id = replay.pairs.get(recordedId);
    if (!id) return;
    await replay.world.ask({
      method: 'POST',
      path: '/api/verifications/verification-code/verify',
      headers: { authorization: token, 'content-type': 'application/json' },
      body: JSON.stringify({
        identifier: { type: 'phone', value: phone },
        verificationId: id,
        code: replay.sent.get(id),
      }),
    });
  };

const valueIn = (replay: Replay, number: number, find: (one: Recording) => string | undefined) => {
  const known = replay.recordings.find((one) => one.number === number);
  return known && find(known);
};
const sessionIn = ({ request }: Recording) => /_session=([\w-]{43})/.exec(request.headers.cookie ?? '')?.[1];

/** Ben signs in at the first application, in the browser that then meets the second. */
const benAtTheFirst: Step = async (replay) => {
  const { provision, pairs } = replay;
  const hint = valueIn(replay, 970, ({ request }) => /id_token_hint=([\w.-]+)/.exec(request.path)?.[1]);
  const jar = new Map<string, string>();
  const tokens = await provision.tokens({
    clientId: pairs.live(WEB),
    accountId: ben(replay),
    scope: FACTOR_SCOPES,
    nonce: claimsOf(hint)?.nonce as string | undefined,
    jar,
  });
  const session = valueIn(replay, 964, sessionIn);
  const refresh = valueIn(replay, 975, (one) => bodyOf(one).refresh_token);
  if (session) provision.session(session, jar);
  if (hint) pairs.set(hint, tokens.id_token as string);
  if (refresh) pairs.set(refresh, tokens.refresh_token as string);
};

const suspended: Step = async (replay) => {
  const { provision, pairs } = replay;
  const { id } = await manage<{ id: string }>(replay, 'POST', '/users', { primaryPhone: '12015550131' });
  const jar = new Map<string, string>();
  const tokens = await provision.tokens({ clientId: pairs.live(WEB), accountId: id, jar });
  const bearer = valueIn(
    replay,
    977,
    ({ request }) => /^Bearer ([\w-]{43})$/.exec(request.headers.authorization ?? '')?.[1],
  );
  const session = valueIn(replay, 999, sessionIn);
  if (bearer) pairs.set(bearer, tokens.access_token as string);
  if (session) provision.session(session, jar);
  await manage(replay, 'PATCH', `/users/${id}/is-suspended`, { isSuspended: true });
};

const refreshWithout: Step = async (replay, recording) => {
  const recorded = bodyOf(recording).refresh_token ?? '';
  if (!recorded || replay.pairs.has(recorded)) return;
  const wanted = { clientId: replay.pairs.live(WEB), accountId: ben(replay), scope: FACTOR_SCOPES };
  replay.pairs.set(recorded, (await replay.provision.tokens(wanted)).refresh_token as string);
};

const mailsFail: Step = async ({ world }) =>
  world.carrier.answer('/email', { status: 500, body: 'carrier down' });
const mailsPass: Step = async ({ world }) => world.carrier.answer('/email');

/** Taken once, before the first exchange of these numbers. */
const flows: [first: number, last: number, ...steps: Step[]][] = [
  [862, 893, billsAndScope],
  [780, 835, noPwnedCheck],
  [788, 835, emailOrPhoneAgain],
  [832, 833, mailsFail],
  [834, 835, mailsPass],
  [895, 908, registrationToo, secondApplication],
  [848, 850, plainWeb],
  [853, 855, plainWeb],
  [855, 857, spaAlwaysIssues],
  [857, 858, plainWeb],
  [909, 941, registrationToo],
  [911, 941, peopleWithFactors],
  [923, 931, byPassword('dan_replayed')],
  [932, 933, newWithPassword],
  [935, 938, byPassword('fay_replayed')],
  [940, 941, byPassword('gus_replayed')],
  [942, 961, emailOrPhone, hal],
  [953, 953, provenNumber('12015550123', 'byu8b8nrd7fytqv12i94l')],
  [963, 976, benAtTheFirst],
  [978, 998, otherOrganization],
  [977, 999, suspended],
];

/** Before exactly this exchange. */
const single: Record<number, Step> = {
  735: disposable,
  831: proven({ type: 'phone', value: '610412345678' }, 'usn04v8xka0lbhp8vykd8'),
  848: stock(),
  850: stock(),
  852: stock(),
  856: stock(),
  858: stock(),
  984: code({ scope: ORGANIZATION_SCOPES, resource: 'urn:logto:resource:organizations' }),
  991: refreshWithout,
  994: code({
    scope: 'openid offline_access urn:logto:scope:organizations read:orders write:orders',
    resource: 'https://api.example.com/orders',
  }),
};

const taken = new WeakMap<Replay, Set<number>>();

const flowSteps =
  (number: number): Step =>
  async (replay, recording) => {
    const done = taken.get(replay) ?? new Set();
    taken.set(replay, done);
    for (const [at, [first, last, ...steps]] of flows.entries()) {
      if (number < first || number > last || done.has(at)) continue;
      done.add(at);
      for (const step of steps) await step(replay, recording);
    }
  };

export const secondSteps = (recording: Recording): Step[] => [
  flowSteps(recording.number),
  knowSecret(basicOf(recording)),
  ...(single[recording.number] ? [single[recording.number] as Step] : []),
];
