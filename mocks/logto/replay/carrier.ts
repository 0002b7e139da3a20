/**
 * Everybody outside Logto when the recordings were made: Twilio, whose numbers 5559991 to 5559995 fail (recordings
 * 017–020, 313–317), the endpoints of http-sms and http-email, and the back-channel logout address of an app.
 */
import http from 'node:http';

export interface ReplayCarrier {
  origin: string;
  /** The code in the newest message to a number (digits only) or an e-mail address. */
  codeFor(recipient: string): string | undefined;
  /** How many messages with a code were taken so far. */
  count(): number;
  /** The newest code, when messages came since there were so many. */
  codeAfter(count: number): string | undefined;
  /** What was posted to a path that is no carrier's, newest first. */
  posts(path: string): string[];
  /** Answers a path in this way until it is called with none. */
  answer(path: string, answer?: { status: number; body: string }): void;
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

/** Recipient and code of a message, whichever connector sent it. */
function messageIn(text: string): { to: string; code: string | undefined } {
  try {
    const { to, payload } = JSON.parse(text) as { to: string; payload: { code?: string } };
    return { to, code: payload.code };
  } catch {
    const form = new URLSearchParams(text);
    return { to: form.get('To') ?? '', code: /\d{6}/.exec(form.get('Body') ?? '')?.[0] };
  }
}

export async function startReplayCarrier(): Promise<ReplayCarrier> {
  const codes = new Map<string, string>();
  const taken: string[] = [];
  const posted: { path: string; text: string }[] = [];
  const told = new Map<string, { status: number; body: string }>();
  const server = http.createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    posted.unshift({ path: request.url ?? '', text });
    const { to, code } = messageIn(text);
    const answer = told.get(request.url ?? '') ?? answerFor(to);
    if (answer === 'reset') {
      request.socket.destroy();
      return;
    }
    if (code && answer.status < 300) {
      codes.set(to.replace('+', ''), code);
      taken.push(code);
    }
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    origin: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    codeFor: (recipient) => codes.get(recipient),
    count: () => taken.length,
    codeAfter: (count) => (taken.length > count ? taken.at(-1) : undefined),
    posts: (path) => posted.filter((one) => one.path === path).map((one) => one.text),
    answer(path, answer) {
      if (answer) told.set(path, answer);
      else told.delete(path);
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
