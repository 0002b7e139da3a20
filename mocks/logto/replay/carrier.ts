/** The carrier that stood in for Twilio when the recordings were made: numbers of 5559991 to 5559995 fail (recordings 017–020, 313–317). */
import http from 'node:http';

export interface ReplayCarrier {
  origin: string;
  /** The code in the newest message to a number, digits only. */
  codeFor(phone: string): string | undefined;
  close(): Promise<void>;
}

const failure = (code: number, message: string, status: number) => ({
  status,
  body: JSON.stringify({
    code,
    message,
    more_info: `https://www.twilio.com/docs/errors/${code}`,
    status,
  }),
});

function answerFor(to: string): { status: number; body: string } | 'reset' {
  if (to.endsWith('5559991')) return failure(21211, `Invalid 'To' Phone Number: ${to}`, 400);
  if (to.endsWith('5559992')) return failure(20003, 'Authenticate', 401);
  if (to.endsWith('5559993')) return failure(20429, 'Too Many Requests', 429);
  if (to.endsWith('5559994')) return { status: 500, body: 'upstream boom' };
  if (to.endsWith('5559995')) return 'reset';
  return {
    status: 201,
    body: JSON.stringify({ sid: 'SM00000000000000000000000000000000', status: 'accepted' }),
  };
}

export async function startReplayCarrier(): Promise<ReplayCarrier> {
  const codes = new Map<string, string>();
  const server = http.createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const form = new URLSearchParams(text);
    const to = form.get('To') ?? '';
    const code = /\d{6}/.exec(form.get('Body') ?? '')?.[0];
    const answer = answerFor(to);
    if (answer === 'reset') {
      request.socket.destroy();
      return;
    }
    if (code && answer.status < 300) codes.set(to.replace('+', ''), code);
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    origin: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    codeFor: (phone) => codes.get(phone),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
