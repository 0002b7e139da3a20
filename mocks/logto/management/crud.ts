/** What most lists of the Management API have in common: search by `q`, pages, one row, deletion. */
import type { FastifyInstance } from 'fastify';
import { byId } from '../rows.ts';
import { page } from './paging.ts';

export type ById = { Params: { id: string } };

/** Rows whose name (or another member) holds the word of `q`. */
export const holding = <Row extends object>(
  rows: readonly Row[],
  query: unknown,
  members: readonly (keyof Row)[],
): Row[] => {
  const { q } = query as { q?: string };
  return q
    ? rows.filter((row) => members.some((key) => String(row[key]).toLowerCase().includes(q.toLowerCase())))
    : [...rows];
};

/** `GET /`, `GET /:id` and `DELETE /:id` of a table. */
export function registerTable<Row extends { id: string; name: string }>(
  scope: FastifyInstance,
  options: {
    path: string;
    /** Name of the table, for errors. */
    table: string;
    rows(): Row[];
    /** A row in the list. */
    view(row: Row): unknown;
    /** A row by itself, when it looks different there. */
    one?(row: Row): unknown;
    remove(row: Row): void;
    /** Whether the list is whole without `page`. */
    optionalPages?: boolean;
  },
): void {
  const { path, table, rows, view, remove, optionalPages = false, one = view } = options;
  scope.get(path, async (request, reply) =>
    page(request, reply, holding(rows(), request.query, ['name']).map(view), optionalPages),
  );
  scope.get<ById>(`${path}/:id`, async ({ params }) => one(byId(rows(), params.id, table)));
  scope.delete<ById>(`${path}/:id`, async ({ params }, reply) => {
    remove(byId(rows(), params.id, table));
    return reply.code(204).send();
  });
}

/** Takes a row out of its array. */
export const drop = <Row>(rows: Row[], row: Row): void => void rows.splice(rows.indexOf(row), 1);
