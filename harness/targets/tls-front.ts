/** A TLS front for a mock (so that a browser meets it under an https origin that an app has hard-coded), or for an app. */
import { request } from 'node:http';
import { createServer } from 'node:https';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { generate } from 'selfsigned';

export interface TlsFront {
  /** Where it listens, `127.0.0.1:<port>`. */
  host: string;
  /** PEM text; it is its own authority. */
  certificate: string;
  close(): Promise<void>;
}

/**
 * Starts a server with a certificate of its own making, valid for this run only, that hands everything on.
 *
 * @param publicOrigin the origin that the browser believes it talks to; the certificate is for its host
 * @param target the origin of the mock, or of the app
 * @param listens port of its own; 0 takes a free one
 */
export async function startTlsFront(publicOrigin: string, target: string, listens = 0): Promise<TlsFront> {
  const { hostname, host } = new URL(publicOrigin);
  const { hostname: address, port } = new URL(target);
  const pair = await generate([{ name: 'commonName', value: hostname }], {
    keySize: 2048,
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: hostname }] }],
  });
  const server = createServer({ key: pair.private, cert: pair.cert }, (incoming, outgoing) => {
    const forwarded = request(
      {
        host: address,
        port,
        method: incoming.method,
        path: incoming.url,
        headers: {
          ...incoming.headers,
          host: incoming.headers.host ?? host,
          'x-forwarded-proto': 'https',
          'x-forwarded-host': incoming.headers.host ?? host,
        },
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    forwarded.once('error', () => outgoing.destroy());
    incoming.pipe(forwarded);
  });
  const upgraded = new Set<Duplex>();
  // A WebSocket is handed on as it is.
  server.on('upgrade', (incoming, socket, head) => {
    const onward = connect({ host: address, port: Number(port) }, () => {
      const lines = Object.entries({ ...incoming.headers, 'x-forwarded-proto': 'https' }).flatMap(
        ([name, value]) => [value ?? []].flat().map((each) => `${name}: ${each}`),
      );
      onward.write(`${incoming.method} ${incoming.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    for (const end of [onward, socket]) {
      upgraded.add(end);
      end.once('error', () => socket.destroy());
      end.once('close', () => {
        upgraded.delete(end);
        onward.destroy();
      });
    }
  });
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(listens, '127.0.0.1', resolve),
  );
  const place = server.address();
  return {
    certificate: pair.cert,
    host: `127.0.0.1:${typeof place === 'object' && place ? place.port : 0}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        for (const each of upgraded) each.destroy();
      }),
  };
}
