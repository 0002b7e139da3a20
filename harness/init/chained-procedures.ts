/** Procedures of tRPC 9, whose routers are chains: `createRouter().query('feed', { input, resolve }).merge('post.', posts)`. */
import type { CallExpression, Node } from '@babel/types';
import type { Procedure } from '../lab/procedure.ts';
import { inputsOf } from './procedure-inputs.ts';
import { calledName, members, type SourceFile } from './syntax.ts';
import { constantOf } from './texts.ts';

interface Chain {
  name: string;
  source: SourceFile;
  /** What the chain begins with: `createProtectedRouter()`. */
  begins: string;
  calls: CallExpression[];
}

/** Names of what a chain begins with, or holds, that say that somebody has to be signed in. */
const GUARDED = /protect|auth|private|member|session|guard/i;
const MEMBERS_MAX = 200;
const DEPTH_MAX = 6;

/** The calls of a chain, the first one first; the first one makes the router. */
function callsOf(node: Node | undefined): CallExpression[] {
  if (node?.type !== 'CallExpression') return [];
  return node.callee.type === 'MemberExpression' ? [...callsOf(node.callee.object), node] : [node];
}

const isProcedure = (call: CallExpression): boolean =>
  /^(?:query|mutation)$/.test(calledName(call)) &&
  call.arguments[0]?.type === 'StringLiteral' &&
  call.arguments[1]?.type === 'ObjectExpression';
const isMerge = (call: CallExpression): boolean => calledName(call) === 'merge';

const chainsIn = (source: SourceFile): Chain[] =>
  [...source.values].flatMap(([name, value]) => {
    const calls = callsOf(value);
    const begins = calls[0] ? calledName(calls[0]) : '';
    return /router$/i.test(begins) && calls.some((call) => isProcedure(call) || isMerge(call))
      ? [{ name, source, begins, calls }]
      : [];
  });

/** The chain that a name of a file means: its own, or the one that is imported under that name. */
function meant(name: string, { source }: Chain, chains: readonly Chain[]): Chain | undefined {
  const imported = source.imports.get(name)?.name ?? name;
  return (
    chains.find((each) => each.source === source && each.name === name) ??
    chains.find((each) => each.name === imported)
  );
}

/** The procedures of all routers that are merged into no other one, below the prefixes of those that are. */
export function chainedProcedures(sources: readonly SourceFile[]): Procedure[] {
  const chains = sources.flatMap(chainsIn);
  const merged = new Set<Chain>();
  const found = new Map<string, Procedure>();
  const enter = (chain: Chain, prefix: string, depth: number): void => {
    const isGuarded =
      GUARDED.test(chain.begins) || chain.calls.some((call) => calledName(call) === 'middleware');
    for (const call of chain.calls) {
      if (found.size >= MEMBERS_MAX || depth > DEPTH_MAX) return;
      const [first, second] = call.arguments;
      if (isMerge(call)) {
        const [place, router] = second ? [constantOf(first, chain.source) ?? '', second] : ['', first];
        const inner = router?.type === 'Identifier' ? meant(router.name, chain, chains) : undefined;
        if (!inner || inner === chain) continue;
        merged.add(inner);
        enter(inner, prefix + place, depth + 1);
      } else if (isProcedure(call) && second?.type === 'ObjectExpression') {
        const name = prefix + (constantOf(first, chain.source) ?? '');
        const schema = members(second).get('input');
        const inputs = schema ? inputsOf(schema, chain.source, sources) : [];
        found.set(name, {
          name,
          kind: calledName(call) as Procedure['kind'],
          source: chain.source.file,
          ...(isGuarded && { isGuarded }),
          ...(inputs === undefined ? { isUnread: true } : inputs.length > 0 && { inputs }),
        });
      }
    }
  };
  // A first walk tells which routers stand in others.
  for (const chain of chains) enter(chain, '', 0);
  found.clear();
  for (const chain of chains) if (!merged.has(chain)) enter(chain, '', 0);
  return [...found.values()];
}
