/** The bodies of the suite `ways-in`: who has no proof gets no session, whichever way they come. */
import { demand } from '../../errors.ts';
import { demandSession } from '../../visitor/arrival.ts';
import { noneKnown } from '../paths-known.ts';
import { newcomer, placesFor } from '../people/keeps-apart.ts';
import { lookAround } from '../people/look.ts';
import {
  bareNames,
  claimsOfVictim,
  filledWithOffer,
  foreignTokens,
  NOTHING,
  type Offer,
  USUAL_FIELDS,
  unsignedTokens,
  usualPasswords,
  type Victim,
  withPlus,
} from './offers.ts';
import { triesBeside, waysBeside } from './routes.ts';
import { fieldsFor, type Gained, type Try, tryAll, type WaysBody } from './tries.ts';

/** In seconds. */
const DAY = 86_400;

/** Client id of an app that has nothing to do with the one under test, at the same tenant. */
const ANOTHER_APP = 'another-app';

/** Kinds of providers that make a session of a form, with nobody else asked. */
const BY_FORM = /^(?:credentials|unknown)$/;

interface Scene {
  victim: Victim;
  /** Providers beside Logto that take a form, with the fields that they ask for. */
  ways: { id: string; fields: string[] }[];
}

/** A member whom others would like to be, who has been everywhere; and the forms of the sign-in page. */
const begin = (body: WaysBody): Promise<Scene> =>
  body.step(
    'control',
    async () => {
      const { visitor, somebody, lab } = body;
      const member = await visitor(await somebody(newcomer('Ada')));
      demandSession(await member.signIn());
      await lookAround(member, lab, await placesFor(body));
      const { person } = member;
      const stranger = await visitor();
      const pages = await Promise.all(
        [
          `${lab.app.basePath}/signin`,
          ...(lab.config.pages.signIn?.startsWith('/') ? [lab.config.pages.signIn] : []),
        ].map(async (path) =>
          stranger.agent.follow(await stranger.get(path), ({ origin }) => origin !== lab.app.origin),
        ),
      );
      const ways = (lab.app.ways ?? [])
        .filter(({ id, type }) => id !== lab.app.provider && BY_FORM.test(type))
        .map(({ id }) => ({ id, fields: fieldsFor(pages, `${lab.app.basePath}/callback/${id}`) }));
      return {
        victim: {
          id: person.userId ?? '',
          name: person.name ?? '',
          email: person.email ?? '',
          phone: person.phone,
        },
        ways,
      };
    },
    ({ ways }) =>
      ways.length
        ? `Beside Logto the app has ${ways.map(({ id, fields }) => `${id} (${fields.join(', ') || 'fields unknown'})`).join(', ')}.`
        : 'The app has no way in that takes a form.',
  );

/** A form that is posted to the callback of a provider, as the pages of Auth.js do. */
const post =
  (id: string, form: Record<string, string>): Try['send'] =>
  async (browser) => {
    const csrfToken = await browser.csrfToken();
    return browser.agent.hop(browser.at(`/callback/${id}`), {
      method: 'POST',
      form: { ...(csrfToken && { csrfToken }), callbackUrl: '/', ...form },
    });
  };

const triesOf = ({ ways, victim }: Scene, offers: readonly Offer[]): Try[] =>
  ways.flatMap(({ id, fields }) =>
    offers.flatMap((offer) => {
      const form = filledWithOffer([...fields, ...USUAL_FIELDS], offer);
      const plus = withPlus(form, victim);
      const forms =
        offer === NOTHING[0]
          ? [{}, form]
          : JSON.stringify(plus) === JSON.stringify(form)
            ? [form]
            : [form, plus];
      return forms.map((each) => ({
        way: id,
        told: offer.told,
        said: [...Object.values(each), ...(offer.token ? Object.values(victim) : [])],
        send: post(id, each),
      }));
    }),
  );

/** What is told of a session that nobody should have. */
export const toldOf = ({ by, session, opened, as }: Gained): string => {
  const members = Object.keys(session.user ?? {}).join(', ');
  return `Signed in by ${by.way} somebody who gave ${by.told}, ${
    as === 'chosen' ? 'as who they said they are' : 'always as the same person'
  }: ${opened ? `the key in its answer opens ${opened}, which tells ${members || 'nothing'}` : `the session has ${members || 'no user'}`}.`;
};

const demandNone = async (tries: readonly Try[], body: WaysBody): Promise<string> => {
  const { gained, guests } = await tryAll(tries, body);
  demand(!gained, () => toldOf(gained as Gained));
  return guests.length
    ? `Made new guests of nobody by ${[...new Set(guests.map(({ by }) => by.way))].join(', ')}: see ways-in/guests.`
    : `Refused ${tries.length} tries.`;
};

const NO_WAY = 'the app lists no provider beside Logto that takes a form (credentials)';

const offering =
  (offersFor: (scene: Scene, body: WaysBody) => readonly Offer[]) =>
  async (body: WaysBody): Promise<void> => {
    const scene = await begin(body);
    if (scene.ways.length === 0) body.notApplicable(NO_WAY);
    await body.step(
      'fault',
      () => demandNone(triesOf(scene, offersFor(scene, body)), body),
      (ending) => ending,
    );
  };

const claimsFor = ({ victim }: Scene, { lab }: WaysBody) =>
  claimsOfVictim(victim, lab.issuer, lab.config.target.clientId);

export const takesNothing = offering(() => NOTHING);
export const takesNoBareName = offering(({ victim }) => bareNames(victim));
export const takesNoUsualPassword = offering(({ victim }) => usualPasswords(victim));
export const takesNoUnsignedToken = offering((scene, body) => unsignedTokens(claimsFor(scene, body)));
export const takesNoForeignToken = offering((scene, body) => foreignTokens(claimsFor(scene, body)));

/**
 * The body of `ways-in/token-of-elsewhere`: somebody has come by a token that Logto did give out, at another app that the member uses,
 * or long ago, and gives it to each provider that takes a form and to each path of the app that reads like a sign-in.
 */
export async function takesNoTokenOfElsewhere(body: WaysBody): Promise<void> {
  const scene = await begin(body);
  const { victim } = scene;
  if (scene.ways.length === 0 && waysBeside(body.lab, victim, false).length === 0)
    noneKnown(
      body.lab,
      body.notApplicable,
      `${NO_WAY}, and its sources name no path that reads like a sign-in`,
    );
  const { iss: _, aud, sub, iat: __, exp: ___, ...claims } = claimsFor(scene, body);
  const signed = (audience: string, expiresIn?: number) =>
    body.control.accessToken({ audience, subject: String(sub), claims, ...(expiresIn && { expiresIn }) });
  await body.control.putApplication(ANOTHER_APP, { redirectUris: ['https://another-app.example/callback'] });
  const access = (more: { opaque: true } | { audience: string }) =>
    body.control.accessToken({
      scope: 'openid profile email phone',
      clientId: ANOTHER_APP,
      subject: String(sub),
      ...more,
    });
  await body.step(
    'fault',
    async () => {
      const offers = [
        { told: 'an ID token of Logto for another app', token: await signed(ANOTHER_APP) },
        { told: 'an ID token of Logto that ended a day ago', token: await signed(String(aud), -DAY) },
        { told: 'an access token of Logto for another app', token: await access({ opaque: true }) },
        {
          told: 'an access token of Logto for the API of another app',
          token: await access({ audience: 'https://api.another-app.example' }),
        },
      ];
      const triesWith = (offer: { told: string; token: string }) => [
        ...triesOf(scene, [offer]),
        ...triesBeside(body.lab, victim, { ...offer, guessed: false }),
      ];
      const [unsigned] = unsignedTokens(claimsFor(scene, body));
      let tries = offers.flatMap(triesWith);
      const open: string[] = [];
      for (;;) {
        const { gained } = await tryAll(tries, body);
        if (!gained) return { count: tries.length, open };
        const { way } = gained.by;
        // A way that takes a token which nobody signed looks at none: ways-in/unsigned-token and ways-in/left-open tell it.
        const alike = unsigned ? triesWith(unsigned).filter((each) => each.way === way) : [];
        demand((await tryAll(alike, body)).gained, () => toldOf(gained));
        open.push(way);
        tries = tries.filter((each) => each.way !== way);
      }
    },
    ({ count, open }) =>
      `Refused ${count} tries.${open.length ? ` Left out: ${open.join(', ')}, where no token is looked at.` : ''}`,
  );
}

/** The body of `ways-in/left-open`: no path beside Auth.js makes a session of what anybody knows. */
export async function leavesNothingOpen(body: WaysBody): Promise<void> {
  const scene = await begin(body);
  const [unsigned] = unsignedTokens(claimsFor(scene, body));
  await body.step(
    'fault',
    () =>
      demandNone(
        triesBeside(body.lab, scene.victim, {
          token: unsigned?.token ?? '',
          told: 'a token that nobody signed',
          guessed: true,
        }),
        body,
      ),
    (ending) => ending,
  );
}

/** The body of `ways-in/session-posted`: nobody writes a session by posting one. */
export async function takesNoPostedSession(body: WaysBody): Promise<void> {
  const scene = await begin(body);
  const claims = claimsFor(scene, body);
  const tries = [
    { data: { ...claims, user: claims } },
    { data: { user: claims } },
    { user: claims, expires: '2099-01-01T00:00:00Z' },
  ].map(
    (json): Try => ({
      way: 'POST /session',
      told: 'a session of their own making',
      said: [scene.victim.id, scene.victim.email],
      async send(browser) {
        const csrfToken = await browser.csrfToken();
        return browser.agent.hop(browser.at('/session'), {
          method: 'POST',
          json: { ...(csrfToken && { csrfToken }), ...json },
        });
      },
    }),
  );
  await body.step(
    'fault',
    () => demandNone(tries, body),
    (ending) => ending,
  );
}

/** The body of `ways-in/guests`: told where the app lets people in as somebody new, whom nobody else is. */
export async function letsNobodyInAsGuest(body: WaysBody): Promise<void> {
  const scene = await begin(body);
  if (scene.ways.length === 0) body.notApplicable(NO_WAY);
  await body.step(
    'fault',
    async () => {
      const { guests } = await tryAll(
        triesOf(scene, [...NOTHING, ...bareNames(scene.victim).slice(0, 1)]),
        body,
      );
      const [guest] = guests;
      demand(!guest, () => `Lets people in by ${guest?.by.way} who prove nothing, each as somebody new.`);
    },
    () => 'Lets in nobody who proves nothing.',
  );
}

/** The body of `ways-in/email-link`: a link that signs in goes to a mailbox, and cannot be made up. */
export async function sendsLinksByMailAlone(body: WaysBody): Promise<void> {
  const { lab, notApplicable, visitor, step } = body;
  const ways = (lab.app.ways ?? []).filter(({ type }) => type === 'email');
  if (ways.length === 0) notApplicable('the app lists no provider that signs in by e-mail');
  const { victim } = await begin(body);
  await step(
    'fault',
    async () => {
      for (const { id } of ways) {
        const browser = await visitor();
        const csrfToken = await browser.csrfToken();
        const form = { ...(csrfToken && { csrfToken }), callbackUrl: '/', email: victim.email };
        const answer = await browser.agent.hop(browser.at(`/signin/${id}`), { method: 'POST', form });
        const shown = await browser.agent.follow(answer, ({ origin }) => origin !== lab.app.origin);
        const link = /callback\/[\w-]+\?[^"'\s]*token=[\w-]{8,}/.exec(
          `${answer.location?.href ?? ''}\n${answer.text}\n${shown.text}`,
        );
        demand(!link, `Answered whoever asked with the link of ${id} that belongs into a mailbox.`);
        for (const token of ['', '0', 'undefined', 'somebody-made-this-up']) {
          const address = `${browser.at(`/callback/${id}`)}?${new URLSearchParams({ token, email: victim.email, callbackUrl: '/' })}`;
          await browser.agent.hop(address);
          demand(
            !(await browser.session()),
            `Took a link of ${id} with the token "${token}", which it never sent.`,
          );
        }
      }
    },
    () => 'Sends links to mailboxes alone, and takes none that was made up.',
  );
}
