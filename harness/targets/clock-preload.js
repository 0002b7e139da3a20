/**
 * Loaded into the app's process with `node --import`: a request that names seconds in a header is answered as if that
 * much time had passed, so that a code or a session can be seen to end without waiting for it. Other requests are not
 * touched, and nothing is changed before the first such request comes.
 * Plain JavaScript, because the app's Node runs it.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { Server } from 'node:http';
import { Server as SecureServer } from 'node:https';

const HEADER = 'x-conformance-clock';
let ahead;

function moveClocks() {
  ahead = new AsyncLocalStorage();
  const RealDate = globalThis.Date;
  const now = () => RealDate.now() + (ahead.getStore() ?? 0);
  const MovedDate = new Proxy(RealDate, {
    apply: () => new RealDate(now()).toString(),
    construct: (target, given, newTarget) =>
      Reflect.construct(target, given.length ? given : [now()], newTarget === MovedDate ? target : newTarget),
    get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
  });
  globalThis.Date = MovedDate;
  // Caches measure by it how old something is (lru-cache).
  const { performance } = globalThis;
  const sinceStart = performance.now.bind(performance);
  Object.defineProperty(performance, 'now', {
    value: () => sinceStart() + (ahead.getStore() ?? 0),
    writable: true,
    configurable: true,
  });
  // Some tell a date by its constructor.
  Object.defineProperty(RealDate.prototype, 'constructor', {
    value: MovedDate,
    writable: true,
    configurable: true,
  });
}

for (const { prototype } of [Server, SecureServer]) {
  const { emit } = prototype;
  prototype.emit = function emitLater(event, request, response, ...rest) {
    const seconds = event === 'request' ? Number(request.headers[HEADER] ?? 0) : 0;
    if (!seconds) return emit.call(this, event, request, response, ...rest);
    if (!ahead) moveClocks();
    // Tells that the clock could be moved: an app that is no Node server, or runs behind one, sends no such header.
    response.setHeader(HEADER, seconds);
    return ahead.run(seconds * 1000, () => emit.call(this, event, request, response, ...rest));
  };
}
