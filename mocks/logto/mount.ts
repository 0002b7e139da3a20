/** Hangs the engine under /oidc of the Fastify server; the engine reads the raw request itself. */
import type { FastifyInstance } from 'fastify';
import type Provider from 'oidc-provider';

export interface Mounted {
  /** Sends what comes next to this engine. */
  use(engine: Provider): void;
  engine(): Provider;
}

const PREFIX = '/oidc';

export function mountEngine(app: FastifyInstance): Mounted {
  let engine: Provider | undefined;
  let handle: ((request: never, response: never) => unknown) | undefined;
  app.register(async (child) => {
    child.removeAllContentTypeParsers();
    child.addContentTypeParser('*', (_request, _payload, done) => done(null));
    child.all(`${PREFIX}/*`, { exposeHeadRoute: false } as never, (request, reply) => {
      const { raw } = request;
      for (const [name, value] of Object.entries(reply.getHeaders())) {
        if (value !== undefined) reply.raw.setHeader(name, value as string);
      }
      reply.hijack();
      Object.assign(raw, { originalUrl: raw.url, url: (raw.url ?? '').slice(PREFIX.length) || '/' });
      handle?.(raw as never, reply.raw as never);
    });
  });
  return {
    use(next) {
      engine = next;
      handle = next.callback() as never;
    },
    engine() {
      if (!engine) throw new Error('the issuer is not listening yet');
      return engine;
    },
  };
}
