/** Objects within objects, as configs are; a key path is `a.b`. */
export type Tree = Record<string, unknown>;

export const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Lays `over` on `under`, key by key. */
export function overlay(under: Tree, over: Tree): Tree {
  const result: Tree = { ...under };
  for (const [key, value] of Object.entries(over)) {
    if (value === undefined) continue;
    const old = result[key];
    result[key] = isTree(old) && isTree(value) ? overlay(old, value) : value;
  }
  return result;
}

/** Paths of all leaves: `{a: {b: 1}}` → `['a.b']`. */
export const leaves = (tree: unknown, prefix = ''): string[] =>
  isTree(tree) && Object.keys(tree).length > 0
    ? Object.entries(tree).flatMap(([key, value]) => leaves(value, prefix ? `${prefix}.${key}` : key))
    : prefix
      ? [prefix]
      : [];

/** Sets `a.b` in a tree. */
export function put(tree: Tree, key: string, value: unknown): Tree {
  const [first, ...rest] = key.split('.') as [string, ...string[]];
  return overlay(tree, { [first]: rest.length ? put({}, rest.join('.'), value) : value });
}
