/** One HTTP exchange with every header under control, as the recorder made it. */
import http from 'node:http';
import { gunzipSync } from 'node:zlib';

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: unknown;
}

export interface Asked {
  method: string;
  path: string;
  headers?: Record<string, string>;
  body?: string | null;
  /** Value of the User-Agent header; none when it is undefined. */
  userAgent?: string;
}

const parse = (text: string, type: string | undefined): unknown => {
  if (!type?.includes('json')) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** @param host value of the Host header, the recorded Logto's own */
export function ask(
  port: number,
  { method, path, headers = {}, body, userAgent }: Asked,
  host: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        headers: {
          host,
          ...(userAgent && { 'user-agent': userAgent }),
          ...headers,
          ...(body != null && { 'content-length': String(Buffer.byteLength(body)) }),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const bytes = Buffer.concat(chunks);
          const zipped = response.headers['content-encoding'] === 'gzip' && bytes.length > 0;
          const text = (zipped ? gunzipSync(bytes) : bytes).toString('utf8');
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: parse(text, response.headers['content-type']),
          });
        });
      },
    );
    request.on('error', reject);
    request.end(body ?? undefined);
  });
}
