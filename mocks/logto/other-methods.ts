/**
 * Koa-router's answers to OPTIONS and to methods that a known path does not have. They are given where the router found
 * nothing, because a route for each of them would be five times as many routes to build at every start.
 */
import type { FastifyInstance, FastifyReply, HTTPMethods } from 'fastify';

interface KnownPath {
  crossOrigin: boolean;
  methods: HTTPMethods[];
  pattern?: RegExp;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Paths of Logto's APIs, as they were registered. */
    knownPaths: Map<string, KnownPath>;
  }
}

/** Pages of other origins may call when `crossOrigin` is set: their headers go on every answer. */
export const apiHeaders = (origin: string | undefined, crossOrigin: boolean): Record<string, string> => ({
  vary: 'Accept-Encoding, Origin',
  ...(crossOrigin && {
    'access-control-allow-origin': origin ?? '*',
    'access-control-expose-headers': '*',
  }),
});

const patternOf = (url: string) =>
  new RegExp(`^${url.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:\w+/g, '[^/]+')}$`);
const parametersIn = (url: string) => url.split('/:').length;

/** Answers what is asked of a known path by a method that it does not have; add before any route. */
export function answerOtherMethods(app: FastifyInstance): void {
  app.decorate('knownPaths', new Map());
  const find = (path: string) =>
    [...app.knownPaths]
      .filter(([url, known]) => {
        known.pattern ??= patternOf(url);
        return known.pattern.test(path);
      })
      .sort(([a], [b]) => parametersIn(a) - parametersIn(b))[0]?.[1];
  app.addHook('onRequest', async (request, reply) => {
    if (!request.is404) return;
    const known = find(request.url.split('?')[0] ?? '');
    if (!known) return;
    const { methods, crossOrigin } = known;
    const { origin } = request.headers;
    // koa-router names HEAD before each GET and says only what the path knows (recording 623).
    const allow = methods
      .filter((method) => method !== 'HEAD')
      .flatMap((method) => (method === 'GET' ? ['HEAD', 'GET'] : [method]));
    const say = (status: number, text: string): FastifyReply =>
      reply.code(status).header('allow', allow.join(', ')).type('text/plain; charset=utf-8').send(text);
    reply.headers(apiHeaders(origin, crossOrigin));
    if (request.method !== 'OPTIONS') return say(405, 'Method Not Allowed');
    if (!crossOrigin || !origin || !request.headers['access-control-request-method']) return say(200, '');
    return reply
      .code(204)
      .headers({
        'access-control-allow-methods': 'GET,HEAD,PUT,POST,DELETE,PATCH',
        'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '',
      })
      .send();
  });
}
