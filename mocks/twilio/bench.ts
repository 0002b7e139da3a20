/**
 * `node mocks/twilio/bench.ts [messages]`: sends that many messages over HTTP (default 100,000) and prints, for each
 * tenth, how fast they were taken and how large the heap is after a collection.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Pool } from 'undici';
import { createClock } from '../clock.ts';
import { createJournal } from '../journal.ts';
import { createScopes } from '../scope.ts';
import { startTwilio } from './server.ts';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;
const total = Number(process.argv[2] ?? 100_000);
const account = {
  sid: `AC${'0a'.repeat(16)}`,
  authToken: 'bench-auth-token-0000000000000001',
  messagingServices: [`MG${'0b'.repeat(16)}`],
};

const scopes = createScopes();
const mock = await startTwilio({
  scopes,
  clock: createClock(scopes),
  journal: createJournal(),
  accounts: [account],
  templates: () => [{ usageType: 'SignIn', content: 'Your sign-in code is {{code}}.' }],
});
const pool = new Pool(mock.origin, { connections: 16, pipelining: 1 });
const headers = {
  authorization: `Basic ${Buffer.from(`${account.sid}:${account.authToken}`).toString('base64')}`,
  'content-type': 'application/x-www-form-urlencoded',
};
let sent = 0;
async function send(upTo: number) {
  const worker = async () => {
    while (sent < upTo) {
      const n = sent++;
      const answer = await pool.request({
        method: 'POST',
        path: `/2010-04-01/Accounts/${account.sid}/Messages.json`,
        headers,
        body: new URLSearchParams({
          To: `+1415${2_000_000 + n}`,
          MessagingServiceSid: account.messagingServices[0] as string,
          Body: `Your sign-in code is ${100_000 + (n % 900_000)}.`,
        }).toString(),
      });
      await answer.body.dump();
      if (answer.statusCode !== 201) throw new Error(`message ${n} got ${answer.statusCode}`);
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

console.log('messages  messages/s  heap MB');
for (let part = 1; part <= 10; part++) {
  const begun = performance.now();
  const before = sent;
  await send(Math.round((total * part) / 10));
  const perSecond = Math.round(((sent - before) / (performance.now() - begun)) * 1000);
  gc();
  const megabytes = Math.round(process.memoryUsage().heapUsed / 1_048_576);
  console.log(
    `${String(sent).padStart(8)}  ${String(perSecond).padStart(10)}  ${String(megabytes).padStart(7)}`,
  );
}
await pool.close();
await mock.close();
