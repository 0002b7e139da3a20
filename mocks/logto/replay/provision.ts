/**
 * Makes what a recorded request needs and no recorded answer gave: the recorder signed people in between the
 * exchanges it wrote down. What was asked for then is read off the recordings that use the value.
 */
import { SCOPE_HEADER } from '../../scope.ts';
import { parseInteractionCookie } from '../cookies.ts';
import { APPLICATION, createMint, PERSON, type Wanted } from './mint.ts';
import type { Pairs } from './pairs.ts';
import { bodyOf, claimsOf, clientOf, RECORDED_ORIGIN, type Recording } from './recordings.ts';
import { FULL_SCOPE, pkce, redirectUriOf, type World } from './world.ts';

export interface Provision {
  code(wanted: Wanted): Promise<string>;
  tokens(wanted: Wanted): Promise<Record<string, string>>;
  /** Makes sure that every code, token and cookie in a request has a live counterpart. */
  prepare(recording: Recording): Promise<void>;
  /** Cookies of a recorded request, live. */
  cookies(header: string): Map<string, string>;
  /** Remembers the cookies that an exchange set, on both sides. */
  learnCookies(recorded: readonly string[], live: readonly string[]): void;
  /** A code by the requests that use it. */
  wantedFor(code: string): Wanted;
  /** Makes an interaction for a recorded `_interaction` cookie; in a scope of the mocks when it has to age alone. */
  interaction(value: string, mockScope?: string, params?: Record<string, string>): Promise<void>;
  /** Whether a recorded `_interaction` cookie has a live side already. */
  knows(value: string): boolean;
  /** Remembers a jar's session as the live side of a recorded session id. */
  session(recorded: string, jar: Map<string, string>): void;
  /** Makes the signature of a recorded cookie wrong on the live side, too. */
  tamper(value: string): void;
  /** The live `_interaction` cookie's last uid, for a recorded cookie header. */
  uidIn(header: string): string;
}

const parseCookies = (header: string): [name: string, value: string][] =>
  header.split(/;\s*/).map((pair) => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at), pair.slice(at + 1)];
  });

export function createProvision(world: World, recordings: readonly Recording[], pairs: Pairs): Provision {
  const cookieOf = new Map<string, string>();
  const hints = new Map<string, string>();

  const { accountOf, code, tokens } = createMint(world);

  const using = (name: string, value: string) => recordings.filter((one) => bodyOf(one)[name] === value);

  const wantedFor = (recordedCode: string): Wanted => {
    const uses = using('code', recordedCode);
    const good = uses.find(({ response }) => response.status === 200);
    const body = good?.response.body as Record<string, string> | undefined;
    const claims = claimsOf(body?.id_token);
    const verifiers = (good ? [good] : uses).map((one) => bodyOf(one).code_verifier);
    const verifier = verifiers.find((text) => text && !/^x+$/.test(text) && text.length >= 43);
    const client = good ? clientOf(good) : undefined;
    const person = claims?.sub === undefined ? undefined : pairs.get(String(claims.sub));
    return {
      clientId: client && pairs.live(client),
      ...(person && { accountId: person }),
      scope: body?.scope || FULL_SCOPE,
      resource: uses.map((one) => bodyOf(one).resource).find(Boolean),
      nonce: claims?.nonce as string | undefined,
      verifier: good && verifiers[0] === undefined ? null : verifier,
      consent: !body || body.refresh_token !== undefined || !body.scope?.includes('offline_access'),
    };
  };

  async function interaction(
    value: string,
    mockScope?: string,
    params: Record<string, string> = {},
  ): Promise<void> {
    const name = '_interaction';
    const headers: Record<string, string> = mockScope ? { [SCOPE_HEADER]: mockScope } : {};
    const jar = new Map<string, string>();
    const uids = parseInteractionCookie(value);
    const clients = Object.keys(uids).filter((id) => id !== '_legacy');
    const last = clients.filter((id) => uids[id] === uids._legacy);
    for (const recorded of [...clients.filter((id) => !last.includes(id)), ...last]) {
      const clientId = pairs.live(recorded);
      const query = new URLSearchParams({
        client_id: clientId,
        redirect_uri: redirectUriOf(world.mock, clientId),
        response_type: 'code',
        scope: FULL_SCOPE,
        state: 'replay',
        prompt: 'login consent',
        code_challenge: pkce().challenge,
        code_challenge_method: 'S256',
        ...params,
      });
      for (const [name, text] of [...query]) if (!text) query.delete(name);
      await world.browse(jar, { method: 'GET', path: `/oidc/auth?${query}`, headers });
    }
    const live = jar.get('_interaction') ?? '';
    const liveUids = parseInteractionCookie(live);
    for (const id of clients) pairs.set(uids[id] as string, liveUids[pairs.live(id)] as string);
    cookieOf.set(`${name}=${value}`, live);
    cookieOf.set(`${name}.sig of ${value}`, jar.get('_interaction.sig') ?? '');
    const uid = uids._legacy ?? '';
    cookieOf.set(`_interaction_resume=${uid}`, jar.get('_interaction_resume') ?? '');
    cookieOf.set(`_interaction_resume.sig of ${uid}`, jar.get('_interaction_resume.sig') ?? '');
  }

  function session(value: string, jar: Map<string, string>): void {
    cookieOf.set(`_session=${value}`, jar.get('_session') ?? '');
    cookieOf.set(`_session.sig of ${value}`, jar.get('_session.sig') ?? '');
    pairs.set(value, jar.get('_session') ?? '');
  }

  async function prepareCookies(header: string): Promise<void> {
    for (const [name, value] of parseCookies(header)) {
      if (name.endsWith('.sig') || cookieOf.has(`${name}=${value}`)) continue;
      if (name === '_interaction') await interaction(value);
      if (name === '_session') {
        const jar = new Map<string, string>();
        await code({ jar });
        session(value, jar);
      }
    }
  }

  async function prepareJwt(token: string): Promise<void> {
    const claims = claimsOf(token);
    if (!claims || pairs.has(token)) return;
    if (claims.aud === 'https://default.logto.app/api') pairs.set(token, await world.managementToken());
    else if (claims.client_id !== undefined && String(claims.aud).startsWith('http')) {
      const resource = String(claims.aud);
      pairs.set(token, (await tokens({ resource, resourceToken: true })).access_token as string);
    } else if (claims.nonce !== undefined || claims.sub !== undefined) {
      const clientId = pairs.live(String(claims.aud));
      const accountId = pairs.get(String(claims.sub));
      const hint =
        hints.get(clientId) ?? (await tokens({ clientId, ...(accountId && { accountId }) })).id_token;
      hints.set(clientId, hint as string);
      pairs.set(token, hint as string);
    }
  }

  const cookies: Provision['cookies'] = (header) => {
    const all = parseCookies(header);
    return new Map(
      all.map(([name, value]) => {
        const base = name.replace(/\.sig$/, '');
        const signed = all.find(([other]) => other === base)?.[1] ?? '';
        return [name, cookieOf.get(`${name}=${value}`) ?? cookieOf.get(`${name} of ${signed}`) ?? value];
      }),
    );
  };
  const uidIn = (header: string) => parseInteractionCookie(cookies(header).get('_interaction'))._legacy ?? '';

  /** The xsrf value of a logout form: the form is asked for again with what the recorded end tells of its beginning. */
  async function prepareLogout(recording: Recording): Promise<void> {
    const { xsrf } = bodyOf(recording);
    if (!xsrf || pairs.has(xsrf)) return;
    const { location } = recording.response.headers;
    const end = new URL(
      typeof location === 'string' ? location : '/oidc/session/end/success',
      RECORDED_ORIGIN,
    );
    const state = end.searchParams.get('state');
    end.search = '';
    const query = new URLSearchParams({
      ...(!end.pathname.endsWith('/session/end/success') && {
        client_id: APPLICATION,
        post_logout_redirect_uri: end.href,
        ...(state && { state }),
      }),
    });
    const cookie = [...cookies(recording.request.headers.cookie ?? '')].map(
      ([name, value]) => `${name}=${value}`,
    );
    const page = await world.ask({
      method: 'GET',
      path: `/oidc/session/end?${query}`,
      headers: { cookie: cookie.join('; ') },
    });
    const live = /name="xsrf" value="([0-9a-f]+)"/.exec(String(page.body))?.[1];
    if (live) pairs.set(xsrf, live);
  }

  /** Goes the steps that a resumed request needs: signed in, or consented. */
  async function prepareResume(recording: Recording): Promise<void> {
    const { location } = recording.response.headers;
    if (recording.response.status !== 303 || /^\/(sign-in|register)/.test(String(location))) return;
    const header = recording.request.headers.cookie ?? '';
    const waiting = await world.mock.context.provider.Interaction.find(uidIn(header));
    if (!waiting || waiting.result) return;
    if (waiting.prompt.name === 'login') {
      await world.mock.context.finishInteraction(waiting, { login: { accountId: await accountOf(PERSON) } });
      return;
    }
    const cookie = [...cookies(header)].map(([name, value]) => `${name}=${value}`).join('; ');
    await world.ask({ method: 'GET', path: '/consent', headers: { cookie } });
  }

  return {
    interaction,
    knows: (value) => cookieOf.has(`_interaction=${value}`),
    session,
    uidIn,
    tamper: (value) => void cookieOf.set(`_interaction.sig of ${value}`, 'AAAAAAAAAAAAAAAAAAAAAAAAAAA'),
    code,
    tokens,
    wantedFor,
    cookies,
    learnCookies(recorded, live) {
      for (const [at, line] of recorded.entries()) {
        const [name, value] = parseCookies(line.split(';')[0] ?? '')[0] ?? ['', ''];
        const own = live.find((one) => one.startsWith(`${name}=`)) ?? live[at];
        const [, liveValue] = parseCookies(own?.split(';')[0] ?? '')[0] ?? ['', ''];
        if (value && liveValue !== undefined) cookieOf.set(`${name}=${value}`, liveValue);
      }
    },
    async prepare(recording) {
      const { headers, path } = recording.request;
      if (headers.cookie) await prepareCookies(headers.cookie);
      const body = bodyOf(recording);
      for (const jwt of `${headers.authorization ?? ''} ${path} ${recording.request.body ?? ''}`.match(
        /eyJ[\w.-]+/g,
      ) ?? []) {
        await prepareJwt(jwt);
      }
      if (path.endsWith('/session/end/confirm')) await prepareLogout(recording);
      if (/^\/oidc\/auth\/./.test(path)) await prepareResume(recording);
      const opaque = /^[\w-]{43}$/;
      if (path.startsWith('/oidc/token') && opaque.test(body.code ?? '') && !pairs.has(body.code as string)) {
        pairs.set(body.code as string, await code(wantedFor(body.code as string)));
      }
      const refresh =
        body.refresh_token ?? (body.token_type_hint === 'refresh_token' ? body.token : undefined);
      if (refresh && opaque.test(refresh) && !pairs.has(refresh)) {
        const body = recording.response.body as { id_token?: string } | null;
        const claims = claimsOf(body?.id_token);
        const nonce = claims?.nonce as string | undefined;
        const client = clientOf(recording);
        const clientId = client && pairs.live(client);
        pairs.set(refresh, (await tokens({ clientId, nonce })).refresh_token as string);
      }
      if (
        /^\/oidc\/token\/(introspection|revocation)/.test(path) &&
        opaque.test(body.token ?? '') &&
        !pairs.has(body.token as string)
      ) {
        pairs.set(body.token as string, (await tokens({})).access_token as string);
      }
      const access = /^Bearer ([\w-]{43})$/.exec(headers.authorization ?? '')?.[1];
      if (access && !pairs.has(access)) pairs.set(access, (await tokens({})).access_token as string);
    },
  };
}
