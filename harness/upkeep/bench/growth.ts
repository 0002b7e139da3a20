/** What grows with people and with the journal, and what must not. In this process, without an app. */
import { startMocks } from '../../../mocks/index.ts';
import { median } from './measure.ts';

export interface Growth {
  what: string;
  /** Milliseconds of one of it, the median of fifty. */
  milliseconds: number;
}

const TIMES = 50;

async function timed(what: string, body: () => Promise<unknown>): Promise<Growth> {
  const all: number[] = [];
  for (let count = 0; count < TIMES; count += 1) {
    const begun = performance.now();
    await body();
    all.push(performance.now() - begun);
  }
  return { what, milliseconds: median(all) };
}

/** Opens a scope, makes somebody known, arms a fault, reads the own exchanges, closes it: what each check does. */
export async function measureGrowth(): Promise<Growth[]> {
  const begun = performance.now();
  const mocks = await startMocks();
  const first = { what: 'both mocks, first start in a process', milliseconds: performance.now() - begun };
  const { client, journal } = mocks;
  const round = async () => {
    const { id } = await client.openScope({ label: 'bench' });
    await client.addPerson({}, id);
    await client.journal({ scope: id, view: 'servers' });
    await client.closeScope(id);
  };
  const discovery = async () =>
    (await fetch(`${mocks.issuer.issuer}/.well-known/openid-configuration`)).text();
  const results: Growth[] = [first];
  try {
    for (const people of [10, 10_000]) {
      for (let count = 0; count < people; count += 1) await client.addPerson();
      results.push(await timed(`a check's own calls, ${people.toLocaleString('en')} people at Logto`, round));
    }
    results.push(await timed('discovery, journal nearly empty', discovery));
    for (let count = 0; count < 21_000; count += 1)
      journal.add({
        durationMs: 1,
        scope: `s${count % 500}`,
        from: 'app',
        to: 'issuer',
        method: 'GET',
        url: `${mocks.issuer.issuer}/jwks?${count}`,
        status: 200,
        request: { headers: {}, body: null },
        response: { headers: { 'content-type': 'application/json' }, body: { keys: [count] } },
      });
    results.push(await timed("a check's own calls, journal full (20,000 exchanges)", round));
    results.push(await timed('discovery, journal full', discovery));
  } finally {
    await mocks.close();
  }
  const again = performance.now();
  await (await startMocks()).close();
  results.splice(1, 0, { what: 'both mocks, next start', milliseconds: performance.now() - again });
  return results;
}
