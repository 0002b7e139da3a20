/** An OIDC provider as an app configures it. */
import type { Node, ObjectExpression } from '@babel/types';
import { moduleOf } from './module-names.ts';
import {
  allMembers,
  answerOf,
  answersOf,
  followed,
  homeOf,
  lineOf,
  member,
  members,
  resolve,
  type SourceFile,
  walk,
} from './syntax.ts';
import { constantOf, type Pieces, piecesOf } from './texts.ts';

export interface Provider {
  file: string;
  line: number;
  id: string;
  /** Name of the built-in provider, such as `logto`, when the app uses one. */
  builtIn?: string;
  type?: string;
  /** Issuer, or the URL of its discovery document. */
  issuer?: Pieces;
  clientId?: Pieces;
  clientSecret?: Pieces;
  /** Scopes it asks for; undefined when the expression is not plain. */
  scopes?: string[];
  checks?: string[];
  /** User field → claims in order of fallback; undefined when the app has no plain `profile` function. */
  profile?: Record<string, string[]>;
  /** Fields of `profile` whose claims were read from a choice (`a ? b : c`) or a call, and may be others. */
  guessedFields: string[];
  /** `client.id_token_signed_response_alg`. */
  algorithm?: string;
  /** Settings that the app gives in a way that could not be read. */
  unread: ('issuer' | 'clientId' | 'clientSecret')[];
  /** `idToken: false`: the profile comes from the userinfo endpoint. */
  readsUserinfo: boolean;
}

/** Scopes of Auth.js' own Logto provider, and of any other OIDC provider (facts: @auth/core 0.41.3, providers/logto). */
const LOGTO_SCOPES = ['openid', 'offline_access', 'email', 'profile'];
const OIDC_SCOPES = ['openid', 'profile', 'email'];

const BUILT_IN = /\/providers\/([\w-]+?)(?:\.js)?$/;

/** Reads one entry of a `providers` list. */
export function providerOf(
  entry: Node | null | undefined,
  given: SourceFile,
  depth = 0,
): Provider | undefined {
  const node = followed(entry, given);
  if (!node || depth > 5) return undefined;
  const source = homeOf(node, given);
  const base = { file: source.file, line: lineOf(node) };
  if (node.type === 'ObjectExpression') return fromObject(node, source, base);
  const callee = node.type === 'CallExpression' ? node.callee : node;
  const module = moduleOf(callee, source.imports);
  // A file of the app may be called as a provider of Auth.js is.
  const builtIn = module && !source.links?.fileOf(module.from, source) && BUILT_IN.exec(module.from)?.[1];
  if (builtIn) {
    const options = node.type === 'CallExpression' ? followed(node.arguments[0], source) : undefined;
    return fromObject(options, source, base, builtIn);
  }
  if (callee.type !== 'Identifier') return undefined;
  const made = source.links?.definition(callee.name, source)?.node ?? source.values.get(callee.name);
  for (const answer of made && /Function/.test(made.type) ? answersOf(made) : made ? [made] : []) {
    const provider = providerOf(answer, homeOf(answer, source), depth + 1);
    if (provider) return provider;
  }
  return undefined;
}

function fromObject(
  node: Node | undefined,
  source: SourceFile,
  base: { file: string; line: number },
  builtIn?: string,
): Provider | undefined {
  const fields = node?.type === 'ObjectExpression' ? allMembers(node, source) : new Map<string, Node>();
  const id = constantOf(fields.get('id'), source) ?? builtIn;
  const type = constantOf(fields.get('type'), source);
  if (!id || (!builtIn && !type && !fields.has('clientId'))) return undefined;
  const wellKnown = piecesOf(fields.get('wellKnown'), source);
  const issuer = wellKnown ? withoutWellKnown(wellKnown) : piecesOf(fields.get('issuer'), source);
  const [clientId, clientSecret] = ['clientId', 'clientSecret'].map((name) =>
    piecesOf(fields.get(name), source),
  );
  return {
    ...base,
    id,
    builtIn,
    type,
    issuer,
    clientId,
    clientSecret,
    unread: [
      ...(!issuer && (fields.has('issuer') || fields.has('wellKnown')) ? (['issuer'] as const) : []),
      ...(!clientId && fields.has('clientId') ? (['clientId'] as const) : []),
      ...(!clientSecret && fields.has('clientSecret') ? (['clientSecret'] as const) : []),
    ],
    scopes:
      scopesOf(fields.get('authorization'), source) ?? (builtIn === 'logto' ? LOGTO_SCOPES : OIDC_SCOPES),
    checks: listOf(fields.get('checks'), source),
    profile: profileOf(fields.get('profile'), source),
    guessedFields: guessedIn(fields.get('profile'), source),
    algorithm: constantOf(member(fields.get('client'), source, 'id_token_signed_response_alg'), source),
    readsUserinfo:
      resolve(fields.get('idToken'), source)?.type === 'BooleanLiteral' &&
      isFalse(fields.get('idToken'), source),
  };
}

const isFalse = (node: Node | undefined, source: SourceFile) => {
  const value = resolve(node, source);
  return value?.type === 'BooleanLiteral' && !value.value;
};

/** The issuer that belongs to the URL of a discovery document. */
function withoutWellKnown(pieces: Pieces): Pieces {
  const last = pieces.at(-1);
  if (typeof last !== 'string') return [...pieces, { env: '.well-known' }];
  const rest = last.replace(/\/\.well-known\/openid-configuration$/, '');
  return rest ? [...pieces.slice(0, -1), rest] : pieces.slice(0, -1);
}

/** Texts of a list literal. */
export function listOf(node: Node | undefined, source: SourceFile): string[] | undefined {
  const value = resolve(node, source);
  if (value?.type !== 'ArrayExpression') return undefined;
  return value.elements.flatMap((element) => constantOf(element, source) ?? []);
}

function scopesOf(authorization: Node | undefined, source: SourceFile): string[] | undefined {
  if (!authorization) return undefined;
  const url = constantOf(authorization, source);
  const text = url
    ? new URL(url, 'http://localhost').searchParams.get('scope')
    : constantOf(member(authorization, source, 'params', 'scope'), source);
  if (text) return text.split(/[\s+]+/).filter(Boolean);
  // `scopes.join(' ')` and the like
  const joined = resolve(member(authorization, source, 'params', 'scope'), source);
  if (joined?.type === 'CallExpression' && joined.callee.type === 'MemberExpression')
    return listOf(joined.callee.object, source);
  return undefined;
}

function profileOf(node: Node | undefined, source: SourceFile): Record<string, string[]> | undefined {
  const answers = answersIn(node, source);
  if (!answers.length) return undefined;
  const found: Record<string, string[]> = {};
  for (const [field, value] of answers.flatMap((answer) => [...members(answer)])) {
    const claims = claimsOf(value, source);
    if (field !== 'id' && claims.length) found[field] = [...new Set([...(found[field] ?? []), ...claims])];
  }
  return found;
}

/** The objects that a function may answer: of each return, and of both sides of a choice. */
function answersIn(node: Node | undefined, source: SourceFile): ObjectExpression[] {
  const made = resolve(node, source);
  if (!made) return [];
  const sides = (answer: Node | null | undefined, depth = 0): ObjectExpression[] => {
    const value = depth > 8 ? undefined : resolve(answer, source);
    if (value?.type === 'ObjectExpression') return [value];
    if (value?.type === 'ConditionalExpression')
      return [...sides(value.consequent, depth + 1), ...sides(value.alternate, depth + 1)];
    if (value?.type === 'LogicalExpression')
      return [...sides(value.left, depth + 1), ...sides(value.right, depth + 1)];
    return [];
  };
  const returned: ObjectExpression[] = [];
  walk(made, (inner, above) => {
    const within = above.slice(1).some(({ type }) => /Function|ObjectMethod/.test(type));
    if (inner.type === 'ReturnStatement' && !within) returned.push(...sides(inner.argument));
  });
  return returned.length ? returned : sides(answerOf(made));
}

/** Fields whose value is chosen or made: which claim it is cannot be told for certain. */
function guessedIn(node: Node | undefined, source: SourceFile): string[] {
  const answers = answersIn(node, source);
  const [answer] = answers;
  if (!answer) return [];
  // Which of several answers is given cannot be told.
  if (answers.length > 1)
    return [...new Set(answers.flatMap((each) => [...members(each).keys()]))].filter(
      (field) => field !== 'id',
    );
  return [...members(answer)].flatMap(([field, value]) => {
    const kind = resolve(value, source)?.type;
    return field !== 'id' &&
      (kind === 'ConditionalExpression' || kind === 'CallExpression' || kind === 'TemplateLiteral')
      ? [field]
      : [];
  });
}

/** Providers of Auth.js that speak OpenID Connect (`type: "oidc"` in @auth/core 0.41.3, providers/*.js). */
const OIDC_BUILT_IN = new Set([
  'apple',
  'asgardeo',
  'auth0',
  'authentik',
  'azure-ad-b2c',
  'bankid-no',
  'battlenet',
  'beyondidentity',
  'cognito',
  'descope',
  'duende-identity-server6',
  'frontegg',
  'fusionauth',
  'google',
  'huggingface',
  'identity-server4',
  'keycloak',
  'kinde',
  'line',
  'linkedin',
  'logto',
  'microsoft-entra-id',
  'okta',
  'onelogin',
  'ory-hydra',
  'passage',
  'ping-id',
  'roblox',
  'salesforce',
  'simplelogin',
  'slack',
  'twitch',
  'united-effects',
  'vipps',
  'zitadel',
]);

/** Whether Logto can stand in a provider's place: it speaks OpenID Connect, and so has an issuer. */
export const speaksOidc = ({ builtIn, type, issuer }: Provider): boolean =>
  type === 'oidc' || issuer !== undefined || (builtIn !== undefined && OIDC_BUILT_IN.has(builtIn));

/** `claims.name ?? claims.username` → both names, in order. */
function claimsOf(node: Node, source: SourceFile, depth = 0): string[] {
  // A claim may be held under the name of its field: `const name = name ?? 'Guest'`.
  const value = depth > 8 ? undefined : resolve(node, source);
  if (value?.type === 'LogicalExpression')
    return [...claimsOf(value.left, source, depth + 1), ...claimsOf(value.right, source, depth + 1)];
  if (value?.type === 'ConditionalExpression')
    return [
      ...new Set([
        ...claimsOf(value.consequent, source, depth + 1),
        ...claimsOf(value.alternate, source, depth + 1),
      ]),
    ];
  if (
    (value?.type === 'MemberExpression' || value?.type === 'OptionalMemberExpression') &&
    value.property.type === 'Identifier'
  )
    return [value.property.name];
  return [];
}
