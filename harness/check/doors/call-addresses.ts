/** Other addresses of a query that a door is: in a batch, and with the id of a person in its input. */
import type { Procedure, ProcedureCalls } from '../../lab/procedure.ts';
import { isPlain, NAMED_ID, namesThing, OF_PEOPLE, queryPath, typed } from './calls.ts';

/** The query that is asked for at an address, and its input; undefined at any other address. */
function queryAt(
  path: string,
  calls: ProcedureCalls | undefined,
): { procedure: Procedure; input: unknown } | undefined {
  const [bare = '', query = ''] = path.split('?');
  const procedure = calls?.procedures.find(
    ({ name, posted }) => !posted && bare === `${calls.endpoint}/${name}`,
  );
  if (!procedure) return undefined;
  try {
    const given = new URLSearchParams(query).get('input');
    return { procedure, input: given ? JSON.parse(given) : undefined };
  } catch {
    return undefined;
  }
}

/**
 * The addresses of batches with a query in them: alone, and behind one that is for everybody, or that is not there.
 *
 * @param path where it is asked for; any other address has none
 */
export function batchPaths(path: string, calls: ProcedureCalls | undefined): string[] {
  const found = queryAt(path, calls);
  if (!calls || !found) return [];
  const { procedure, input } = found;
  const open = calls.procedures.find(
    (each) => each.kind === 'query' && !each.isGuarded && !each.posted && isPlain(each),
  );
  const batches = [[procedure.name], [open?.name ?? 'conformance', procedure.name]];
  return batches.map((names) => {
    const inputs = input === undefined ? {} : { [names.length - 1]: input };
    return `${calls.endpoint}/${names.join(',')}?batch=1&input=${encodeURIComponent(JSON.stringify(inputs))}`;
  });
}

/**
 * The addresses of a query with the id of a person in each member of its input that may say whose it is about.
 *
 * @param path where it is asked for; any other address has none
 */
export function naming(path: string, id: string, calls: ProcedureCalls | undefined): string[] {
  const found = queryAt(path, calls);
  if (!calls || !found) return [];
  const { procedure, input: given } = found;
  const said = calls.isWrapped ? (given as { json?: object } | undefined)?.json : given;
  return (procedure.inputs ?? [])
    .filter((input) => namesThing(input) && OF_PEOPLE.test(NAMED_ID.exec(input.name)?.[1] || input.name))
    .flatMap((input) => {
      const value = typed(id, input);
      return value === undefined
        ? []
        : [queryPath(calls, procedure.name, { ...(said as object), [input.name]: value })];
    });
}
