/**
 * Lets go of the sockets that msw makes up. Each has a handle of the system, which Node keeps until it is closed, and all that
 * belongs to its request with it; @mswjs/interceptors (0.45.12, `socket._destroy` in its response code) ends such a socket without closing it: an
 * agent that kept one for the next message, and let it go unused after five seconds, left 40 kB behind each time.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';

interface Handle {
  close?(): void;
  /** The handle of the connection below the one of TLS. */
  _parent?: Handle;
}

/** A socket that Node itself ended has no handle any more. */
function closeHandle(this: Socket): void {
  const own = this as unknown as { _handle: Handle | null };
  const handle = own._handle;
  own._handle = null;
  handle?.close?.();
  handle?._parent?.close?.();
}

/** Sockets that are watched; one that is kept has many requests. */
const watched = new WeakSet<Socket>();
const watch = (socket: Socket) => {
  if (watched.has(socket)) return;
  watched.add(socket);
  socket.once('close', closeHandle);
};

/**
 * Closes what is left of the sockets of requests when they end.
 *
 * @param isOurs whether a request that begins now is one that msw answers
 */
export function closeSockets(isOurs: () => boolean): void {
  subscribe('http.client.request.start', (message) => {
    if (!isOurs()) return;
    const { request } = message as { request: ClientRequest };
    if (request.socket) watch(request.socket);
    else request.once('socket', watch);
  });
}
