/** Hangs the engine under /oidc of the Fastify server; the engine reads the raw request itself. */
import { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type Provider from 'oidc-provider';

export interface Mounted {
  /** Sends what comes next to this engine. */
  use(engine: Provider): void;
  engine(): Provider;
}

const PREFIX = '/oidc';

/** Bytes of a body that are read; the engine itself takes less. */
const BODY_MAX = 1_048_576;

/** Logto reads JSON bodies where OAuth has forms (recording 423); the engine is given the form. */
async function jsonAsForm(request: IncomingMessage): Promise<IncomingMessage> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += (chunk as Buffer).length;
    if (length <= BODY_MAX) chunks.push(chunk as Buffer);
  }
  let members: unknown;
  try {
    members = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    members = {};
  }
  const isObject = typeof members === 'object' && members !== null && !Array.isArray(members);
  const pairs = Object.entries(isObject ? (members as object) : {}).map(([name, value]): [string, string] => [
    name,
    typeof value === 'object' ? JSON.stringify(value) : String(value),
  ]);
  const form = Buffer.from(new URLSearchParams(pairs).toString());
  const { method, url, httpVersion, httpVersionMajor, httpVersionMinor, headers } = request;
  const copy = Object.assign(new IncomingMessage(request.socket), {
    complete: true,
    method,
    url,
    httpVersion,
    httpVersionMajor,
    httpVersionMinor,
    headers: {
      ...headers,
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': String(form.length),
    },
  });
  copy.push(form);
  copy.push(null);
  return copy;
}

const DISCOVERY = '/.well-known/openid-configuration';

/** @param issuerPath path of an issuer that is not at the engine's own: its discovery document is found there, too */
export function mountEngine(app: FastifyInstance, issuerPath: string = PREFIX): Mounted {
  let engine: Provider | undefined;
  let handle: ((request: never, response: never) => unknown) | undefined;
  app.register(async (child) => {
    child.removeAllContentTypeParsers();
    child.addContentTypeParser('*', (_request, _payload, done) => done(null));
    const below = issuerPath === '/' ? '' : issuerPath;
    if (below !== PREFIX)
      child.get(`${below}${DISCOVERY}`, (request, reply) => {
        for (const [name, value] of Object.entries(reply.getHeaders()))
          if (value !== undefined) reply.raw.setHeader(name, value as string);
        reply.hijack();
        Object.assign(request.raw, { originalUrl: `${PREFIX}${DISCOVERY}`, url: DISCOVERY });
        handle?.(request.raw as never, reply.raw as never);
      });
    child.all(`${PREFIX}/*`, { exposeHeadRoute: false } as never, async (request, reply) => {
      const isJson =
        request.method === 'POST' && request.headers['content-type']?.startsWith('application/json');
      const raw = isJson ? await jsonAsForm(request.raw) : request.raw;
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
