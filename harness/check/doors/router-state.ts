/** The state tree of the App Router: which parts of a page a browser says that it has (Next.js, flightRouterState). */

/** `[segment, { slot: tree }, url, marker]` */
export type StateTree = [segment: unknown, slots: Record<string, StateTree>, ...rest: unknown[]];

const PUSH = /self\.__next_f\.push\(\[1,("(?:[^"\\]|\\.)*")\]\)/g;

/** The JSON array that begins at a position; undefined when it does not end. */
function arrayAt(text: string, start: number): unknown {
  let depth = 0;
  let quoted = false;
  for (let at = start; at < text.length; at += 1) {
    const letter = text[at];
    if (quoted) {
      if (letter === '\\') at += 1;
      else if (letter === '"') quoted = false;
      continue;
    }
    if (letter === '"') quoted = true;
    else if (letter === '[' || letter === '{') depth += 1;
    else if (letter === ']' || letter === '}') depth -= 1;
    if (depth === 0) {
      try {
        return JSON.parse(text.slice(start, at + 1));
      } catch {
        return undefined;
      }
    }
  }
  return undefined;
}

const isTree = (value: unknown): value is StateTree =>
  Array.isArray(value) && typeof value[1] === 'object' && value[1] !== null;

/** The tree of a page, as the page itself tells it to its router; undefined when it is no page of the App Router. */
export function stateTreeOf(html: string): StateTree | undefined {
  const flight = [...html.matchAll(PUSH)].map(([, text]) => JSON.parse(text as string)).join('');
  const at = flight.indexOf('"f":[[');
  const tree = at < 0 ? undefined : arrayAt(flight, at + '"f":[['.length);
  return isTree(tree) ? tree : undefined;
}

/** The tree of a path whose page does not tell it: its segments, and no group or parameter. */
export const plainTree = (path: string): StateTree =>
  ['', ...path.split('/').filter(Boolean)].reduceRight<StateTree>(
    (inner, segment) => [segment, { children: inner }],
    ['__PAGE__', {}],
  );

const marked = ([segment, slots]: StateTree, depth: number): StateTree => {
  if (depth === 0 || !slots.children) return [segment, bare(slots), null, 'refetch'];
  return [segment, { ...bare(slots), children: marked(slots.children, depth - 1) }];
};
const bare = (slots: Record<string, StateTree>): Record<string, StateTree> =>
  Object.fromEntries(Object.entries(slots).map(([name, [segment, inner]]) => [name, [segment, bare(inner)]]));

const depthOf = ([, { children }]: StateTree): number => (children ? 1 + depthOf(children) : 0);

/** The trees that ask for a part alone, the page first: what lies above it, layouts with their guards, is not rendered. */
export const partsOf = (tree: StateTree): StateTree[] =>
  Array.from({ length: depthOf(tree) }, (_, index) => marked(tree, depthOf(tree) - index));
