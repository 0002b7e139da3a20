/** Addresses of an API that answer members only when they are told in the query what they are about. */
import type { Node } from '@babel/types';
import { Evaluator } from './evaluate.ts';
import { Scope, SOMEBODY, truth, UNKNOWN } from './interpret-values.ts';
import { handlersIn } from './page-guards.ts';
import { followed, homeOf, type SourceFile, walk } from './syntax.ts';

/** What reads one parameter of the query. */
const READS = /\bsearchParams\s*\.\s*get\(|\bgetQuery\(|\b(?:req|request|event|c)\b[\w.]*\.query\b/;
/** Answers to those who name nothing, or something that is not there. */
const MISSES = /^4(?:00|04|10|22)$/;

function misses(node: Node): boolean {
  let found = false;
  walk(node, (each) => {
    if (each.type === 'NumericLiteral') found ||= MISSES.test(String(each.value));
    if (each.type === 'CallExpression' && each.callee.type === 'Identifier')
      found ||= each.callee.name === 'notFound';
  });
  return found;
}

function mentions(node: Node, names: ReadonlyMap<string, Node | undefined>, { text }: SourceFile): boolean {
  if (READS.test(text.slice(node.start ?? 0, node.end ?? 0))) return true;
  let found = false;
  walk(node, (each) => {
    found ||= each.type === 'Identifier' && names.has(each.name);
  });
  return found;
}

/** Whether a function misses a parameter that nobody has given. */
function missesParameter(handler: Node, source: SourceFile): boolean {
  const values = new Evaluator({ path: UNKNOWN, session: SOMEBODY, sources: [source] }, source);
  const scope = new Scope(undefined, source);
  const names = new Map<string, Node | undefined>();
  let found = false;
  walk(handler, (node) => {
    if (found) return;
    if (node.type === 'VariableDeclarator' && node.init && mentions(node.init, names, source)) {
      walk(node.id, (each) => {
        if (each.type === 'Identifier') names.set(each.name, node.init ?? undefined);
      });
      const isOne = node.id.type === 'Identifier';
      // Each member of a query that is not there is nothing.
      for (const name of names.keys())
        if (names.get(name) === node.init) scope.set(name, isOne ? values.eval(node.init, scope) : undefined);
    }
    if (node.type !== 'IfStatement' && node.type !== 'ConditionalExpression') return;
    if (!mentions(node.test, names, source)) return;
    const test = truth(values.eval(node.test, scope));
    const otherwise = node.alternate ?? undefined;
    found =
      (test !== false && misses(node.consequent)) || Boolean(test !== true && otherwise && misses(otherwise));
  });
  return found;
}

/**
 * Whether the GET of a file wants to be told in the query what it is about, and answers nobody without it: no address of it is known
 * that members have an answer of. What it can do without is no reason.
 */
export function wantsParameter(source: SourceFile): boolean {
  if (!READS.test(source.text)) return false;
  const handlers = handlersIn(source, true).map((each) => followed(each, source) ?? each);
  const isMade = handlers.some((each) => /Function|CallExpression|ObjectMethod/.test(each.type));
  if (!isMade) return /\b4(?:00|04|10|22)\b|\bnotFound\(/.test(source.text);
  return handlers.some((each) => missesParameter(each, homeOf(each, source)));
}
