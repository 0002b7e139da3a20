/** Lists of Verify v2: the rows and `meta` around them (OpenAPI, `ListServiceResponse` and its kin). */
import type { HttpAnswer } from '../../fault.ts';
import { pageOf } from '../paging.ts';
import { VERIFY_ORIGIN } from './services.ts';

interface Envelope {
  page: number;
  page_size: number;
  first_page_uri: string;
  previous_page_uri: string | null;
  next_page_uri: string | null;
  uri: string;
}

/**
 * @param rows as they are shown, in order
 * @param key name of the list
 * @param path path of the list
 */
export function metaPage(
  rows: readonly { sid: string }[],
  key: string,
  path: string,
  query: Record<string, string | undefined>,
): HttpAnswer {
  const answer = pageOf({ rows, key, uri: path, query });
  if (answer.status !== 200) return answer;
  const body = answer.body as Envelope & Record<string, unknown>;
  const url = (uri: string | null) => uri && VERIFY_ORIGIN + uri;
  return {
    ...answer,
    body: {
      [key]: body[key],
      meta: {
        page: body.page,
        page_size: body.page_size,
        first_page_url: url(body.first_page_uri),
        previous_page_url: url(body.previous_page_uri),
        url: url(body.uri),
        next_page_url: url(body.next_page_uri),
        key,
      },
    },
  };
}
