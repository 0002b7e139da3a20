/** An approach: one named way to ask for a door. A new bypass is one row of a table. */
import type { CheckDeclaration } from '../check-declaration.ts';
import type { Ask, Door, Grounds } from './door.ts';

export interface Approach extends Pick<CheckDeclaration, 'clauses' | 'level' | 'severity' | 'fix'> {
  /** Reads after "the app opens no door to". */
  title: string;
  /** Who asks like that, and why an app may fall for it. */
  imitates: string;
  /** Where it is told of: an advisory, a CVE, a page of a manual. */
  source: string;
  /** Who asks (default: nobody); another member may see what is for all members, and nothing of the first one. */
  by?: 'nobody' | 'other member';
  /** It speaks to the framework, not to the app: what crashes there is not the app's. */
  toFramework?: boolean;
  /** It is the plain request of whoever asks, and judges what plain refusals hold. */
  plain?: boolean;
  /** 5xx is a breach as well, where the source says that it is one. */
  noCrash?: boolean;
  /** The requests for one door; none when it does not fit this door, or this app. Changes nothing, sends nothing. */
  asks(door: Pick<Door, 'path' | 'isPage' | 'tree' | 'crossed'>, grounds: Grounds): Ask[];
}

export const HIGHEST = { level: 'must', severity: 'critical' } as const;

/** Path and query of a door apart. */
export const split = (path: string): [path: string, query: string] => {
  const at = path.indexOf('?');
  return at < 0 ? [path, ''] : [path.slice(0, at), path.slice(at)];
};

/** The address of a door with more parameters. */
export const withQuery = (path: string, parameters: Record<string, string>): string =>
  `${path}${path.includes('?') ? '&' : '?'}${new URLSearchParams(parameters)}`;

export const cookieHeader = (pairs: readonly (readonly [string, string])[]): { cookie: string } => ({
  cookie: pairs.map(([key, value]) => `${key}=${value}`).join('; '),
});

export const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const claimsOfToken = ({ member, issuer, clientId }: Grounds) =>
  base64url({
    ...claimsOf(member),
    ...(issuer && { iss: issuer }),
    ...(clientId && { aud: clientId, client_id: clientId }),
    exp: 4_102_444_800,
  });

/** A token that names the member and that nobody signed (RFC 7519 §6). */
export const unsignedToken = (grounds: Grounds): string =>
  `${base64url({ alg: 'none', typ: 'JWT' })}.${claimsOfToken(grounds)}.`;

/** The same with the header of a signed one, and a signature by no key at all. */
export const badlySignedToken = (grounds: Grounds): string =>
  `${base64url({ alg: 'RS256', typ: 'JWT', kid: 'conformance' })}.${claimsOfToken(grounds)}.${'A'.repeat(342)}`;

/** What apps put into their sessions of a person. */
export const claimsOf = (member: Grounds['member']) => ({
  sub: member.id,
  id: member.id,
  name: member.name,
  email: member.email,
  phone: `+${member.phone}`,
  role: 'admin',
});

const IDENTITY =
  'id|user-id|userid|user|remote-user|auth-user|auth-userid|authenticated-user|authenticated-userid|forwarded-user|auth-request-user|webauth-user|uid|sub';

/** Headers by which a middleware, or a proxy, may hand on who is signed in, each saying the same. */
export const identityHeaders = (value: string): Record<string, string> =>
  Object.fromEntries(IDENTITY.split('|').map((name) => [`x-${name}`, value]));

/** Ids of the member: Logto's, and those that the app gave them. */
export const idsOfMember = ({ member, ownIds = [] }: Pick<Grounds, 'member' | 'ownIds'>): string[] => [
  member.id,
  ...ownIds,
];

/** Values that end a text, or a number, of a query in SQL, and add a condition that always holds. */
export const ALWAYS_TRUE = ["' OR '1'='1", "' OR 1=1 -- ", "x%' OR 1=1 -- ", "') OR 1=1 -- ", '0 OR 1=1'];

/** Names that do something, or say where to go, rather than who is there. */
export const NO_CLAIM =
  /delete|remove|cancel|revoke|reset|sign.?out|log.?out|url|uri|redirect|return|next|callback|state|code/i;

/** Parameters that the sources of the app read, each saying the same. */
export const ownParameters = ({ parameters = [] }: Grounds, value: string): Record<string, string> =>
  Object.fromEntries(parameters.filter((name) => !NO_CLAIM.test(name)).map((name) => [name, value]));
