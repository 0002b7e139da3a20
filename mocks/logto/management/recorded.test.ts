/** The recorded set-up of a tenant, numbers 002 to 034, asked again in the same order; the replay covers the rest. */
import { describe, expect, it } from 'vitest';
import { LAB_CLIENT, startLogtoLab } from '../logto-lab.ts';
import { loadRecordings } from '../replay/recordings.ts';
import { ossSignInExperience } from '../tenant-defaults.ts';

const MANAGER = {
  id: 'lab0manager000000000a',
  secret: 'lab-manager-secret-0000000000001',
  type: 'MachineToMachine' as const,
  roles: ['Logto Management API access'],
};
const VOLATILE = new Set(['id', 'createdAt', 'updatedAt', 'value', 'applicationId']);

/** Ids, times and secrets become their type, so that everything else can be compared. */
const settled = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(settled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      VOLATILE.has(key) && item !== null ? typeof item : settled(item),
    ]),
  );
};
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

describe('the recorded set-up of a tenant', () => {
  it('gets the recorded answers', async () => {
    const recordings = loadRecordings().filter(({ number }) => number >= 2 && number <= 34);
    expect(recordings.length).toBe(33);
    const lab = await startLogtoLab({
      applications: [LAB_CLIENT, MANAGER],
      signInExperience: structuredClone(ossSignInExperience),
      offeredConnectors: [],
    });
    try {
      const browser = lab.browser();
      const form = new URLSearchParams({
        grant_type: 'client_credentials',
        resource: 'https://default.logto.app/api',
        scope: 'all',
      });
      const answer = await fetch(`${lab.mock.origin}/oidc/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${MANAGER.id}:${MANAGER.secret}`)}` },
        body: form,
      });
      const { access_token: token } = (await answer.json()) as { access_token: string };
      const ids = new Map<string, string>();
      for (const { number, name, request, response } of recordings) {
        const { message } = ((response.body as { data?: { message?: string } }).data ?? {}) as {
          message?: string;
        };
        lab.carrierAnswers(
          name.includes('twilio-reset')
            ? 'reset'
            : name.includes('twilio-')
              ? { status: 400, body: message ?? '' }
              : undefined,
        );
        const path = [...ids].reduce(
          (soFar, [recorded, live]) => soFar.replace(recorded, live),
          request.path,
        );
        const authorization = number === 23 ? request.headers.authorization : `Bearer ${token}`;
        const live = await browser.call(request.method, path, request.body ?? undefined, {
          ...(request.headers['content-type'] && { 'content-type': request.headers['content-type'] }),
          ...(request.headers.authorization && { authorization }),
        });
        const body = parsed(live.text);
        const id = (response.body as { id?: string } | null)?.id;
        if (id) ids.set(id, (body as { id: string }).id);
        expect([number, live.status, settled(body)]).toEqual([
          number,
          response.status,
          settled(response.body),
        ]);
        expect([number, live.headers.get('content-type') ?? undefined]).toEqual([
          number,
          response.headers['content-type'],
        ]);
      }
    } finally {
      await lab.close();
    }
  });
});
