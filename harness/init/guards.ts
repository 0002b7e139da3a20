/** What a piece of code does with a session, also by functions that it leaves the guarding to. */
import type { BlockStatement, Node } from '@babel/types';
import { type SourceFile, walk } from './syntax.ts';

export interface Evidence {
  session: boolean;
  redirect: boolean;
  refusal: boolean;
}

/** Function name → what it does; of functions that look at a session and send people away. */
export type Guards = ReadonlyMap<string, Evidence>;

const SESSION =
  /^(auth|getServerSession|getSession|getAuthUser|authUser|getToken|session|unstable_getServerSession)$/;
const SIGN_IN_PLACE = /^\/.*(sign-?in|log-?in|auth)|^\/$/i;
const NONE: Evidence = { session: false, redirect: false, refusal: false };

const either = (one: Evidence, other: Evidence): Evidence => ({
  session: one.session || other.session,
  redirect: one.redirect || other.redirect,
  refusal: one.refusal || other.refusal,
});
export const all = (evidence: readonly Evidence[]): Evidence => evidence.reduce(either, NONE);

/** What a form of SvelteKit answers for itself says nothing about who may see its page. */
const isAnswerOfForm = (node: Node | undefined) =>
  node?.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.name === 'fail';

/** Words for somebody who is signed in. */
const WHO = /session|user|member|viewer|account|^auth$/i;

/** Whether code runs for people who are signed in alone, as that of a sign-in page which leads them on: `if (user) …`. */
const isForMembers = (node: Node, above: readonly Node[]): boolean =>
  above.some((each, at) => {
    if (each.type !== 'IfStatement' && each.type !== 'ConditionalExpression') return false;
    if (each.consequent !== (above[at + 1] ?? node)) return false;
    return isSomebody(each.test);
  });

/** `user`, `session?.user`, `await auth()`, `c.get('user')`: true for whoever is signed in. */
function isSomebody(test: Node): boolean {
  if (test.type === 'AwaitExpression' || test.type === 'ParenthesizedExpression')
    return isSomebody(test.type === 'AwaitExpression' ? test.argument : test.expression);
  if (!/^(Identifier|(Optional)?MemberExpression|(Optional)?CallExpression)$/.test(test.type)) return false;
  let said = false;
  walk(test, (node) => {
    if (node.type === 'Identifier') said ||= WHO.test(node.name) || SESSION.test(node.name);
    if (node.type === 'StringLiteral') said ||= WHO.test(node.value);
  });
  return said;
}

const CHOICE = /^(?:If|Switch|Try)Statement$|^(?:Conditional|Logical)Expression$/;

/** Names of what runs when something is posted, and not when a page is shown. */
const POSTED = /^(?:actions?|clientAction|POST|PUT|PATCH|DELETE|onPost|onPut|onPatch|onDelete)$/;

const nameOf = (node: Node | null | undefined) => (node?.type === 'Identifier' ? node.name : '');

/** Whether code runs for a form or a script alone: server actions, `actions` of SvelteKit, handlers of clicks. */
const isPosted = (above: readonly Node[]): boolean =>
  above.some((each) => {
    if ('body' in each && !Array.isArray(each.body) && (each.body as Node | null)?.type === 'BlockStatement')
      if ((each.body as BlockStatement).directives.some(({ value }) => value.value === 'use server'))
        return !isLoaded(above, each);
    if (each.type === 'JSXAttribute')
      return typeof each.name.name === 'string' && /^on[A-Z]|^action$/.test(each.name.name);
    if (each.type === 'VariableDeclarator') return above.length < 6 && POSTED.test(nameOf(each.id));
    return each.type === 'FunctionDeclaration' && above.indexOf(each) < 4 && POSTED.test(nameOf(each.id));
  });

/** `query(async () => { 'use server'; … })` is asked by the page itself (SolidStart). */
const isLoaded = (above: readonly Node[], made: Node): boolean =>
  above[above.indexOf(made) - 1]?.type === 'CallExpression';

/**
 * What a piece of code does with a session.
 *
 * @param guards functions that it may call, in whatever file they stand
 */
export function evidenceIn(tree: Node, guards: Guards = new Map()): Evidence {
  const evidence = { ...NONE };
  const called: Evidence[] = [];
  let redirects = false;
  let place = false;
  let bearer = false;
  let who = false;
  let chooses = false;
  walk(tree, (node, above) => {
    if (isPosted(above)) return;
    chooses ||= CHOICE.test(node.type);
    if (node.type === 'Identifier') {
      if (SESSION.test(node.name)) evidence.session = true;
      if (node.name === 'redirect') redirects ||= !isForMembers(node, above);
    }
    if (node.type === 'StringLiteral' && SESSION.test(node.value)) evidence.session = true;
    if (node.type === 'StringLiteral' && SIGN_IN_PLACE.test(node.value)) place = true;
    if (node.type === 'TemplateElement' && SIGN_IN_PLACE.test(node.value.raw)) place = true;
    if (
      node.type === 'TemplateLiteral' &&
      SIGN_IN_PLACE.test(node.quasis.map(({ value }) => value.raw).join('x'))
    )
      place = true;
    if (node.type === 'NumericLiteral' && (node.value === 401 || node.value === 403))
      evidence.refusal ||= !isAnswerOfForm(above.at(-1));
    if (node.type === 'StringLiteral' && /^authorization$/i.test(node.value)) bearer = true;
    if (
      (node.type === 'Identifier' && WHO.test(node.name)) ||
      (node.type === 'StringLiteral' && WHO.test(node.value))
    )
      who = true;
    if (node.type === 'CallExpression' && node.callee.type === 'Identifier') {
      if (node.callee.name === 'unauthorized') evidence.redirect = true;
      const guard = guards.get(node.callee.name);
      if (guard) called.push(guard);
    }
  });
  evidence.redirect ||= redirects && place;
  // What chooses nothing treats strangers and members alike; it may describe what others refuse.
  if (!chooses) evidence.redirect = evidence.refusal = false;
  // A token that is sent along opens it, no session: metrics, jobs.
  if (bearer && !who) evidence.refusal = false;
  return all([evidence, ...called]);
}

/** The functions of an app that look at a session and send people away: `requireUser`, `verifySession`. */
export function guardsOf(sources: readonly SourceFile[]): Guards {
  const guards = new Map<string, Evidence>();
  const add = (name: string, node: Node) => {
    const evidence = evidenceIn(node);
    if (evidence.session && (evidence.redirect || evidence.refusal)) guards.set(name, evidence);
  };
  for (const { tree } of sources)
    walk(tree, (node, above) => {
      // Those of a module alone: what a function holds inside is its own.
      if (above.length > 5) return;
      if (node.type === 'FunctionDeclaration' && node.id) add(node.id.name, node);
      if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && holdsFunction(node.init))
        add(node.id.name, node);
    });
  return guards;
}

/** `() => …`, `function () { … }`, and such a function handed to `cache(…)` and the like. */
const holdsFunction = (node: Node | null | undefined): boolean =>
  node?.type === 'ArrowFunctionExpression' ||
  node?.type === 'FunctionExpression' ||
  (node?.type === 'CallExpression' && node.arguments.length === 1 && holdsFunction(node.arguments[0]));
