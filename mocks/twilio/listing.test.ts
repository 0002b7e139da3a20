import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CarrierLab, SERVICE, startCarrierLab } from './carrier-lab.ts';

interface Page {
  messages: { sid: string }[];
  next_page_uri: string | null;
  previous_page_uri: string | null;
}

describe('a list of messages', () => {
  let lab: CarrierLab;
  beforeAll(async () => {
    lab = await startCarrierLab({ paceMs: 1 });
  });
  afterAll(() => lab.close());
  const create = async (To: string) =>
    (
      (await (await lab.call('/Messages.json', { To, MessagingServiceSid: SERVICE, Body: 'x' })).json()) as {
        sid: string;
      }
    ).sid;
  const page = async (query: string) => (await (await lab.call(`/Messages.json?${query}`)).json()) as Page;
  /** The part of a page's address that `call` takes. */
  const query = (uri: string | null) => (uri ?? '').split('?')[1] ?? '';

  it('holds each of thirty messages that are created at once exactly once, page by page, a hundred times', async () => {
    for (let round = 0; round < 100; round += 1) {
      lab.mock.reset();
      const to = `+1415555${String(1000 + round)}`;
      const created = await Promise.all(Array.from({ length: 30 }, () => create(to)));
      // Meanwhile statuses move on, and more messages come in front.
      const seen: string[] = [];
      let next: string | null = `?${new URLSearchParams({ To: to, PageSize: '10' })}`;
      const late: Promise<string>[] = [];
      while (next) {
        const { messages, next_page_uri }: Page = await page(query(next));
        seen.push(...messages.map(({ sid }) => sid));
        late.push(create(to));
        next = next_page_uri;
      }
      expect(seen.filter((sid) => created.includes(sid)).sort()).toEqual([...created].sort());
      expect(new Set(seen).size).toBe(seen.length);
      await Promise.all(late);
    }
  }, 240_000);

  it('goes on where it was when the message beside a page is deleted', async () => {
    const to = '+14155550555';
    const sids: string[] = [];
    for (let n = 0; n < 6; n += 1) sids.unshift(await create(to));
    await lab.mock.callbacksSettled();
    const filter = new URLSearchParams({ To: to, PageSize: '2' });
    const first = await page(String(filter));
    const [, beside] = first.messages;
    let status = 0;
    while (status !== 204) status = (await lab.call(`/Messages/${beside?.sid}.json`, null, 'DELETE')).status;
    const second = await page(query(first.next_page_uri));
    expect(second.messages.map(({ sid }) => sid)).toEqual(sids.slice(2, 4));
    const back = await page(query(second.previous_page_uri));
    expect(back.messages.map(({ sid }) => sid)).toEqual(sids.slice(0, 1));
  });

  // twilio/twilio-python issue 395, twilio/twilio-php issue 507.
  it('needs a PageToken for a page after the first', async () => {
    for (let n = 0; n < 3; n += 1) await create('+14155550556');
    expect((await lab.call('/Messages.json?Page=0&PageSize=1')).status).toBe(200);
    const answer = await lab.call('/Messages.json?Page=1&PageSize=1');
    expect(await answer.json()).toMatchObject({
      status: 400,
      code: 20001,
      message: expect.stringContaining('PageToken'),
    });
  });

  it('knows no token that it did not give', async () => {
    const answer = await lab.call(`/Messages.json?Page=1&PageToken=PASM${'0'.repeat(32)}`);
    expect(await answer.json()).toMatchObject({ status: 400, code: 21481 });
  });
});
