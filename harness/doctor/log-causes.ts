/** Causes that an app names in its own log, each with the setting that mends it (facts: authjs.md §1, §3, §6). */

import { REFUSED_BY_DATABASE } from '../check/people/refused-by-database.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import type { ConformanceErrorParts } from '../errors.ts';
import { type AppSource, placeOf } from './app-source.ts';

export interface Context {
  loaded: LoadedConfig;
  /** The app's own output, newest last. */
  log: readonly string[];
  app?: AppSource;
}

type Cause = (match: RegExpExecArray, context: Context) => ConformanceErrorParts;

/** The last lines of the log, indented. */
export const quoted = (log: readonly string[], count = 8): string =>
  log.length ? `\n${log.slice(-count).join('\n').replace(/^/gm, '    | ')}` : '';

const CAUSES: [RegExp, Cause][] = [
  [
    /AUTH_NO_ORIGIN[^\n]*/,
    ([line], { app }) => ({
      code: 'CONF_NO_ORIGIN',
      key: 'target.env.AUTH_ORIGIN',
      what: `@sidebase/nuxt-auth does not know the origin of the app: ${line}`,
      expected: 'AUTH_ORIGIN with the origin and base path of the app, as production needs it',
      remedy: `set target.env: { AUTH_ORIGIN: '{origin}${app?.basePath ?? '/api/auth'}' }.`,
    }),
  ],
  [
    /Could not find a production build|Cannot find module '[^']*[/\\](build|dist|\.next|\.output|\.svelte-kit)[/\\]?[^']*'|ENOENT[^\n]*[/\\](build|dist|\.next|\.output)[/\\]/,
    (match, { loaded: { config } }) => ({
      code: 'CONF_BUILD_MISSING',
      key: 'target.prepare',
      what: `the app was started without a build: ${match[0]}`,
      expected: `a build before \`${config.target.command}\` is run (target.prepare, now ${config.target.prepare ? `\`${config.target.prepare}\`` : 'not set'})`,
      remedy: "set target.prepare to the command that builds your app, such as prepare: 'npm run build'.",
    }),
  ],
  [
    /EADDRINUSE[^\n]*?:(\d+)|[Pp]ort (\d+) is (?:already )?in use/,
    ([, port = 'of the app', other]) => ({
      code: 'CONF_PORT_TAKEN',
      key: 'target.port',
      what: `the app could not listen: port ${other ?? port} is taken`,
      expected: 'a free port; the one to listen on is in $PORT (target.port, or a number in the app itself)',
      remedy: `end what listens on port ${other ?? port}, or make the app listen on $PORT.`,
    }),
  ],
  [
    /Cannot find (?:package|module) '([^'./][^']*)'/,
    ([, name]) => ({
      code: 'CONF_DEPENDENCIES',
      key: 'package.json',
      what: `the app could not load "${name}"`,
      expected: 'an app whose packages are installed',
      remedy: 'install them in the folder of the app (npm install), then try again.',
    }),
  ],
  [
    /UntrustedHost/,
    (_, { loaded: { config }, app }) => {
      const own = /svelte|astro/.test(config.target.framework ?? app?.setup?.file ?? '');
      const emptied = 'AUTH_TRUST_HOST' in config.target.env;
      return {
        code: 'CONF_UNTRUSTED_HOST',
        key: emptied ? 'target.env.AUTH_TRUST_HOST' : 'trustHost',
        what: 'Auth.js does not trust the host it is called by (UntrustedHost)',
        expected: emptied
          ? `AUTH_TRUST_HOST=true, which a started app gets unless target.env says otherwise (now "${config.target.env.AUTH_TRUST_HOST}")`
          : 'trustHost: true in the Auth.js config, or AUTH_TRUST_HOST=true or AUTH_URL in the environment of the app',
        remedy: emptied
          ? 'take AUTH_TRUST_HOST out of target.env, or set it to "true".'
          : `add trustHost: true in ${app?.setup ? `${app.setup.file}:${app.setup.line}` : 'the Auth.js config'}${own || !config.target.command ? '' : ', or set AUTH_TRUST_HOST=true'}; @auth/sveltekit does not read AUTH_TRUST_HOST.`,
      };
    },
  ],
  [
    /MissingSecret|NO_SECRET|Please define a `secret`/,
    (_, { loaded: { config }, app }) => {
      const name = ['AUTH_SECRET', 'NEXTAUTH_SECRET'].find((each) => each in config.target.env);
      const own = app?.setup?.secret?.flatMap((piece) => (typeof piece === 'string' ? [] : [piece.env]))[0];
      const read = own && !['AUTH_SECRET', 'NEXTAUTH_SECRET'].includes(own) ? own : undefined;
      const key = `target.env.${read ?? name ?? 'AUTH_SECRET'}`;
      return {
        code: 'CONF_SECRET_MISSING',
        key,
        what: `Auth.js has no secret (MissingSecret)${read ? `: the app reads it from ${read}` : ''}`,
        expected: read
          ? `${read} in the environment of the app; only AUTH_SECRET and NEXTAUTH_SECRET are set by themselves`
          : `AUTH_SECRET (v5) or NEXTAUTH_SECRET (v4) in the environment of the app${name ? `; target.env sets ${name} to "${config.target.env[name]}"` : ''}`,
        remedy: read
          ? `set target.env: { ${read}: '{secret}' }.`
          : name
            ? `take ${name} out of target.env: a started app gets a secret by itself.`
            : 'set AUTH_SECRET for the app (npx auth secret makes one).',
      };
    },
  ],
  [
    /unexpected JWT alg received, expected (\w+), got: (\w+)/,
    ([, expected, got], { app }) => ({
      code: 'CONF_ID_TOKEN_ALG',
      key: 'client.id_token_signed_response_alg',
      what: `the app refuses Logto's ID tokens: it expects ${expected}, Logto signs with ${got}`,
      expected: `client: { id_token_signed_response_alg: '${got}' } in the provider (next-auth v4 takes RS256 otherwise)`,
      remedy: `add that to the Logto provider in ${placeOf(app)}.`,
    }),
  ],
  [
    /[^\n]*Provider "([^"\n]+)" is missing both [^\n]*/,
    ([line, id], context) =>
      id === context.loaded.config.target.provider
        ? issuerMissing(context)
        : otherProvider(line.trim(), String(id), context),
  ],
  [
    /id_token detected in the response[^\n]*/,
    ([line], { app }) => ({
      code: 'CONF_ID_TOKEN_OFF',
      key: 'idToken',
      what: `the provider asks for openid with idToken: false, so the library refuses the ID token that Logto sends: ${line?.replace(/[\s{[(]+$/, '')}`,
      expected: "idToken: true for a provider that asks for openid, and Logto's algorithm, ES384",
      remedy: `in ${placeOf(app)}: set idToken: true and client: { id_token_signed_response_alg: 'ES384' }, or take openid out of authorization.params.scope.`,
    }),
  ],
  [
    REFUSED_BY_DATABASE,
    (match, { app }) => {
      const column = match.slice(1).find(Boolean);
      return {
        code: 'CONF_ADAPTER_REFUSES',
        key: 'adapter',
        what: `the database of the app keeps nobody without ${column ?? 'a value in each column'}: ${match[0].trim().slice(0, 200)}`,
        expected:
          'a person who signed in by phone and has neither name nor e-mail: Logto sends null for both',
        remedy: `make ${column ?? 'the column'} optional in the schema of the adapter (in Prisma: ${column ?? 'email'} String?), or fill it in profile() in ${placeOf(app)}.`,
      };
    },
  ],
  [
    /[^\n]*UnknownAction[^\n]*/,
    ([line], { app }) => {
      const mount = /action at (\/\S*?)\/(?:providers|session|csrf|signin|signout|callback|error)\b/.exec(
        line,
      )?.[1];
      const place = app?.setup ? `${app.setup.file}:${app.setup.line}` : 'the Auth.js config of the app';
      return {
        code: 'CONF_BASE_PATH_OPTION',
        key: 'basePath',
        what: `Auth.js is called${mount ? ` at ${mount}` : ''}, and does not know that path as its own (UnknownAction): ${line.trim()}`,
        expected:
          'basePath in the Auth options with the path at which its handler is mounted (it is /auth otherwise)',
        remedy: `add basePath: '${mount ?? '/the/path/of/its/handler'}' to the Auth options in ${place}. @auth/express overwrites it by where it is mounted: there app.use('${mount ?? '/auth'}', ExpressAuth(config)), without a pattern.`,
      };
    },
  ],
  [
    /InvalidEndpoints|is missing both `issuer` and|issuer must be configured on the issuer|"issuer" must be|authorization_endpoint must be configured/,
    (_, context) => issuerMissing(context),
  ],
  [
    /(?:getaddrinfo (?:ENOTFOUND|EAI_AGAIN)|connect E(?:CONNREFUSED|TIMEDOUT|HOSTUNREACH|NETUNREACH)) ([\w.:-]+)/,
    ([, host], context) => otherIssuer(String(host), context),
  ],
];

/** A provider that nobody signs in by here keeps Auth.js from answering at all. */
function otherProvider(line: string, id: string, { app, loaded }: Context): ConformanceErrorParts {
  const found = app?.setup?.providers.find((provider) => provider.id === id);
  const read = found?.issuer?.flatMap((piece) => (typeof piece === 'string' ? [] : [piece.env]))[0];
  // Auth.js v5 reads AUTH_<ID>_ISSUER by itself.
  const name = read ?? `AUTH_${id.toUpperCase().replaceAll('-', '_')}_ISSUER`;
  return {
    code: 'CONF_PROVIDER_INCOMPLETE',
    key: `target.env.${name}`,
    what: `another provider of the app than "${loaded.config.target.provider}" has no issuer, which stops Auth.js as a whole: ${line}`,
    expected: `an issuer for the provider "${id}", too${found ? ` (${found.file}:${found.line})` : ''}${read ? `, which the app reads from ${read}` : ''}`,
    remedy: `set target.env: { ${name}: 'https://${id}.example' }; nobody signs in by it in a run.`,
  };
}

/** Whether a started app was given a variable: by the config, or as one of those that are set by themselves. */
export const isGiven = ({ config }: LoadedConfig, name: string): boolean =>
  name in config.target.env ? config.target.env[name] !== '' : name === 'AUTH_LOGTO_ISSUER';

/** The app has no issuer at all, because it reads another variable than the ones that are set. */
export function issuerMissing({ app }: Context): ConformanceErrorParts {
  const names = (app?.provider?.issuer ?? []).flatMap((piece) =>
    typeof piece === 'string' ? [] : [piece.env],
  );
  const [name] = names;
  return {
    code: 'CONF_ISSUER_MISSING',
    key: name ? `target.env.${name}` : 'target.env',
    what: `the provider has no issuer${name ? `: the app reads it from ${name}, which is not set` : ''}`,
    expected: 'the issuer in a variable that the app reads; AUTH_LOGTO_ISSUER is set by itself',
    remedy: name
      ? `set target.env: { ${name}: '{issuer}' }.`
      : `set the variable that ${placeOf(app)} reads, such as target.env: { OIDC_ISSUER: '{issuer}' }.`,
  };
}

/** The app asks another issuer than the mock. */
export function otherIssuer(host: string, { loaded: { config }, app }: Context): ConformanceErrorParts {
  const pieces = app?.provider?.issuer;
  const fixed = pieces?.every((piece) => typeof piece === 'string') ? pieces.join('') : undefined;
  const name = pieces?.flatMap((piece) => (typeof piece === 'string' ? [] : [piece.env]))[0];
  const issuer = fixed ?? `https://${host}/oidc`;
  return {
    code: 'CONF_ISSUER_OTHER',
    key: name ? `target.env.${name}` : 'target.issuer',
    what: `the app goes to ${host} instead of the mock${name ? `; it reads its issuer from ${name}` : ''}`,
    expected: config.target.issuer
      ? `the issuer ${config.target.issuer} (target.issuer), which is re-routed to the mock`
      : 'an app that reads its issuer from AUTH_LOGTO_ISSUER, or whose own issuer is named in target.issuer',
    remedy: name
      ? `set target.env: { ${name}: '{issuer}' }.`
      : `name the issuer that ${fixed ? `${placeOf(app)} has` : 'the app has'} hard-coded: target.issuer: '${issuer}' (and target.clientId, target.clientSecret when they are fixed, too).`,
  };
}

/** The first cause that the log names, or undefined. */
export function causeIn(context: Context): ConformanceErrorParts | undefined {
  const text = context.log.join('\n');
  for (const [pattern, cause] of CAUSES) {
    const match = pattern.exec(text);
    if (match) return cause(match, context);
  }
  return undefined;
}
