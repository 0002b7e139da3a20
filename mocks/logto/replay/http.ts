/** One HTTP exchange with every header under control, as the recorder made it. */
import http from 'node:http';

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
}

/** The user agent that recording 207 shows. */
const RECORDER = 'recorder/1.0';

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
  { method, path, headers = {}, body }: Asked,
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
          'user-agent': RECORDER,
          ...headers,
          ...(body != null && { 'content-length': String(Buffer.byteLength(body)) }),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: parse(Buffer.concat(chunks).toString('utf8'), response.headers['content-type']),
          }),
        );
      },
    );
    request.on('error', reject);
    request.end(body ?? undefined);
  });
}
