/** Why a sign-in that came back from the issuer ended without a session. */
import type { Exchange } from '../../mocks/journal.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { placeOf, readApp } from './app-source.ts';
import { type Context, causeIn, quoted } from './log-causes.ts';
import { type Step, wrong } from './step.ts';

/** The mock refused the client at its token endpoint. */
export function tokenRefused(token: Exchange | undefined, loaded: LoadedConfig): Step | undefined {
  if (token?.status !== 401 && token?.facts.error !== 'invalid_client') return undefined;
  const { config } = loaded;
  const app = readApp(loaded);
  const name = app?.provider?.clientSecret?.flatMap((piece) =>
    typeof piece === 'string' ? [] : [piece.env],
  )[0];
  const fixed = app?.provider?.clientSecret && !name;
  return wrong('sign-in', {
    code: 'CONF_CLIENT_SECRET',
    key: name ? `target.env.${name}` : 'target.clientSecret',
    what: 'the token endpoint refused the client (invalid_client): the app sends another client secret than the registered one',
    expected: `the secret in target.clientSecret${name ? `, in ${name}, which the app reads` : ''}; AUTH_LOGTO_SECRET is set by itself`,
    remedy: name
      ? `set target.env: { ${name}: '{clientSecret}' }.`
      : `${fixed ? `copy the secret that ${placeOf(app)} has into` : 'correct'} target.clientSecret${'AUTH_LOGTO_SECRET' in config.target.env ? ', and take AUTH_LOGTO_SECRET out of target.env' : ''}.`,
  });
}

export const secureCookies = (origin: string): Step =>
  wrong('sign-in', {
    code: 'CONF_SCHEME',
    key: 'target.url',
    what: `the app sets __Secure- cookies, but is called at ${origin}: browsers drop them over http`,
    expected: 'the same scheme on both sides (AUTH_URL, useSecureCookies, X-Forwarded-Proto)',
    remedy:
      'take https out of AUTH_URL (and useSecureCookies out of the Auth.js config), or call the app by https: target.url.',
  });

/** Auth.js names so what callbacks.signIn did not let in (authjs.dev, Callbacks). */
const refusedByApp = (what: string, { app }: Context) => ({
  code: 'CONF_SIGN_IN_REFUSED',
  key: 'callbacks.signIn',
  what: `the app refused somebody whom Logto had signed in by phone (${what}): its callbacks.signIn${app ? ` in ${placeOf(app)}` : ''} answered with nothing, with false or with an error`,
  expected:
    'callbacks.signIn that answers true for people who have a phone number, and perhaps no e-mail address and no name',
  remedy:
    'let callbacks.signIn return true for people who have a phone number alone. An app that lets in some people only must let in those of a run, by a variable in target.env: they have numbers of several countries, and addresses at people.example or none.',
});

export function failed(what: string, context: Context): Step {
  const cause =
    causeIn(context) ?? (/[?&]error=AccessDenied\b/.test(what) ? refusedByApp(what, context) : undefined);
  return wrong(
    'sign-in',
    cause ?? {
      code: 'CONF_SMOKE_SIGN_IN',
      what: `a healthy sign-in failed: ${what}${quoted(context.log, 12)}`,
      expected: 'a sign-in that ends in a session, before any fault is injected',
      remedy:
        'read the lines of the app above, or run `npx authjs-conformance doctor`: it walks through the settings one by one.',
    },
  );
}
