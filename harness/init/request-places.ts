/** Where frameworks let an app put something that is known of a request. */
import type { Node } from '@babel/types';
import { bare } from './module-names.ts';
import { keyOf } from './syntax.ts';

/** What a request, or its answer, is called. */
const REQUEST = /^(?:req|request|res|response|reply|ctx|context|c|event|evt|Astro)$/;
/** Such a thing's place for what the app knows, under its own name as well. */
const PLACE = /^(?:locals|state|context|var|req|request|raw)$/;

/** `req`, `res.locals`, `ctx.state`, `event.locals`, `c.var`, and `locals` that was taken from one of them. */
export function isOfRequest(typed: Node): boolean {
  const node = bare(typed);
  if (node.type === 'Identifier') return REQUEST.test(node.name) || node.name === 'locals';
  if (node.type !== 'MemberExpression' && node.type !== 'OptionalMemberExpression') return false;
  return !node.computed && PLACE.test(keyOf(node.property) ?? '') && isOfRequest(node.object);
}

/** What the query of an address is called. */
const QUERY = /^(?:searchParams|query)$/;
const last = (typed: Node): string => {
  const node = bare(typed);
  if (node.type === 'Identifier') return node.name;
  const isMember = node.type === 'MemberExpression' || node.type === 'OptionalMemberExpression';
  return isMember ? (keyOf(node.property) ?? '') : '';
};

/** `url.searchParams` of `url.searchParams.get('id')`, `req.query`: addresses are asked for without one. */
export const isQuery = (node: Node): boolean => QUERY.test(last(node));
/** `request.headers` of `request.headers.get('authorization')`. */
export const isHeaders = (node: Node): boolean => /^(?:headers|h)$|Headers$/.test(last(node));
