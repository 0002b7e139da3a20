/** What the callbacks of Auth.js write: the fields of a session, and the claims that they come from. */
import type { Node, ObjectExpression } from '@babel/types';
import { calledName, members, walk } from './syntax.ts';

const USUAL = new Set(['user', 'expires', 'name', 'email', 'image', 'id']);

/** Names that a session callback assigns (`session.user.phone = …`) or adds (`{ ...session, token }`). */
export function sessionFieldsOf(callback: Node | undefined): string[] {
  if (!callback) return [];
  const names = new Set<string>();
  walk(callback, (node) => {
    const left = node.type === 'AssignmentExpression' ? untyped(node.left) : undefined;
    if (node.type === 'AssignmentExpression' && left?.type === 'MemberExpression') {
      const { object, property } = left;
      if (property.type === 'Identifier' && rootOf(object) === 'session') {
        names.add(property.name);
        // `session.user = { … }` says all that the user has.
        if (property.name === 'user' && node.right.type === 'ObjectExpression')
          for (const name of members(node.right).keys()) names.add(name);
      }
    }
    // `Object.assign(session.user, { … })`
    if (node.type === 'CallExpression' && calledName(node) === 'assign') {
      const [target, added] = node.arguments;
      if (target && rootOf(target) === 'session' && added?.type === 'ObjectExpression')
        for (const name of members(added).keys()) names.add(name);
    }
    if (node.type !== 'ObjectExpression') return;
    const spreads = node.properties.some(
      (property) => property.type === 'SpreadElement' && rootOf(property.argument) === 'session',
    );
    const own = members(node);
    // A session that is written anew: `{ expires, user: { … } }`.
    const user = own.get('user');
    const isSession = own.has('expires') && user?.type === 'ObjectExpression';
    if (spreads || isSession) for (const name of own.keys()) names.add(name);
    if (isSession) for (const name of members(user).keys()) names.add(name);
  });
  return [...names].filter((name) => !USUAL.has(name));
}

/** What a session callback writes as the whole user of a session; undefined where it adds to the one that is there, or cannot be read. */
export function userFieldsOf(callback: Node | undefined): string[] | undefined {
  if (!callback) return undefined;
  const made: Node[] = [];
  walk(callback, (node) => {
    const left = node.type === 'AssignmentExpression' ? untyped(node.left) : undefined;
    if (node.type === 'AssignmentExpression' && left?.type === 'MemberExpression') {
      const { object, property } = left;
      if (property.type === 'Identifier' && property.name === 'user' && rootOf(object) === 'session')
        made.push(untyped(node.right));
    }
    if (node.type !== 'ObjectExpression') return;
    const user = members(node).get('user');
    const isSession =
      members(node).has('expires') ||
      node.properties.some(
        (property) => property.type === 'SpreadElement' && rootOf(property.argument) === 'session',
      );
    if (user && isSession) made.push(untyped(user));
  });
  const isWhole = (user: Node): user is ObjectExpression =>
    user.type === 'ObjectExpression' && !user.properties.some(({ type }) => type === 'SpreadElement');
  if (made.length === 0 || !made.every(isWhole)) return undefined;
  // It is written in several places where people differ: by role, by what is known of them.
  return [...new Set(made.flatMap((user) => [...members(user).keys()]))];
}

/** Members of the token that become fields of the session by themselves (Auth.js, callbacks: session). */
const OF_TOKEN: Record<string, string> = { name: 'name', email: 'email', picture: 'image' };

/** Names of the claims that an expression takes from `profile`, in their order. */
function claimsIn(node: Node): string[] {
  const found = new Set<string>();
  walk(node, (each) => {
    if (each.type !== 'MemberExpression' && each.type !== 'OptionalMemberExpression') return;
    const object = untyped(each.object);
    if (object.type === 'Identifier' && object.name === 'profile' && each.property.type === 'Identifier')
      found.add(each.property.name);
  });
  return [...found];
}

/** Field of the session → claims from which a jwt callback writes it, past profile(). */
export function tokenClaimsOf(callback: Node | undefined): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  const note = (name: string, value: Node) => {
    const field = OF_TOKEN[name];
    const claims = field ? claimsIn(value) : [];
    if (field && claims.length > 0) found[field] = claims;
  };
  if (callback)
    walk(callback, (node) => {
      if (node.type === 'AssignmentExpression' && node.left.type === 'MemberExpression') {
        const { object, property } = node.left;
        if (property.type === 'Identifier' && rootOf(object) === 'token') note(property.name, node.right);
      }
      // What is returned, or given to Object.assign.
      if (node.type === 'ObjectExpression') for (const [name, value] of members(node)) note(name, value);
    });
  return found;
}

/** What stands inside `(x as any)`, `x!` and parentheses. */
const untyped = (node: Node): Node =>
  node.type === 'TSAsExpression' ||
  node.type === 'TSNonNullExpression' ||
  node.type === 'TSSatisfiesExpression' ||
  node.type === 'TSTypeAssertion' ||
  node.type === 'ParenthesizedExpression'
    ? untyped(node.expression)
    : node;

const rootOf = (typed: Node): string | undefined => {
  const node = untyped(typed);
  if (node.type === 'Identifier') return node.name;
  return node.type === 'MemberExpression' || node.type === 'OptionalMemberExpression'
    ? rootOf(node.object)
    : undefined;
};
