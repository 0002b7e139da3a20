/**
 * Loaded into the app's process with `node --import`: a request that names seconds in a header is answered as if that
 * much time had passed, so that a code can be seen to expire without waiting for it. Other requests are not touched.
 * Plain JavaScript, because the app's Node runs it.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { Server } from 'node:http';

const HEADER = 'x-conformance-clock';
const ahead = new AsyncLocalStorage();
const RealDate = Date;
const now = () => RealDate.now() + (ahead.getStore() ?? 0);

globalThis.Date = new Proxy(RealDate, {
  apply: () => new RealDate(now()).toString(),
  construct: (target, given, newTarget) =>
    Reflect.construct(target, given.length ? given : [now()], newTarget === Date ? target : newTarget),
  get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
});

const emit = Server.prototype.emit;
Server.prototype.emit = function emitLater(event, request, response, ...rest) {
  const seconds = event === 'request' ? Number(request.headers[HEADER] ?? 0) : 0;
  if (!seconds) return emit.call(this, event, request, response, ...rest);
  // Tells that the clock could be moved: an app that is no Node server, or runs behind one, sends no such header.
  response.setHeader(HEADER, seconds);
  return ahead.run(seconds * 1000, () => emit.call(this, event, request, response, ...rest));
};
