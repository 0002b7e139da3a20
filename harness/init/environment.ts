/** Which environment variables make an app use the mocks: the templates of its config, solved for their variables. */

import type { Project } from './project.ts';
import type { Provider } from './provider.ts';
import type { Pieces } from './texts.ts';

export interface Wiring {
  env: Record<string, string>;
  /** Issuer that cannot be set by the environment, so that it is re-routed. */
  issuer?: string;
  clientId?: string;
  clientSecret?: string;
  /** What could not be found out. */
  unknown: { key: string; what: string }[];
}

/** What Auth.js v5 reads by itself (facts: @auth/core lib/utils/env.ts). */
const ownName = (id: string, what: 'ID' | 'SECRET' | 'ISSUER') =>
  `AUTH_${id.toUpperCase().replace(/-/g, '_')}_${what}`;

/** A made-up part of a host name, for an issuer that is made of one. */
const MADE_UP = 'conformance';

export function wiringOf(provider: Provider, project: Project, secret?: Pieces): Wiring {
  const wiring: Wiring = { env: {}, unknown: [] };
  const v5 = project.library.family === 'v5';
  const { id, issuer, clientId, clientSecret, unread } = provider;
  if (issuer) solveIssuer(issuer, wiring);
  else if (v5 && !unread.includes('issuer')) setOwn(wiring, id, 'ISSUER', '{issuer}');
  else wiring.unknown.push({ key: 'target.issuer', what: 'where the app reads its issuer from' });
  for (const [pieces, name, key, placeholder] of [
    [clientId, 'ID', 'clientId', '{clientId}'],
    [clientSecret, 'SECRET', 'clientSecret', '{clientSecret}'],
  ] as const) {
    if (!pieces && v5 && !unread.includes(key)) setOwn(wiring, id, name, placeholder);
    else if (!pieces)
      wiring.unknown.push({ key: `target.${key}`, what: `where the app reads its ${key} from` });
    else if (pieces.length === 1 && typeof pieces[0] === 'object') wiring.env[pieces[0].env] = placeholder;
    else if (pieces.every((piece) => typeof piece === 'string')) wiring[key] = pieces.join('');
    else wiring.unknown.push({ key: `target.${key}`, what: `which value makes its ${key}` });
  }
  const [only] = secret ?? [];
  if (typeof only === 'object') wiring.env[only.env] = '{secret}';
  for (const name of DEFAULT_NAMES) delete wiring.env[name];
  return wiring;
}

/** Names that every started app gets anyway. */
const DEFAULT_NAMES = [
  'AUTH_LOGTO_ISSUER',
  'AUTH_LOGTO_ID',
  'AUTH_LOGTO_SECRET',
  'AUTH_SECRET',
  'NEXTAUTH_SECRET',
];

function setOwn(wiring: Wiring, id: string, what: 'ID' | 'SECRET' | 'ISSUER', placeholder: string): void {
  wiring.env[ownName(id, what)] = placeholder;
}

/** `${X}` → {issuer}, `${X}/oidc` → {issuerOrigin}, `https://${X}.logto.app/oidc` → a made-up tenant, re-routed. */
function solveIssuer(pieces: Pieces, wiring: Wiring): void {
  const whole = pieces.at(-1);
  if (pieces.length === 2 && typeof whole === 'object' && whole.env === '.well-known') {
    wiring.env[(pieces[0] as { env: string }).env] = '{issuer}/.well-known/openid-configuration';
    return;
  }
  const [first, ...rest] = pieces;
  const suffix = rest.every((piece) => typeof piece === 'string') ? rest.join('') : undefined;
  if (typeof first === 'object' && suffix !== undefined) {
    if (suffix === '') wiring.env[first.env] = '{issuer}';
    else if (suffix === '/oidc') wiring.env[first.env] = '{issuerOrigin}';
    else if (suffix === 'oidc') wiring.env[first.env] = '{issuerOrigin}/';
    else
      wiring.unknown.push({
        key: 'target.env',
        what: `an issuer that ends in "${suffix}", which Logto has not`,
      });
    return;
  }
  const text = pieces.map((piece) => (typeof piece === 'string' ? piece : MADE_UP)).join('');
  if (!/^https?:\/\//.test(text)) {
    wiring.unknown.push({ key: 'target.issuer', what: `how its issuer is made (${text})` });
    return;
  }
  wiring.issuer = text.replace(/\/\.well-known\/openid-configuration$/, '');
  for (const piece of pieces) if (typeof piece === 'object') wiring.env[piece.env] = MADE_UP;
}
