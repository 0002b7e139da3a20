/**
 * `node harness/upkeep/soak/drive.ts <lab.json>`: the driver of a soak, a process of its own, so that its memory is told
 * from that of the mocks. Does what it is told by messages of its parent, and answers each with what was seen.
 */
import { readFileSync } from 'node:fs';
import { Pool } from 'undici';
import { createControlClient } from '../../../mocks/client.ts';
import type { Person } from '../../../mocks/people.ts';
import type { LabDescription } from '../../lab/lab-description.ts';
import { setPace } from '../../user-agents/pace.ts';
import { createVisitor, type Visitor } from '../../visitor/visitor.ts';
import { keptMemory } from './memory.ts';

/** One thing that the driver is asked to do. */
export type Order =
  | { do: 'people'; from: number; count: number }
  | { do: 'at-once'; count: number }
  | { do: 'sign-ins'; from: number; count: number; atOnce: number }
  | { do: 'messages'; from: number; count: number; atOnce: number }
  | { do: 'end' };

/** What came of it. */
export interface Done {
  seconds: number;
  /** What was lost or crossed, in words; the first hundred. */
  wrong: string[];
  /** Bytes that the driver holds after a collection, and its resident set. */
  memory: { kept: number; resident: number };
}

const lab: LabDescription = JSON.parse(readFileSync(process.argv[2] as string, 'utf8'));
const control = createControlClient(lab.control, lab.controlToken);
const account = (await control.state()).twilio;
const pool = new Pool(lab.carrierOrigin, { connections: 16, pipelining: 1 });
const headers = {
  authorization: `Basic ${Buffer.from(`${account.TWILIO_ACCOUNT_SID}:${account.TWILIO_AUTH_TOKEN}`).toString('base64')}`,
};
const resource = `/2010-04-01/Accounts/${account.TWILIO_ACCOUNT_SID}/Messages`;
const people: Person[] = [];
// Two hundred at once wait for each other: what takes long is not lost, and what never ends still is.
setPace({ echo: () => control.echo(), factor: 6 });
const nameOf = (number: number) => `Soak Person ${String(number).padStart(6, '0')}`;
const emailOf = (number: number) => `soak.${String(number).padStart(6, '0')}@people.example`;

/** Runs a body for numbers, some of them at a time. */
async function each(from: number, count: number, atOnce: number, body: (number: number) => Promise<void>) {
  let next = from;
  const worker = async () => {
    while (next < from + count) await body(next++);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, worker));
}

/** Whose session a visitor has, if not their own. */
async function crossed(visitor: Visitor, number: number): Promise<string | undefined> {
  const user = (await visitor.session())?.user;
  if (!user) return `person ${number} has no session`;
  return user.name === nameOf(number) && user.email === emailOf(number)
    ? undefined
    : `person ${number} has the session of ${user.name} (${user.email})`;
}

/** What the inbox has for a number; older messages to it may have left. */
async function messagesTo(phone: string): Promise<{ scope: string | null }[]> {
  const answer = await pool.request({
    method: 'GET',
    path: `/inbox/api/messages?to=${encodeURIComponent(phone)}`,
  });
  return (await answer.body.json()) as { scope: string | null }[];
}

/** Somebody signs in by a code that is sent to their phone, in a scope of their own. */
async function signIn(number: number, wrong: string[]): Promise<Visitor | undefined> {
  const person = people[number % people.length] as Person;
  const owner = number % people.length;
  const { id: scope } = await control.openScope({ label: `soak ${number}`, leaseMs: 600_000 });
  try {
    const visitor = createVisitor({ lab, control, scope, person });
    await visitor.signIn();
    const other = await crossed(visitor, owner);
    if (other) wrong.push(other);
    const mine = (await messagesTo(person.phone)).filter((message) => message.scope === scope);
    if (mine.length !== 1) wrong.push(`person ${owner} got ${mine.length} messages for one sign-in`);
    return visitor;
  } catch (error) {
    wrong.push(`sign-in ${number}: ${(error as Error).message.slice(0, 300)}`);
    return undefined;
  } finally {
    await control.closeScope(scope);
  }
}

async function addPeople({ from, count }: { from: number; count: number }, wrong: string[]) {
  const phones = new Set(people.map(({ phone }) => phone));
  await each(from, count, 16, async (number) => {
    people[number] = await control.addPerson({
      registered: true,
      name: nameOf(number),
      email: emailOf(number),
    });
    const { phone } = people[number];
    if (phones.has(phone)) wrong.push(`person ${number} has the number of somebody else`);
    phones.add(phone);
  });
  // Somebody who came early must still be there when the last has come.
  await each(from, count, 16, async (number) => {
    const person = people[number] as Person;
    if ((await control.userIdOf(person.phone)) !== person.userId) wrong.push(`person ${number} is gone`);
  });
}

async function atOnce({ count }: { count: number }, wrong: string[]) {
  const visitors = await Promise.all(
    Array.from({ length: count }, async (_, number) => ({ number, visitor: await signIn(number, wrong) })),
  );
  // All are asked once more, together, when all are in.
  const others = await Promise.all(
    visitors.map(({ number, visitor }) => visitor && crossed(visitor, number % people.length)),
  );
  wrong.push(...others.filter((other) => other !== undefined));
}

/** Sends messages, and looks each up among the carrier's list when all are sent. */
async function send(order: { from: number; count: number; atOnce: number }, wrong: string[]) {
  const sent = new Map<string, { to: string; body: string }>();
  await each(order.from, order.count, order.atOnce, async (number) => {
    const to = (people[number % people.length] as Person).phone;
    const body = `Your code is ${100_000 + (number % 900_000)} (message ${number}).`;
    const answer = await pool.request({
      method: 'POST',
      path: `${resource}.json`,
      headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        To: to,
        MessagingServiceSid: account.TWILIO_MESSAGING_SERVICE_SID as string,
        Body: body,
      }).toString(),
    });
    const { sid } = (await answer.body.json()) as { sid: string };
    if (answer.statusCode !== 201) wrong.push(`message ${number} was answered ${answer.statusCode}`);
    else if (sent.has(sid)) wrong.push(`message ${number} has the SID of another one`);
    else sent.set(sid, { to, body });
  });
  let path: string | null = `${resource}.json?PageSize=1000`;
  const left = new Set(sent.keys());
  while (path && left.size) {
    const answer = await pool.request({ method: 'GET', path, headers });
    const page = (await answer.body.json()) as {
      messages: { sid: string; to: string; body: string }[];
      next_page_uri: string | null;
    };
    for (const { sid, to, body } of page.messages) {
      const expected = sent.get(sid);
      if (!expected) continue;
      left.delete(sid);
      if (expected.to !== to || expected.body !== body) wrong.push(`message ${sid} holds another one`);
    }
    path = page.next_page_uri;
  }
  if (left.size) wrong.push(`${left.size} of ${order.count} messages are in no list of the carrier`);
}

async function obey(order: Exclude<Order, { do: 'end' }>, wrong: string[]) {
  if (order.do === 'people') return addPeople(order, wrong);
  if (order.do === 'at-once') return atOnce(order, wrong);
  if (order.do === 'messages') return send(order, wrong);
  return each(order.from, order.count, order.atOnce, async (number) => void (await signIn(number, wrong)));
}

process.on('message', async (order: Order) => {
  if (order.do === 'end') {
    await pool.close();
    process.exit(0);
  }
  const wrong: string[] = [];
  const begun = performance.now();
  await obey(order, wrong).catch((error: Error) => wrong.push(error.stack ?? error.message));
  const seconds = (performance.now() - begun) / 1000;
  const done: Done = { seconds, wrong: wrong.slice(0, 100), memory: await keptMemory() };
  process.send?.(done);
});
process.send?.('ready');
