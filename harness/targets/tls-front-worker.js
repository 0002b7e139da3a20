/**
 * The server of a TLS front, in a thread of its own: what OpenSSL could not read elsewhere in a process (a key or signature
 * that is broken on purpose) stays in a list of errors of its thread, and broke connections here that had nothing to do with it.
 */
import { Agent, request } from 'node:http';
import { createServer } from 'node:https';
import { connect } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

const { key, cert, host, address, port, listens } = workerData;

/** As much as the agents of people and the app itself take: a limit of the front is none of the app. */
const HEADERS_MAX = 1_048_576;
/** A connection of its own for each request: one that was kept may be closed, or hold what was left over, when it is used again. */
const agent = new Agent({ keepAlive: false });

const server = createServer({ key, cert, maxHeaderSize: HEADERS_MAX }, (incoming, outgoing) => {
  const forwarded = request(
    {
      host: address,
      port,
      method: incoming.method,
      path: incoming.url,
      maxHeaderSize: HEADERS_MAX,
      agent,
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
  // Whoever goes away ends what streams to them, or the app goes on for ever.
  outgoing.once('close', () => forwarded.destroy());
  incoming.pipe(forwarded);
});

const upgraded = new Set();
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

parentPort.once('message', () => {
  server.close(() => parentPort.close());
  server.closeAllConnections();
  for (const each of upgraded) each.destroy();
});

server.listen(listens, '127.0.0.1', () => parentPort.postMessage(server.address().port));
