/** The authorization request of the app: why there is none, and what it shows of the settings. */
import type { LoadedConfig } from '../config/load-config.ts';
import type { ConformanceErrorParts } from '../errors.ts';
import type { Lab } from '../lab/lab.ts';
import { placeOf, readApp } from './app-source.ts';
import { difference } from './difference.ts';
import { type Context, causeIn, isGiven, issuerMissing, otherIssuer, quoted } from './log-causes.ts';
import { right, type Step, wrong } from './step.ts';

/** What the request shows: its client, where it wants people back, and what it asks for. */
export const requestSteps = (url: URL, lab: Lab, loaded: LoadedConfig): Step[] => [
  ...clientId(url, lab.description.live ? { ...loaded, config: lab.description.config } : loaded),
  ...redirectUri(url, lab, loaded),
  ...scopes(url, loaded),
];

/** The app's answer to the sign-in form did not lead to the issuer. */
export function noRequest(
  url: URL | undefined,
  status: number,
  asked: boolean,
  context: Context,
  origin: string,
): ConformanceErrorParts {
  if (url && url.origin !== origin) return otherIssuer(url.host, context);
  const cause = causeIn(context);
  if (cause) return cause;
  const { provider } = context.app ?? {};
  const fixed = provider?.issuer?.every((piece) => typeof piece === 'string');
  const given = provider?.issuer?.some(
    (piece) => typeof piece !== 'string' && isGiven(context.loaded, piece.env),
  );
  if (!asked && provider?.issuer && !given && !context.loaded.config.target.issuer)
    return fixed ? otherIssuer(new URL(provider.issuer.join('')).host, context) : issuerMissing(context);
  const words = ['error', 'csrf'].flatMap((name) => {
    const value = url?.searchParams.get(name);
    return value ? [`${name}=${value}`] : [];
  });
  return {
    code: 'CONF_SMOKE_SIGN_IN',
    what: `the sign-in form was answered with ${status}${url ? ` and a redirect to ${url.pathname}${words.length ? `?${words.join('&')}` : ''}` : ''} instead of a redirect to the issuer${asked ? '' : '; the app never asked the mock for its discovery document'}${quoted(context.log)}`,
    expected:
      'a redirect to the issuer (target.env: the variable that the app reads its issuer from; target.issuer when it is hard-coded)',
    remedy: 'read the lines of the app above: Auth.js names the cause there.',
    key: asked ? undefined : 'target.env',
  };
}

function clientId(url: URL, loaded: LoadedConfig): Step[] {
  const sent = url.searchParams.get('client_id') ?? '';
  const { clientId: set } = loaded.config.target;
  if (sent === set) return [right('client id', `it sends the client id ${set}`)];
  const app = readApp(loaded);
  const name = app?.provider?.clientId?.flatMap((piece) => (typeof piece === 'string' ? [] : [piece.env]))[0];
  return [
    wrong('client id', {
      code: 'CONF_CLIENT_ID',
      key: sent && !name ? 'target.clientId' : `target.env.${name ?? 'AUTH_LOGTO_ID'}`,
      what: `the app sends another client id than it was given:\n${difference(['given', set], ['it sends', sent || '(none)'])}`,
      expected: `the client id ${set} (target.clientId), in a variable that the app reads; AUTH_LOGTO_ID is set by itself`,
      remedy:
        sent && !name
          ? `when it is fixed in ${placeOf(app)}, set target.clientId: '${sent}' (and target.clientSecret).`
          : `set target.env: { ${name ?? 'OIDC_CLIENT_ID'}: '{clientId}' }.`,
    }),
  ];
}

function redirectUri(url: URL, { description: { app } }: Lab, loaded: LoadedConfig): Step[] {
  const sent = url.searchParams.get('redirect_uri') ?? '';
  if (sent === app.callbackUrl)
    return [right('redirect URI', `its redirect URI is the registered one, ${sent}`)];
  return [
    wrong('redirect URI', {
      code: 'CONF_REDIRECT_URI',
      key: 'redirect_uri',
      what: `the redirect URI is not the registered one, character by character:\n${difference(['registered', app.callbackUrl], ['it sends', sent || '(none)'])}`,
      expected: 'the callback URL that the app itself names at /providers; Logto refuses any other',
      remedy: `correct redirect_uri (or redirectProxyUrl, AUTH_REDIRECT_PROXY_URL, AUTH_URL) in ${placeOf(readApp(loaded))} or the environment of the app.`,
    }),
  ];
}

function scopes(url: URL, loaded: LoadedConfig): Step[] {
  const { config } = loaded;
  const sent = (url.searchParams.get('scope') ?? '').split(' ').filter(Boolean);
  const missing = ['openid', ...(config.scopes ?? [])].filter((scope) => !sent.includes(scope));
  if (missing.length === 0) return [right('scopes', `it asks for ${sent.join(' ')}`)];
  return [
    wrong('scopes', {
      code: 'CONF_SCOPES',
      key: missing.includes('openid') ? 'authorization.params.scope' : 'scopes',
      what: `the app does not ask for ${missing.join(' ')}; it asks for ${sent.join(' ') || 'nothing'}`,
      expected: `openid${config.scopes?.length ? `, and what the config declares: ${config.scopes.join(' ')} (scopes)` : ''}`,
      remedy: `add them in ${placeOf(readApp(loaded))}: authorization: { params: { scope: '${[...new Set(['openid', ...sent, ...missing])].join(' ')}' } }${missing.includes('openid') ? '' : ', or take them out of scopes'}.`,
    }),
  ];
}
