/** A TLS front for a mock (so that a browser meets it under an https origin that an app has hard-coded), or for an app. */
import { Worker } from 'node:worker_threads';
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
  const worker = new Worker(new URL('./tls-front-worker.js', import.meta.url), {
    workerData: { key: pair.private, cert: pair.cert, host, address, port, listens },
  });
  const place = await new Promise<number>((resolve, reject) =>
    worker.on('error', reject).once('message', resolve),
  );
  return {
    certificate: pair.cert,
    host: `127.0.0.1:${place}`,
    close: () =>
      new Promise((resolve) => {
        worker.once('exit', () => resolve());
        worker.postMessage('close');
      }),
  };
}
