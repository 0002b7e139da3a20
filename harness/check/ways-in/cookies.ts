/** Session cookies that can be read: what stands in them, and whether they can be written. */
import type { Issued } from '../../../mocks/issued.ts';
import { demand } from '../../errors.ts';
import { demandSession } from '../../visitor/arrival.ts';
import { WEAK_SECRETS } from '../../visitor/mint-session.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { addToIndex, type IssuedIndex, issuedIn } from '../issued-in.ts';
import { newcomer } from '../people/keeps-apart.ts';
import { forgedFrom, type ReadableCookie, readCookie } from '../readable-cookie.ts';
import type { WaysBody } from './tries.ts';

interface Held {
  key: string;
  cookie: ReadableCookie;
  /** Other cookies of the member: some apps keep the signature in one of its own. */
  others: { key: string; value: string }[];
}

/** The session cookie of a new member, when it can be read. */
async function readableOf(browser: Visitor, origin: string): Promise<Held | undefined> {
  const held = await browser.sessionCookies();
  const cookie = readCookie(held.map(({ value }) => value).join(''));
  const [first] = held;
  if (!first || !cookie) return undefined;
  const own = new Set(held.map(({ key }) => key));
  const all = await browser.agent.cookies(origin);
  return { key: first.key.replace(/\.\d+$/, ''), cookie, others: all.filter(({ key }) => !own.has(key)) };
}

const SEALED = 'the session cookie cannot be read: it is sealed, or an id';

const begin = async (body: WaysBody) => {
  const { visitor, somebody, step, lab, notApplicable } = body;
  const member = async (word: string) => {
    const browser = await visitor(await somebody(newcomer(word)));
    demandSession(await browser.signIn());
    return browser;
  };
  const found = await step(
    'control',
    async () => readableOf(await member('Eve'), lab.app.origin),
    (held) =>
      held
        ? `Keeps sessions in ${held.key}, which can be read (${held.cookie.form}).`
        : 'Keeps sessions where nobody reads them.',
  );
  return { held: found ?? notApplicable(SEALED), member };
};

/** The body of `ways-in/cookie-rewritten`. */
export async function takesNoRewrittenCookie(body: WaysBody): Promise<void> {
  const { visitor, step, lab } = body;
  const { held, member } = await begin(body);
  const { person } = await member('Ada');
  const wishes = {
    sub: person.userId,
    id: person.userId,
    userId: person.userId,
    name: person.name,
    email: person.email,
    phone: person.phone.replace(/\D/g, ''),
    role: 'admin',
  };
  const forged = forgedFrom(held.cookie, wishes, [
    ...WEAK_SECRETS,
    lab.config.target.clientId,
    lab.config.target.clientSecret,
  ]);
  await step(
    'fault',
    async () => {
      for (const { told, value } of forged) {
        const thief = await visitor();
        for (const each of [{ key: held.key, value }, ...held.others])
          await thief.agent.jar.setCookie(`${each.key}=${each.value}; Path=/`, lab.app.origin);
        demand(
          !(await thief.session()),
          `Took a session cookie that was ${told}: whoever reads theirs is anybody.`,
        );
      }
    },
    () => `Refused ${forged.length} cookies that were written anew.`,
  );
}

/** Never in the hands of a browser, in whatever form. */
const SECRETS = ['access token', 'refresh token', 'ID token', 'client secret', 'code verifier'];

/** The body of `ways-in/cookie-holds-no-token`. */
export async function holdsNoToken(body: WaysBody): Promise<void> {
  const { step, lab, control } = body;
  const { held } = await begin(body);
  await step(
    'fault',
    async () => {
      const { issued } = await control.call<{ issued: Issued[] }>('GET', '/issued?since=0');
      const index: IssuedIndex = new Map();
      const isAllowed = ({ kind }: Issued) =>
        kind === 'access token' && lab.config.features.includes('token-in-session');
      addToIndex(
        index,
        issued.filter((each) => SECRETS.includes(each.kind) && !isAllowed(each)),
      );
      const [found] = issuedIn(JSON.stringify(held.cookie.payload), index);
      demand(
        !found,
        () =>
          `Keeps the ${found?.kind} in ${held.key}, which whoever holds the cookie can read (${held.cookie.form}).`,
      );
    },
    () => 'Holds nothing that a browser must not have.',
  );
}

/** The body of `ways-in/cookie-sealed`. */
export async function sealsItsCookie(body: WaysBody): Promise<void> {
  const { held } = await begin(body);
  const names = Object.keys(held.cookie.payload).slice(0, 8).join(', ');
  await body.step('fault', async () =>
    demand(
      false,
      `Keeps sessions in ${held.key}, which whoever holds the cookie can read (${held.cookie.form}): ${names}.`,
    ),
  );
}
