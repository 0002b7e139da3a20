/** `page` and `page_size` with the headers Total-Number and Link (packages/core koa-pagination.ts). */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LogtoError } from '../errors.ts';

const PAGE_SIZE = 20;
const PAGE_SIZE_MAX = 100;

const positive = (text: string | undefined, fallback: number, max = Number.POSITIVE_INFINITY): number => {
  if (!text) return fallback;
  const value = Number(text);
  if (!(value > 0 && value <= max)) throw new LogtoError('guard.invalid_pagination');
  return value;
};

/**
 * One page of the rows.
 *
 * @param optional whether all rows come when the request names no page
 */
export function page<Row>(
  request: FastifyRequest,
  reply: FastifyReply,
  rows: Row[],
  optional: boolean,
): Row[] {
  const query = request.query as Record<string, string | undefined>;
  if (optional && !query.page && !query.page_size) return rows;
  const number = positive(query.page, 1);
  const size = positive(query.page_size, PAGE_SIZE, PAGE_SIZE_MAX);
  const last = Math.ceil(rows.length / size) || 1;
  const url = new URL(request.url, `http://${request.headers.host}`);
  const link = (to: number, rel: string) => {
    url.searchParams.set('page', String(to));
    return `<${url.href}>; rel="${rel}"`;
  };
  reply.header('total-number', String(rows.length));
  reply.header(
    'link',
    [
      link(1, 'first'),
      ...(number > 1 ? [link(number - 1, 'prev')] : []),
      link(last, 'last'),
      ...(number < last ? [link(number + 1, 'next')] : []),
    ].join(', '),
  );
  return rows.slice((number - 1) * size, number * size);
}
