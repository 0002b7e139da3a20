/** The answers that send somebody away. */
import type { AssignmentExpression, CallExpression, Node } from '@babel/types';
import { calledName, keyOf, members } from './syntax.ts';

const SENDS = /^(?:redirect|permanentRedirect|sendRedirect|navigateTo|signIn|abortNavigation)$/;
const REFUSES = /^(?:unauthorized|forbidden|sendUnauthorized|sendForbidden)$/;
/** Errors that say that somebody is not signed in, or may not, by their name or their words. */
const REFUSAL =
  /unauthori[sz]ed|unauthenticated|forbidden|not.?(?:authenticated|signed.?in|logged.?in|authori[sz]ed)|auth(?:entication|orization)?.?required/i;

/**
 * Whether an expression is the answer that sends somebody away: a redirect, 401 or 403.
 *
 * @param isThrown it is thrown: an error says by its name what it is about
 */
export function sendsAway(
  node: Node | null | undefined,
  isThrown = false,
): 'redirect' | 'refuse' | undefined {
  if (!node) return undefined;
  switch (node.type) {
    case 'AwaitExpression':
      return sendsAway(node.argument, isThrown);
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
      return sendsAway(node.expression, isThrown);
    case 'CallExpression': {
      const { callee } = node;
      const name = calledName(node);
      if (REFUSES.test(name)) return 'refuse';
      if (SENDS.test(name) || isRouterMove(callee)) return 'redirect';
      if (node.arguments.some((each) => isRefusal(each))) return 'refuse';
      if (leadsElsewhere(node.arguments)) return 'redirect';
      if (isThrown && (REFUSAL.test(name) || node.arguments.some(saysSo))) return 'refuse';
      // `res.status(401).json(…)`
      return callee.type === 'MemberExpression' ? sendsAway(callee.object) : undefined;
    }
    case 'NewExpression':
      if (node.arguments.some((each) => isRefusal(each))) return 'refuse';
      if (leadsElsewhere(node.arguments)) return 'redirect';
      return isThrown &&
        (('name' in node.callee && REFUSAL.test(String(node.callee.name))) || node.arguments.some(saysSo))
        ? 'refuse'
        : undefined;
    case 'ObjectExpression':
      // What getServerSideProps of Next.js answers.
      return node.properties.some(
        (property) =>
          property.type === 'ObjectProperty' &&
          property.key.type === 'Identifier' &&
          property.key.name === 'redirect',
      )
        ? 'redirect'
        : undefined;
    default:
      return undefined;
  }
}

/** `router.push('/login')` of the router in the browser (Next.js, Vue). */
const isRouterMove = (callee: Node): boolean =>
  callee.type === 'MemberExpression' &&
  /^(?:push|replace)$/.test(keyOf(callee.property) ?? '') &&
  callee.object.type === 'Identifier' &&
  /^router$|Router$/.test(callee.object.name);

/** `useSession({ required: true })` sends whoever has no session to the sign-in (next-auth.js.org, Client API). */
export const wantsSession = (node: CallExpression): boolean => {
  const [first] = node.arguments;
  if (calledName(node) !== 'useSession' || first?.type !== 'ObjectExpression') return false;
  const required = members(first).get('required');
  return required?.type === 'BooleanLiteral' && required.value;
};

/** What runs once the page is there (React). */
export const isEffect = (node: CallExpression): boolean => /^use(?:Layout)?Effect$/.test(calledName(node));

const saysSo = (node: Node) => node.type === 'StringLiteral' && REFUSAL.test(node.value);

/** Functions that throw what sends away (Next.js, SvelteKit); others make an answer that somebody has to return. */
const THROWS = /^(?:redirect|permanentRedirect|signIn|unauthorized|forbidden|error)$/;

/** Responses that are sent by what is called on them, wherever that stands (Express, Fastify, Node.js). */
const RESPONSE = /^(?:res|response|reply|rep)$/;

/**
 * Whether such a call ends the function that it stands in, and whoever called that: `redirect('/login')` throws (Next.js,
 * SvelteKit), `res.redirect('/login')` has sent its answer.
 */
export function isThrown({ callee }: CallExpression): boolean {
  if (callee.type === 'Identifier') return THROWS.test(callee.name);
  if (callee.type !== 'MemberExpression') return false;
  const { object } = callee;
  if (object.type === 'CallExpression') return isThrown(object);
  return object.type === 'Identifier' && RESPONSE.test(object.name);
}

const ELSEWHERE = /^30[12378]$/;

/** `res.writeHead(302, { location: '/login' })`, `new Response(null, { status: 303, headers: { Location: '/login' } })`. */
function leadsElsewhere(given: readonly Node[]): boolean {
  let status = false;
  let location = false;
  const look = (node: Node): void => {
    if (node.type === 'NumericLiteral') status ||= ELSEWHERE.test(String(node.value));
    if (node.type !== 'ObjectExpression') return;
    for (const each of node.properties)
      if (each.type === 'ObjectProperty') {
        location ||= /^location$/i.test(keyOf(each.key) ?? '');
        look(each.value);
      }
  };
  for (const each of given) look(each);
  return status && location;
}

/** `res.statusCode = 401`, `ctx.status = 403`: whatever follows is that answer. */
export const refusesByStatus = ({ left, right }: AssignmentExpression): boolean =>
  left.type === 'MemberExpression' &&
  /^status(?:Code)?$/.test(keyOf(left.property) ?? '') &&
  left.object.type === 'Identifier' &&
  (RESPONSE.test(left.object.name) || /^(?:ctx|context|set)$/.test(left.object.name)) &&
  isRefusal(right);

/** `401`, `{ status: 401 }`, `{ statusCode: 403 }`. */
const isRefusal = (node: Node): boolean =>
  (node.type === 'NumericLiteral' && (node.value === 401 || node.value === 403)) ||
  (node.type === 'ObjectExpression' &&
    node.properties.some((property) => property.type === 'ObjectProperty' && isRefusal(property.value)));
