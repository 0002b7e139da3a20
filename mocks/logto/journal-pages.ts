/** Journal entries for everything that is not OIDC: sign-in pages, Experience API, Management API. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Exchange, Journal } from '../journal.ts';
import type { Scopes } from '../scope.ts';
import type { HasHeaders } from './context.ts';

/** Endpoint names by the beginning of the path; the first that fits counts. */
const ENDPOINTS: [start: string, name: string][] = [
  ['/api/experience', 'experience'],
  ['/api/.well-known', 'settings'],
  ['/api/my-account', 'account'],
  ['/api/verifications', 'account'],
  ['/api/', 'management'],
  ['/consent', 'consent'],
  ['/', 'sign-in-page'],
];

const isEngine = (url: string) => url.startsWith('/oidc/');
/** Files of the pages would only fill the journal. */
const isAsset = (url: string) => /\.(css|js|svg|png|ico|woff2?)(\?|$)/.test(url);

const endpointOf = (url: string) => ENDPOINTS.find(([start]) => url.startsWith(start))?.[1] ?? 'unknown';

const headersOf = (headers: object) =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.map(String) : String(value)]],
    ),
  ) as Exchange['request']['headers'];

/** The API reads bodies late and keeps them as text. */
function fieldsOf(body: unknown): { interactionEvent?: unknown } {
  if (typeof body !== 'string') return (body ?? {}) as object;
  try {
    return (JSON.parse(body) ?? {}) as object;
  } catch {
    return {};
  }
}

function factsOf(request: FastifyRequest, payload: unknown): Exchange['facts'] {
  const body = fieldsOf(request.body);
  const code = typeof payload === 'string' ? /^\{"code":"([\w.]+)"/.exec(payload)?.[1] : undefined;
  return {
    endpoint: endpointOf(request.originalUrl),
    ...(typeof body.interactionEvent === 'string' && { interactionEvent: body.interactionEvent }),
    ...(code && { error: code }),
  };
}

export interface JournalPagesOptions {
  journal: Journal;
  scopes: Scopes;
  scopeOf(request: HasHeaders): string | undefined;
}

/** Writes a journal entry after each answer; the engine under /oidc writes its own. */
export function journalPages(app: FastifyInstance, { journal, scopeOf }: JournalPagesOptions): void {
  const payloads = new WeakMap<FastifyRequest, unknown>();
  app.addHook('onSend', async (request, _reply, payload) => {
    payloads.set(request, payload);
  });
  app.addHook('onResponse', async (request, reply) => {
    const { originalUrl: url, method, headers, body } = request;
    if (isEngine(url) || isAsset(url)) return;
    const payload = payloads.get(request);
    const type = String(reply.getHeader('content-type') ?? '');
    const shown = typeof payload === 'string' && !type.includes('html') ? payload : null;
    const facts = factsOf(request, payload);
    journal.add({
      at: new Date(Date.now() - reply.elapsedTime).toISOString(),
      durationMs: reply.elapsedTime,
      scope: scopeOf(request) ?? null,
      from: facts.endpoint === 'management' ? 'app' : 'browser',
      to: 'issuer',
      method,
      url,
      status: reply.statusCode,
      request: { headers: headersOf(headers), body: body ?? null },
      response: { headers: headersOf(reply.getHeaders()), body: shown },
      facts,
    });
  });
}
