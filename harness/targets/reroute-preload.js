/**
 * Loaded into the app's process with `node --import`: sends what it asks of a hard-coded origin to a mock.
 * Plain JavaScript, because the app's Node runs it. The request's own headers are kept, Authorization above all.
 */
import { syncBuiltinESMExports } from 'node:module';
import { Socket } from 'node:net';
import { ClientRequestInterceptor } from '@mswjs/interceptors/ClientRequest';
import { FetchInterceptor } from '@mswjs/interceptors/fetch/web';
import { HttpResponse, http } from 'msw';
import { defineNetwork, InterceptorSource } from 'msw/experimental';

// An app may run on an older Node than the suite; the interceptors call what came with Node 22 (v8 12.4).
if (!Promise.withResolvers)
  Object.defineProperty(Promise, 'withResolvers', {
    configurable: true,
    writable: true,
    value: function withResolvers() {
      const parts = {};
      parts.promise = new this((resolve, reject) => Object.assign(parts, { resolve, reject }));
      return parts;
    },
  });

const reroutes = JSON.parse(process.env.CONFORMANCE_REROUTES ?? '{}');
const NOT_COPIED = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'accept-encoding']);

const ownFetch = globalThis.fetch;
const ownConnect = Socket.prototype.connect;

async function resend(request, target) {
  const url = new URL(request.url);
  const headers = new Headers([...request.headers].filter(([name]) => !NOT_COPIED.has(name)));
  headers.set('x-forwarded-host', url.host);
  headers.set('x-forwarded-proto', url.protocol.slice(0, -1));
  try {
    const answer = await fetch(target + url.pathname + url.search, {
      method: request.method,
      headers,
      body: ['GET', 'HEAD'].includes(request.method) ? undefined : await request.arrayBuffer(),
      redirect: 'manual',
    });
    // fetch has decoded the body already
    const kept = new Headers(
      [...answer.headers].filter(([name]) => !['content-encoding', 'content-length'].includes(name)),
    );
    const empty = [204, 205, 304].includes(answer.status);
    return new Response(empty ? null : answer.body, { status: answer.status, headers: kept });
  } catch {
    return HttpResponse.error();
  }
}

// What setupServer() does, but with fetch taken at the function: its interceptor for Node takes fetch at the socket, which
// leaves errors in OpenSSL's queue, and Node 24 then aborts in its next AES job (measured with msw 3.0.5).
defineNetwork({
  sources: [
    new InterceptorSource({ interceptors: [new ClientRequestInterceptor(), new FetchInterceptor()] }),
  ],
  // One handler that looks its origin up: each further one would be tried on every request.
  handlers: [
    http.all('*', ({ request }) => {
      const target = reroutes[new URL(request.url).origin];
      return target ? resend(request, target) : undefined;
    }),
  ],
  onUnhandledFrame: 'bypass',
  context: { quiet: true },
}).enable();

// What is not for those origins goes as it would without us, above all each request to Logto: a look costs the app time.
const watchedFetch = globalThis.fetch;
const watchedConnect = Socket.prototype.connect;
const hosts = new Set(Object.keys(reroutes).map((origin) => new URL(origin).hostname));
const isElsewhere = (host) => ['localhost', '127.0.0.1', '::1', '[::1]'].includes(host) && !hosts.has(host);
const hostOf = (input) => {
  try {
    return new URL(input instanceof Request ? input.url : input).hostname;
  } catch {
    return undefined;
  }
};

globalThis.fetch = function fetch(input, init) {
  return (isElsewhere(hostOf(input)) ? ownFetch : watchedFetch)(input, init);
};
Socket.prototype.connect = function connect(...given) {
  const [options] = given.flat();
  return (isElsewhere(options?.host) ? ownConnect : watchedConnect).apply(this, given);
};

// `import { request } from 'node:https'` has a binding of its own, which else stays the real one.
syncBuiltinESMExports();
