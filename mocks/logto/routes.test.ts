/** Every route is asked with a body, parameters and ids that do not work: none may fail by itself, none is unknown. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LAB_CLIENT, type LogtoLab, startLogtoLab } from './logto-lab.ts';

const MANAGER = {
  id: 'lab0manager000000000a',
  secret: 'lab-manager-secret-0000000000001',
  type: 'MachineToMachine' as const,
  roles: ['Logto Management API access'],
};
let lab: LogtoLab;
let bearer: string;
beforeAll(async () => {
  lab = await startLogtoLab({ applications: [LAB_CLIENT, MANAGER] });
  const answer = await fetch(`${lab.mock.issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${MANAGER.id}:${MANAGER.secret}`)}` },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      resource: 'https://default.logto.app/api',
      scope: 'all',
    }),
  });
  bearer = ((await answer.json()) as { access_token: string }).access_token;
});
afterAll(() => lab.close());

const BODIES = ['{"unheard":["of"]}', '[]', '{', 'null'];
/** What comes back by nature: 501 says what is not served, a redirect or a page is the answer of a page. */
const mayAnswer = (status: number) => status < 500 || status === 501;

describe('every route of the Logto APIs', () => {
  it('answers what does not work without failing itself', async () => {
    const routes = lab.mock.routes.filter(
      ({ method, url }) => url.startsWith('/api/') && !['HEAD', 'OPTIONS'].includes(method),
    );
    expect(routes.length).toBeGreaterThan(150);
    const wrong: string[] = [];
    for (const { method, url } of routes) {
      const path = url.replace(/:\w+/g, 'nobody');
      for (const body of method === 'GET' || method === 'DELETE' ? [undefined] : BODIES) {
        const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' };
        const answer = await fetch(lab.mock.origin + path, { method, headers, body });
        const text = await answer.text();
        if (!mayAnswer(answer.status) || text === 'Not Found')
          wrong.push(`${method} ${url} with ${body}: ${answer.status} ${text.slice(0, 80)}`);
      }
    }
    expect(wrong).toEqual([]);
  }, 60_000);
});
