/** Turns "it did not start" into the setting that is wrong. */
import { resolve } from 'node:path';
import type { LoadedConfig } from '../config/load-config.ts';
import { ConformanceError, type ConformanceErrorParts } from '../errors.ts';
import { readEnvFiles, setIn } from '../init/env-files.ts';
import { readApp } from './app-source.ts';
import { difference } from './difference.ts';
import { type Context, causeIn, quoted } from './log-causes.ts';

/** Codes whose cause is not known: the person is told all there is. */
const UNEXPLAINED = new Set([
  'CONF_TARGET_EXITED',
  'CONF_TARGET_UNREACHABLE',
  'CONF_TARGET_MISCONFIGURED',
  'CONF_MOCKS_FAILED',
  'CONF_SMOKE_SIGN_IN',
  'CONF_ISSUER_SIGN_IN',
  'CONF_PREPARE_FAILED',
]);

export const isExplained = ({ code }: { code: string }): boolean => !UNEXPLAINED.has(code);

/**
 * Explains why a lab did not start.
 *
 * @param log what the app said until then
 * @returns the same finding, or a better one that names the key to change
 */
export async function explain(
  error: ConformanceError,
  loaded: LoadedConfig,
  log: readonly string[],
): Promise<ConformanceError> {
  const better = await explained(error.parts, { loaded, log, app: readApp(loaded) });
  return better === error.parts ? error : new ConformanceError(better);
}

async function explained(parts: ConformanceErrorParts, context: Context): Promise<ConformanceErrorParts> {
  switch (parts.code) {
    case 'CONF_TARGET_EXITED': {
      const cause = causeIn(context);
      return cause
        ? { ...cause, what: `${cause.what}${quoted(context.log)}` }
        : { ...parts, key: 'target.command' };
    }
    case 'CONF_TARGET_CRASHES':
      return causeIn(context) ?? { ...parts, key: 'target.command' };
    case 'CONF_TARGET_MISCONFIGURED':
      return causeIn(context) ?? (context.log.length ? parts : silentMisconfiguration(parts));
    case 'CONF_TARGET_UNREACHABLE':
      return unreachable(parts, context);
    case 'CONF_BASE_PATH_UNKNOWN':
      return basePath(parts, context);
    case 'CONF_ORIGIN_MISMATCH':
      return originMismatch(parts, context);
    case 'CONF_PROVIDER_MISSING':
      return { ...parts, key: 'target.provider' };
    case 'CONF_PORT_TAKEN':
      return { ...parts, key: parts.key ?? 'target.port' };
    default:
      return parts;
  }
}

/** An app that we did not start keeps its log to itself. */
const silentMisconfiguration = (parts: ConformanceErrorParts): ConformanceErrorParts => ({
  ...parts,
  key: 'target.command',
  remedy:
    'read the log of the app: it names UntrustedHost (set AUTH_TRUST_HOST=true or AUTH_URL), MissingSecret (set AUTH_SECRET) or InvalidEndpoints (set AUTH_LOGTO_ISSUER). With target.command instead of target.url the log is read for you.',
});

async function unreachable(parts: ConformanceErrorParts, context: Context): Promise<ConformanceErrorParts> {
  const { config } = context.loaded;
  const cause = causeIn(context);
  if (cause) return { ...cause, what: `${cause.what}${quoted(context.log)}` };
  const url = config.target.url ? new URL(config.target.url) : undefined;
  if (url?.protocol === 'https:' && /ERR_SSL|EPROTO/.test(parts.what)) return scheme(url, 'http');
  if (url?.protocol === 'http:' && (await speaksTls(url))) return scheme(url, 'https');
  const announced = announcedPort(context.log) ?? /it listens on port (\d+)/.exec(parts.what)?.[1];
  const given = /localhost:(\d+)/.exec(parts.what)?.[1];
  if (announced && config.target.command && announced !== given) {
    return {
      code: 'CONF_PORT_OTHER',
      key: 'target.port',
      what: `the app was asked to listen on port ${given}, but listens on ${announced}${quoted(context.log)}`,
      expected: 'an app that listens on the port in $PORT, or its fixed port in target.port',
      remedy: `make the app read process.env.PORT, or set target.port: ${announced}.`,
    };
  }
  return config.target.command
    ? {
        ...parts,
        code: 'CONF_START_TIMEOUT',
        key: 'target.readyTimeout',
        remedy: `if the app needs longer, raise target.readyTimeout (now ${config.target.readyTimeout} s); if it listens elsewhere, set target.port.`,
      }
    : { ...parts, key: 'target.url' };
}

const scheme = (url: URL, right: 'http' | 'https'): ConformanceErrorParts => ({
  code: 'CONF_SCHEME',
  key: 'target.url',
  what: `${url.origin} is called by ${url.protocol.slice(0, -1)}, but ${right} answers there`,
  expected: `${right}://${url.host} (target.url)`,
  remedy: `set target.url: '${right}://${url.host}'.`,
});

/** Whether a TLS server listens where HTTP was expected: it answers, or it shows a certificate that is not trusted. */
const speaksTls = ({ host }: URL) =>
  fetch(`https://${host}`, { redirect: 'manual', signal: AbortSignal.timeout(2000) }).then(
    () => true,
    (error: { cause?: { code?: string } }) => /CERT|SELF_SIGNED|VERIFY/.test(error.cause?.code ?? ''),
  );

/** The port in "listening on http://localhost:3000" and its like. */
const announcedPort = (log: readonly string[]): string | undefined =>
  /(?:https?:\/\/[\w.[\]-]+:|[Pp]ort[: ]+|[Ll]istening (?:on|at)[^\n\d]*)(\d{2,5})\b/.exec(
    log.join('\n'),
  )?.[1];

function basePath(parts: ConformanceErrorParts, context: Context): ConformanceErrorParts {
  const {
    loaded: { config },
    app,
    log,
  } = context;
  const url = config.target.env.AUTH_URL;
  const right = /answers at (\/\S+)/.exec(parts.what)?.[1] ?? app?.basePath;
  const isHono = /@hono\/auth-js/.test(
    JSON.stringify(
      [...(app?.sources ?? [])].map(({ imports }) => [...imports.values()].map(({ from }) => from)),
    ),
  );
  const hasPath = url !== undefined && !/^(?:\{origin\}|\w+:\/\/[^/]+)\/?$/.test(url);
  // What is set already, or names no path for Auth.js to take, is not the cause: the log says what Auth.js did not take.
  const mayBeWrong = url !== undefined && url !== `{origin}${right}` && (hasPath || isHono);
  if (/answered 400/.test(parts.what) && (mayBeWrong || (!url && /env-url-basepath/.test(log.join('\n'))))) {
    return {
      code: 'CONF_AUTH_URL',
      key: 'target.env.AUTH_URL',
      what: `${parts.what}; Auth.js answers 400 when the path of AUTH_URL (${url ?? 'read from a file of the app'}) is not where its routes are`,
      expected: `AUTH_URL with the path of the Auth.js routes${app?.basePath ? `, ${app.basePath}` : ''}`,
      remedy: `set target.env: { AUTH_URL: '{origin}${right ?? '/auth'}' }.`,
    };
  }
  if (/answered 400/.test(parts.what) && !url && isHono) {
    return {
      code: 'CONF_AUTH_URL',
      key: 'target.env.AUTH_URL',
      what: `${parts.what}; @hono/auth-js takes its base path from AUTH_URL, which is not set`,
      expected: `AUTH_URL with the path of the Auth.js routes${app?.basePath ? `, ${app.basePath}` : ''}`,
      remedy: `set target.env: { AUTH_URL: '{origin}${right ?? '/api/auth'}' }.`,
    };
  }
  const cause = causeIn(context);
  if (cause?.code === 'CONF_BASE_PATH_OPTION') return cause;
  if (url && /answered 400/.test(parts.what))
    return {
      ...parts,
      key: 'target.basePath',
      what: `${parts.what}${quoted(log)}`,
      expected: `the routes of Auth.js${right ? ` at ${right}` : ''}: AUTH_URL (${url}) is not the cause`,
      remedy:
        'look at where the app hands requests to Auth.js: what stands in front of it (a router, a wildcard such as /auth/*splat, a proxy) must leave the path as it was asked for, or the option basePath must name what is left of it.',
    };
  return {
    ...parts,
    key: 'target.basePath',
    ...(right && {
      expected: `the base path ${right}${app?.basePath === right && app.setup ? `, as the sources of the app have it` : ''} (target.basePath, now ${config.target.basePath ?? 'not set'})`,
      remedy: `set target.basePath: '${right}'${['/api/auth', '/auth'].includes(right) ? ', or leave it out: it is found by itself' : ''}.`,
    }),
  };
}

/** Where packages take the address of the app from when they read no AUTH_URL, by their names. */
const ADDRESS_OF: [RegExp, string][] = [
  [
    /^(?:auth-astro|astro)$/,
    'Astro takes the Host header only from hosts that security.allowedDomains of astro.config names, or else calls itself localhost',
  ],
  [
    /^@auth\/sveltekit$/,
    'adapter-node takes it from ORIGIN, or from the headers that PROTOCOL_HEADER and HOST_HEADER name',
  ],
  [
    /^@auth\/express$/,
    'Express takes it from the Host header, and from X-Forwarded-Proto and -Host where "trust proxy" is set',
  ],
];

/** What is to be done where the variable is right, and the app names another origin all the same. */
function notRead(name: string, { app }: Context): string {
  const imported = (app?.sources ?? []).flatMap(({ imports }) => [...imports.values()]);
  const known = ADDRESS_OF.find(([packages]) => imported.some(({ from }) => packages.test(from)));
  return `the app does not take its address from ${name}: look for what sets it, such as a proxy, a header that middleware writes, or redirectProxyUrl${known ? `; ${known[1]}` : ''}.`;
}

function originMismatch(parts: ConformanceErrorParts, context: Context): ConformanceErrorParts {
  const {
    loaded: { config, folder },
  } = context;
  const [, called = '', claimed = ''] =
    /called at (\S+), but names the callback (\S+)/.exec(parts.what) ?? [];
  const path = new URL(claimed).pathname;
  const name = ['AUTH_URL', 'NEXTAUTH_URL', 'ORIGIN'].find((each) => each in config.target.env);
  const schemes =
    new URL(claimed).host === new URL(called).host && new URL(claimed).protocol !== new URL(called).protocol;
  const written = name
    ? undefined
    : setIn(readEnvFiles(resolve(folder, config.target.cwd ?? '.')), 'AUTH_URL', 'NEXTAUTH_URL', 'ORIGIN');
  const base = path.replace(/\/callback\/[^/]+$/, '');
  return {
    ...parts,
    code: schemes ? 'CONF_SCHEME' : 'CONF_ORIGIN_MISMATCH',
    key: name
      ? `target.env.${name}`
      : config.target.command
        ? `target.env.${written?.name ?? 'AUTH_URL'}`
        : 'target.url',
    what: `the app is called at ${called}, but believes to be at ${new URL(claimed).origin}${schemes ? ' (http and https differ)' : ''}:\n${difference(['called', `${called}${path}`], ['it names', claimed])}`,
    expected: `a callback URL on the origin that people call${name ? ` (target.env.${name}, now "${config.target.env[name]}")` : ' (AUTH_URL or NEXTAUTH_URL, perhaps in a .env file of the app; trustHost; the Host header)'}${written ? `; ${written.file} sets ${written.name}` : ''}`,
    remedy: config.target.command
      ? name && !config.target.env[name]?.includes('{origin}')
        ? `set target.env: { ${name}: '{origin}${name === 'ORIGIN' ? '' : base}' }, or leave it out.`
        : name
          ? notRead(name, context)
          : `set target.env: { ${written?.name ?? 'AUTH_URL'}: '{origin}${written?.name === 'ORIGIN' ? '' : base}' }${written ? `, which wins over ${written.file}` : ' (next-auth v4: NEXTAUTH_URL)'}.`
      : `set AUTH_URL=${called}${base} for the app, or call it as it knows itself: --url ${new URL(claimed).origin}.`,
  };
}
