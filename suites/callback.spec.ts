/** What the app does with what comes back from Logto: code, state, iss, errors, and its token request. */
import { check, expect } from '../harness/check/check.ts';
import { injections, madeRealIn, newMark } from '../harness/check/injected-markup.ts';
import {
  controlSignIn,
  demandNoSession,
  demandPage,
  demandSession,
  recoverySignIn,
  refused,
  told,
} from '../harness/check/outcomes.ts';
import { demand } from '../harness/errors.ts';
import type { Answer } from '../harness/user-agents/http.ts';

/**
 * What error pages read of their address: Auth.js' own parameters, those of RFC 6749 §4.1.2.1, and usual others. A wrong
 * callbackUrl is an error of its own to Auth.js, before it shows any other.
 */
const ERROR_PARAMETERS = [
  ['error', 'error_description', 'error_uri', 'message', 'description', 'reason', 'code', 'provider'],
  ['callbackUrl'],
] as const;

check({
  id: 'callback/session',
  title: 'signs the person in when Logto sends them back with a code',
  clauses: ['oidc-core §3.1.2.5', 'logto next-auth'],
  level: 'must',
  severity: 'critical',
  signIn: 'judged',
  appMust: 'Exchange the code and end with a session.',
  otherwise: 'Nobody can sign in.',
})(async ({ visitor }) => {
  demandSession(await (await visitor()).signIn());
});

check({
  id: 'callback/one-token-request',
  title: 'exchanges each code in exactly one token request',
  clauses: ['oidc-core §3.1.3.1', 'rfc6749 §10.5'],
  level: 'must',
  severity: 'serious',
  uses: ['server-requests'],
  signIn: 'exchanged',
  appMust: 'Send one token request for one callback.',
  otherwise: 'Logto sees a code used twice and revokes the tokens of the first exchange.',
})(async ({ visitor, control, scope, meta }) => {
  await (await visitor()).signIn();
  const requests = await control.journal({ scope, endpoint: 'token' });
  expect(requests.filter(({ facts }) => facts.grantType === 'authorization_code').length, meta.appMust).toBe(
    1,
  );
});

check({
  id: 'callback/client-authentication',
  title: 'authenticates at the token endpoint as its application in Logto expects',
  clauses: ['oidc-core §9', 'rfc6749 §2.3.1'],
  level: 'must',
  severity: 'critical',
  uses: ['server-requests'],
  signIn: 'exchanged',
  appMust: 'Authenticate its token request with a method that the issuer lists.',
  otherwise: 'Logto answers 401 invalid_client and nobody can sign in.',
  fix: 'Give the app secret of Logto to the provider (AUTH_LOGTO_SECRET).',
})(async ({ visitor, control, scope }) => {
  await (await visitor()).signIn();
  const [request] = await control.journal({ scope, endpoint: 'token' });
  const methods = ['client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt'];
  const sent = String(request?.facts.clientAuth ?? 'no client authentication');
  demand(methods.includes(sent), `Sent ${sent} with its token request; Logto lists ${methods.join(', ')}.`);
  demand(
    request?.status !== 401,
    'Authenticated with a secret that Logto refuses: 401 at the token endpoint.',
  );
});

check({
  id: 'callback/redirect-uri-repeated',
  title: 'repeats its redirect URI in the token request',
  clauses: ['rfc6749 §4.1.3'],
  level: 'must',
  severity: 'serious',
  uses: ['server-requests'],
  signIn: 'exchanged',
  appMust: 'Send the same redirect_uri as in the authorization request.',
  otherwise: 'Logto refuses the code with invalid_grant.',
})(async ({ visitor, control, scope, lab, meta }) => {
  await (await visitor()).signIn();
  const [request] = await control.journal({ scope, endpoint: 'token' });
  expect(request?.facts.redirectUri, meta.appMust).toBe(lab.app.callbackUrl);
});

check({
  id: 'callback/verifier-sent',
  title: 'proves with its PKCE verifier that it began the sign-in',
  clauses: ['rfc7636 §4.5', 'rfc7636 §4.1'],
  level: 'must',
  severity: 'serious',
  uses: ['server-requests'],
  signIn: 'exchanged',
  appMust: 'Send a code_verifier of 43 to 128 characters when it sent a code_challenge.',
  otherwise: 'Logto refuses the code with invalid_grant.',
})(async ({ visitor, control, scope, meta, notApplicable }) => {
  const signIn = await (await visitor()).signIn();
  if (!signIn.request.params.get('code_challenge')) notApplicable('the app sends no code_challenge');
  const [request] = await control.journal({ scope, endpoint: 'token' });
  const length = Number(request?.facts.codeVerifier ?? 0);
  expect(length, meta.appMust).toBeGreaterThanOrEqual(43);
  expect(length, meta.appMust).toBeLessThanOrEqual(128);
});

check({
  id: 'callback/state-wrong',
  title: 'refuses a callback with another state than it sent',
  clauses: ['rfc6749 §10.12', 'oidc-core §3.1.2.7'],
  level: 'must',
  severity: 'critical',
  fault: 'authorization/state-wrong',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'An attacker completes a sign-in of theirs in the browser of a victim.',
})(async ({ meta, arm, step, visitor, notApplicable }) => {
  const { params } = await (await visitor()).startSignIn();
  if (!params.get('state'))
    notApplicable('the app sends no state (the default of Auth.js v5, which relies on PKCE)');
  await refused({ meta, arm, step, visitor });
});

check({
  id: 'callback/replayed',
  title: 'does nothing when a callback comes a second time',
  clauses: ['rfc6749 §10.5', 'rfc9700 §4.5'],
  level: 'must',
  severity: 'serious',
  appMust: 'Neither start a second session nor break the first when its callback is requested again.',
  otherwise: 'A callback URL out of the history signs whoever finds it in.',
})(async ({ visitor, step, arm: _arm }) => {
  const person = await visitor();
  const first = await step('control', async () => {
    const signIn = await person.signIn();
    demandSession(signIn);
    return signIn;
  });
  await step('fault', async () => {
    await person.signOut();
    await person.arrive(first.callback);
    await demandNoSession(person);
  });
});

check({
  id: 'callback/other-browser',
  title: 'refuses a callback in a browser that began no sign-in',
  clauses: ['rfc9700 §4.7', 'rfc6749 §10.12'],
  level: 'must',
  severity: 'critical',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'An attacker sends victims a link that signs them in to the account of the attacker.',
})(async ({ visitor, step, health }) => {
  await controlSignIn({ step, visitor, health });
  await step('fault', async () => {
    const attacker = await visitor();
    const callback = await attacker.authorize((await attacker.startSignIn()).url);
    const victim = await visitor();
    await victim.arrive(callback);
    await demandNoSession(victim);
  });
});

check({
  id: 'callback/other-browser-without-checks',
  title: 'refuses a callback without state, challenge and nonce in a browser that began no sign-in',
  clauses: ['rfc9700 §4.7', 'rfc6749 §10.12'],
  level: 'must',
  severity: 'critical',
  appMust: 'Demand state, verifier or nonce of every callback, though the response names none.',
  otherwise:
    'An attacker strips the checks from a sign-in of their own, and sends victims a link that signs them in to that account.',
  fix: 'Update {library}: next-auth before 4.20.1 left out PKCE and nonce when their cookies were missing (GHSA-7r7x-4c4q-c4qf).',
})(async ({ visitor, step, health }) => {
  await controlSignIn({ step, visitor, health });
  await step('fault', async () => {
    const attacker = await visitor();
    const { url } = await attacker.startSignIn();
    for (const name of ['state', 'nonce', 'code_challenge', 'code_challenge_method'])
      url.searchParams.delete(name);
    const callback = await attacker.authorize(url);
    const victim = await visitor();
    await victim.arrive(callback);
    await demandNoSession(victim);
  });
});

check({
  id: 'callback/code-injected',
  title: 'refuses the code of another session in its own callback',
  clauses: ['rfc9700 §4.5', 'rfc7636 §4.5'],
  level: 'must',
  severity: 'critical',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'A stolen code signs the thief in as its owner.',
})(async ({ visitor, step, notApplicable, health }) => {
  await controlSignIn({ step, visitor, health });
  const thief = await visitor();
  const request = await thief.startSignIn();
  if (!request.params.get('code_challenge') && !request.params.get('nonce')) {
    notApplicable(
      'the app sends neither code_challenge nor nonce, so no clause binds the code to the browser; see redirect/pkce',
    );
  }
  await step('fault', async () => {
    const victim = await visitor();
    const stolen = (await victim.authorize((await victim.startSignIn()).url)).searchParams.get('code') ?? '';
    const own = await thief.authorize(request.url);
    own.searchParams.set('code', stolen);
    await thief.arrive(own);
    await demandNoSession(thief);
  });
});

check({
  id: 'callback/no-code',
  title: 'survives a callback without a code',
  clauses: ['rfc6749 §4.1.2'],
  level: 'must',
  severity: 'moderate',
  appMust: 'Show an error page and hold no session.',
  otherwise: 'Anybody can crash the sign-in with a bare URL.',
})(async ({ visitor, lab, step, health }) => {
  await controlSignIn({ step, visitor, health });
  await step('fault', async () => {
    const person = await visitor();
    const { params } = await person.startSignIn();
    const bare = new URL(lab.app.callbackUrl);
    const state = params.get('state');
    if (state) bare.searchParams.set('state', state);
    bare.searchParams.set('iss', lab.issuer);
    const { page } = await person.arrive(bare);
    await demandNoSession(person);
    demandPage(page);
  });
});

check({
  id: 'callback/error-shown',
  title: 'shows a page with a way on when Logto answers with an error',
  clauses: ['oidc-core §3.1.2.6', 'rfc6749 §4.1.2.1'],
  level: 'must',
  severity: 'moderate',
  appMust: 'Show a page of its own that says the sign-in failed, and hold no session.',
  otherwise: 'A person who cancels at Logto is left with a blank page or a crash.',
})(async ({ visitor, lab, step, health }) => {
  await controlSignIn({ step, visitor, health });
  await step('fault', async () => {
    const person = await visitor();
    const { params } = await person.startSignIn();
    const denied = new URL(lab.app.callbackUrl);
    denied.search = new URLSearchParams({
      error: 'access_denied',
      error_description: 'End-User aborted interaction',
      iss: lab.issuer,
      ...(params.get('state') && { state: params.get('state') as string }),
    }).toString();
    const { page } = await person.arrive(denied);
    await demandNoSession(person);
    demandPage(page);
    demand(page.status < 500, () => `Answered the cancelled sign-in with a server error: ${told(page)}.`);
    // The path is Auth.js' own, or the one that the app names (pages.error, pages.signIn).
    demand(
      page.status !== 404,
      () => `Led the cancelled sign-in to a page that is not there: ${told(page)}.`,
    );
  });
  await recoverySignIn({ step, visitor, health });
});

check({
  id: 'callback/error-not-reflected',
  title: 'reflects no markup of an error, neither at the callback nor on its error page',
  clauses: ['asvs 1.2.1', 'rfc6749 §4.1.2.1', 'owasp xss'],
  level: 'must',
  severity: 'critical',
  appMust: 'Escape, or leave out, whatever the address of the callback or of the error page says.',
  otherwise: 'A link to the real app runs the script of an attacker in it.',
})(async ({ visitor, lab, step, health }) => {
  await controlSignIn({ step, visitor, health });
  await step('fault', async () => {
    const person = await visitor();
    const isOutside = ({ origin }: URL) => origin !== lab.app.origin;
    const mark = newMark();
    const demandText = (answer: Answer, markup: string) => {
      const [real] = madeRealIn(answer, mark);
      demand(!real, () => `Made ${real} of what the address says (${told(answer)}): ${markup}.`);
    };
    // The page that Auth.js shows errors on, and the one where a failed callback ends.
    const pages = new Set([
      `${lab.app.basePath}/error`,
      (await person.agent.follow(await person.agent.hop(person.at('/error?error=Callback')), isOutside)).url
        .pathname,
    ]);
    for (const markup of injections(mark)) {
      await person.startSignIn();
      const denied = new URL(lab.app.callbackUrl);
      denied.search = new URLSearchParams({
        error: markup,
        error_description: markup,
        error_uri: `javascript:${markup}`,
        iss: lab.issuer,
      }).toString();
      const { returned, page } = await person.arrive(denied);
      for (const answer of [returned, page]) demandText(answer, markup);
      if (page.url.origin === lab.app.origin) pages.add(page.url.pathname);
      for (const path of pages) {
        for (const names of ERROR_PARAMETERS) {
          const address = new URL(path, lab.app.origin);
          for (const name of names) address.searchParams.set(name, markup);
          demandText(await person.agent.follow(await person.agent.hop(address), isOutside), markup);
        }
      }
    }
  });
});
