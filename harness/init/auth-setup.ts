/** How an app sets Auth.js up, gathered from all of its files. */
import type { Node, ObjectExpression } from '@babel/types';
import { link } from './modules.ts';
import type { Provider } from './provider.ts';
import { addedToConfigs, providersIn } from './provider-list.ts';
import { sessionFieldsOf, tokenClaimsOf, userFieldsOf } from './session-callbacks.ts';
import {
  allMembers,
  answerOf,
  followed,
  homeOf,
  lineOf,
  member,
  members,
  resolve,
  type SourceFile,
  walk,
} from './syntax.ts';
import { constantOf, defaultOf, type Pieces, piecesOf } from './texts.ts';

export interface AuthSetup {
  /** File with the list of providers. */
  file: string;
  line: number;
  providers: Provider[];
  basePath?: string;
  /** `secret` of the config. */
  secret?: Pieces;
  trustHost: boolean;
  /** Custom pages: `signIn`, `error` and so on → path. */
  pages: Record<string, string>;
  /** The config names an adapter. */
  adapter: boolean;
  /** `session.strategy`. */
  strategy?: string;
  /** `session.maxAge` in seconds. */
  maxAge?: number;
  sessionCookie?: string;
  /** Members that the session callback adds. */
  sessionFields: string[];
  /** All that `user` of a session has, where the session callback writes it anew: `session.user = { id, name }`. */
  userFields?: string[];
  /** Claims from which the jwt callback itself writes a field of the session, whatever profile() makes of them: `token.name = profile.name`. */
  tokenClaims?: Record<string, string[]>;
}

/** Reads every file that lists providers; the one that says most about a Logto provider is taken. */
export function findAuthSetup(sources: readonly SourceFile[]): AuthSetup | undefined {
  link(sources);
  const found = sources.flatMap((source) => {
    const setups: AuthSetup[] = [];
    walk(source.tree, (node) => {
      if (node.type !== 'ObjectExpression') return;
      const providers = providersIn(members(node).get('providers'), source);
      if (providers.length) setups.push({ ...optionsOf(node, source), providers });
    });
    return setups;
  });
  const added = addedToConfigs(sources);
  const alone = found.length ? [] : sources.flatMap(listsAlone);
  const [best] = [...found, ...alone].toSorted((a, b) => detail(b) - detail(a));
  if (!best) return added[0] && { ...nothingOf(added[0]), providers: added };
  best.providers = [
    ...best.providers,
    ...added.filter(({ id }) => !best.providers.some((each) => each.id === id)),
  ];
  for (const source of alone.length ? sources : [])
    walk(source.tree, (node) => {
      if (node.type === 'ObjectExpression' && members(node).has('providers'))
        add(best, optionsOf(node, source));
    });
  // next-auth v5 apps split their config: the rest stands where NextAuth() is called.
  for (const source of sources) for (const options of calls(source)) add(best, optionsOf(options, source));
  return best;
}

const nothingOf = ({ file, line }: { file: string; line: number }) => ({
  file,
  line,
  trustHost: false,
  pages: {},
  adapter: false,
  sessionFields: [],
});

/** `export const providers = [ … ]`, which another file hands to Auth.js. */
function listsAlone(source: SourceFile): AuthSetup[] {
  const found: AuthSetup[] = [];
  walk(source.tree, (node) => {
    if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier') return;
    const providers = /providers$/i.test(node.id.name) ? providersIn(node.id, source) : [];
    if (providers.length) found.push({ ...nothingOf({ file: source.file, line: lineOf(node) }), providers });
  });
  return found;
}

/** Adds what another part of the config says; the first one to say it wins. */
function add(setup: AuthSetup, options: Omit<AuthSetup, 'providers'>): void {
  setup.basePath ??= options.basePath;
  setup.secret ??= options.secret;
  setup.trustHost ||= options.trustHost;
  setup.pages = { ...options.pages, ...setup.pages };
  setup.adapter ||= options.adapter;
  setup.strategy ??= options.strategy;
  setup.maxAge ??= options.maxAge;
  setup.sessionCookie ??= options.sessionCookie;
  setup.sessionFields = [...new Set([...setup.sessionFields, ...options.sessionFields])];
  setup.userFields ??= options.userFields;
}

/** How much a list says of Logto: an app may keep a bare default beside the config that it really uses. */
const detail = ({ providers }: AuthSetup): number => {
  const logto = providers.find(isLogto);
  return logto
    ? 1 +
        [logto.issuer, logto.clientId, logto.clientSecret, logto.checks, logto.profile].filter(Boolean).length
    : 0;
};

/** A provider that is Logto, by its id, its name, or where its settings come from. */
export const isLogto = ({ id, builtIn, issuer }: Provider): boolean =>
  builtIn === 'logto' ||
  /logto/i.test(id) ||
  Boolean(issuer?.some((piece) => /logto/i.test(typeof piece === 'string' ? piece : piece.env)));

const AUTH_FUNCTION =
  /^(NextAuth|ExpressAuth|SvelteKitAuth|SolidAuth|QwikAuth\$?|Auth|StartAuthJS|initAuthConfig|AuthHandler|NuxtAuthHandler)$/;

/** Object literals that are handed to Auth.js. */
function calls(source: SourceFile): ObjectExpression[] {
  const found: ObjectExpression[] = [];
  walk(source.tree, (node) => {
    if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier') return;
    if (!isAuth(node.callee.name, source)) return;
    for (const argument of node.arguments) {
      const value = followed(argument, source);
      const options = value?.type === 'ObjectExpression' ? value : followed(answerOf(value), source);
      if (options?.type === 'ObjectExpression') found.push(options);
    }
  });
  return found;
}

/** A function of Auth.js, by its name, or by that under which it is imported. */
function isAuth(name: string, { imports }: SourceFile): boolean {
  const module = imports.get(name);
  if (module && /^(?:next-auth|@auth\/[\w-]+|@hono\/auth-js|start-authjs)$/.test(module.from))
    return AUTH_FUNCTION.test(module.name) || (module.from === 'next-auth' && module.name === 'default');
  return AUTH_FUNCTION.test(name);
}

function optionsOf(
  object: ObjectExpression,
  given: SourceFile,
): Omit<AuthSetup, 'providers'> & { providers: [] } {
  const source = homeOf(object, given);
  const fields = allMembers(object, source);
  const truth = resolve(fields.get('trustHost'), source);
  const maxAge = numberOf(member(fields.get('session'), source, 'maxAge'), source);
  const pages = resolve(fields.get('pages'), source);
  const session = madeBy(member(fields.get('callbacks'), source, 'session'), source);
  return {
    file: source.file,
    line: lineOf(object),
    providers: [],
    basePath: defaultOf(fields.get('basePath') ?? fields.get('prefix'), source),
    secret: piecesOf(fields.get('secret'), source),
    trustHost: truth?.type === 'BooleanLiteral' && truth.value,
    pages:
      pages?.type === 'ObjectExpression'
        ? Object.fromEntries(
            [...members(pages)].flatMap(([name, node]) => {
              const place = defaultOf(node, source);
              return place ? [[name, place]] : [];
            }),
          )
        : {},
    adapter: fields.has('adapter'),
    strategy: constantOf(member(fields.get('session'), source, 'strategy'), source),
    maxAge,
    sessionCookie: defaultOf(member(fields.get('cookies'), source, 'sessionToken', 'name'), source),
    sessionFields: sessionFieldsOf(session),
    userFields: userFieldsOf(session),
    tokenClaims: tokenClaimsOf(madeBy(member(fields.get('callbacks'), source, 'jwt'), source)),
  };
}

/** `30 * 24 * 60 * 60` → seconds. */
function numberOf(node: Node | undefined, source: SourceFile, depth = 0): number | undefined {
  const value = depth > 8 ? undefined : resolve(node, source);
  if (value?.type === 'NumericLiteral') return value.value;
  if (value?.type !== 'BinaryExpression' || value.operator !== '*') return undefined;
  const [left, right] = [numberOf(value.left, source, depth + 1), numberOf(value.right, source, depth + 1)];
  return left !== undefined && right !== undefined ? left * right : undefined;
}

/** The function that a name stands for. */
const madeBy = (node: Node | undefined, source: SourceFile) =>
  node?.type === 'Identifier' ? source.links?.definition(node.name, homeOf(node, source))?.node : node;
