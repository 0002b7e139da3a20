/** What many laws ask of the same history, worked out once. */

/**
 * A pure function of an object (a history, an exchange), which remembers what it found for as long as the object lives.
 *
 * @param find must depend on nothing else, and its objects must not change
 */
export function once<Of extends object, Found>(find: (of: Of) => Found): (of: Of) => Found {
  const known = new WeakMap<Of, { found: Found }>();
  return (of) => {
    const before = known.get(of);
    if (before) return before.found;
    const found = find(of);
    known.set(of, { found });
    return found;
  };
}
