/** A gate on this machine, at which processes that are ready wait until the one that put it up opens it, or is gone. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Environment variable that names the gate to whoever is started behind it: a port of 127.0.0.1. */
export const GATE = 'CONFORMANCE_GATE';

export interface Gate {
  port: number;
  /** Lets everybody through who waits, and who comes later. */
  open(): void;
}

/** Puts up a gate, which is gone with this process and keeps it from nothing. */
export async function putUpGate(): Promise<Gate> {
  let isOpen = false;
  const waiting = new Set<Socket>();
  const server = createServer((socket) => {
    socket.on('error', () => undefined).once('close', () => waiting.delete(socket));
    if (isOpen) socket.end('open');
    else waiting.add(socket);
  });
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    open() {
      isOpen = true;
      for (const socket of waiting) socket.end('open');
    },
  };
}

/**
 * Waits until the gate is open that this process was started behind; there is none for most.
 *
 * @throws Error when whoever put it up is gone
 */
export async function passGate(environment: NodeJS.ProcessEnv = process.env): Promise<void> {
  const port = environment[GATE];
  if (!port) return;
  const socket = connect(Number(port), '127.0.0.1');
  const closed = once(socket, 'close').then(() => {
    throw new Error('the process that would have opened the gate is gone');
  });
  try {
    await Promise.race([once(socket, 'data'), closed]);
  } finally {
    closed.catch(() => undefined);
    socket.destroy();
  }
}
