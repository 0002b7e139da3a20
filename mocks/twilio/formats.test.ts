import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, type CarrierLab, NUMBER, SERVICE, startCarrierLab, until } from './carrier-lab.ts';

describe('the formats of an answer', () => {
  let lab: CarrierLab;
  beforeAll(async () => {
    lab = await startCarrierLab();
  });
  afterAll(() => lab.close());
  const good = { To: '+14155550100', From: NUMBER, Body: 'Hello.' };
  const path = `/2010-04-01/Accounts/${ACCOUNT.sid}`;

  it('without a suffix it is XML, element for element as recorded', async () => {
    const text = await (await lab.call('/Messages', good)).text();
    const sid = /<Sid>(SM[0-9a-f]{32})</.exec(text)?.[1];
    const date = /<DateCreated>([^<]+)</.exec(text)?.[1];
    // The recorded answer of 2020-07-16, with the values of this one.
    expect(text).toBe(
      `<?xml version='1.0' encoding='UTF-8'?>\n<TwilioResponse><Message><Sid>${sid}</Sid><DateCreated>${date}</DateCreated><DateUpdated>${date}</DateUpdated><DateSent/><AccountSid>${ACCOUNT.sid}</AccountSid><To>+14155550100</To><From>${NUMBER}</From><MessagingServiceSid/><Body>Hello.</Body><Status>queued</Status><NumSegments>1</NumSegments><NumMedia>0</NumMedia><Direction>outbound-api</Direction><ApiVersion>2010-04-01</ApiVersion><Price/><PriceUnit>USD</PriceUnit><ErrorCode/><ErrorMessage/><Uri>${path}/Messages/${sid}</Uri><SubresourceUris><Media>${path}/Messages/${sid}/Media</Media></SubresourceUris></Message></TwilioResponse>`,
    );
  });
  it('addresses in XML lists have no suffix, in JSON they have one', async () => {
    for (let n = 0; n < 2; n++) await lab.call('/Messages.json', good);
    const xml = await (await lab.call('/Messages.xml?PageSize=1')).text();
    expect(xml).toMatch(/ nextpageuri="\/2010-04-01\/Accounts\/AC\w+\/Messages\?PageSize=1&amp;Page=1&amp;/);
    expect(xml).not.toContain('.json');
    const json = await (await lab.call('/Messages.json?PageSize=1')).json();
    expect(json.next_page_uri).toContain('/Messages.json?PageSize=1&Page=1&PageToken=PASM');
    expect(json.messages[0].uri).toMatch(/\.json$/);
  });
  it('names the missing resource as it was asked for', async () => {
    const missing = `SM${'0'.repeat(32)}`;
    const message = (suffix: string) =>
      `The requested resource ${path}/Messages/${missing}${suffix} was not found`;
    expect(await (await lab.call(`/Messages/${missing}.json`)).json()).toMatchObject({
      message: message('.json'),
    });
    expect(await (await lab.call(`/Messages/${missing}`)).text()).toContain(message('<'.slice(1)));
  });
  it('is CSV with a header row where the suffix says so', async () => {
    await lab.call('/Messages.json', { ...good, To: '+14155550111', Body: 'one, "two"\nthree' });
    const answer = await lab.call('/Messages.csv?To=%2B14155550111');
    expect(answer.headers.get('content-type')).toBe('text/csv');
    const text = await answer.text();
    expect(text.split('\r\n')[0]).toBe(
      'Sid,DateCreated,DateUpdated,DateSent,AccountSid,To,From,MessagingServiceSid,Body,Status,NumSegments,NumMedia,Direction,ApiVersion,Price,PriceUnit,ErrorCode,ErrorMessage,Uri',
    );
    expect(text).toContain(`,+14155550111,${NUMBER},,"one, ""two""\nthree",`);
    expect(text).toMatch(/Messages\/SM\w+\r\n$/);
  });
  it('an error is written in the format of its path', async () => {
    expect(await (await lab.call('/Messages/SM1.csv')).text()).toMatch(
      /^Code,Message,MoreInfo,Status\r\n20404,/,
    );
    expect((await lab.call('/Messages/SM1.xml')).headers.get('content-type')).toBe('application/xml');
    expect((await lab.call('/Messages/SM1.json')).headers.get('content-type')).toBe('application/json');
    expect((await lab.call('/Messages/SM1.JSON')).status).toBe(404);
  });
  it('media without a suffix is the file, by redirect', async () => {
    const form = { To: good.To, From: NUMBER, MediaUrl: 'https://example.com/a.png?x=1' };
    const { sid } = await (await lab.call('/Messages.json', form)).json();
    const { media_list } = await (await lab.call(`/Messages/${sid}/Media.json`)).json();
    const file = await lab.call(`/Messages/${sid}/Media/${media_list[0].sid}`);
    expect([file.status, file.headers.get('location')]).toEqual([307, 'https://example.com/a.png?x=1']);
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    const later = await (await lab.call(`/Messages/${sid}/Media.json?DateCreated%3E=${tomorrow}`)).json();
    expect(later.media_list).toEqual([]);
  });
});

describe('the list of messages', () => {
  let lab: CarrierLab;
  beforeAll(async () => {
    lab = await startCarrierLab();
  });
  afterAll(() => lab.close());
  const list = async (query: string) =>
    (
      (await (await lab.call(`/Messages.json?${query}`)).json()) as {
        messages: { sid: string; to: string }[];
      }
    ).messages;

  it('takes To and From as they are written', async () => {
    await lab.call('/Messages.json', { To: '+14155550100', From: NUMBER, Body: 'x' });
    expect(await list('To=%2B14155550100')).toHaveLength(1);
    expect(await list(`From=${encodeURIComponent(NUMBER)}`)).toHaveLength(1);
    for (const other of ['14155550100', '4155550100', '%2B1%20415%20555%200100', '%2B141555501'])
      expect(await list(`To=${other}`)).toEqual([]);
    expect(await list('To=')).toHaveLength(1);
  });
  it('is sorted by the date of sending, the latest first, from the creation on', async () => {
    const to = '+14155550109';
    const plan = { To: to, MessagingServiceSid: SERVICE, Body: 'x' };
    const sendAt = new Date(Date.now() + 3_600_000).toISOString();
    const first = await (
      await lab.call('/Messages.json', { ...plan, ScheduleType: 'fixed', SendAt: sendAt })
    ).json();
    const second = await (await lab.call('/Messages.json', plan)).json();
    expect((await list('To=%2B14155550109')).map(({ sid }) => sid)).toEqual([first.sid, second.sid]);
    await until(async () => lab.mock.inbox.list({ to })[0]?.status === 'delivered');
    lab.clock.advance(3600);
    await until(async () => lab.mock.inbox.list({ to })[1]?.status === 'delivered');
    expect((await list('To=%2B14155550109')).map(({ sid }) => sid)).toEqual([first.sid, second.sid]);
  });
});
