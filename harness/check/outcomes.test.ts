/** The shared outcomes, on people and steps of the test's own: which of the three sign-ins is made, and what its end means. */
import { expect, it, vi } from 'vitest';
import { ConformanceFailure, NotRecovered } from '../errors.ts';
import type { Answer } from '../user-agents/http.ts';
import type { Visitor } from '../visitor/visitor.ts';
import type { CheckDeclaration, CheckFixtures, Health } from './check.ts';
import { accepted, refused, refusedWhereRead } from './outcomes.ts';

const meta = { id: 'discovery/test', fault: 'discovery/issuer-mismatch' } as CheckDeclaration;
const page = { status: 200, url: new URL('http://localhost/'), headers: {}, text: 'a page' } as Answer;

/** A check whose sign-ins end as listed, one after the other. */
function checkOf(sessions: boolean[], health?: Health) {
  const steps: string[] = [];
  const asked: unknown[] = [];
  const briefly: unknown[] = [];
  const visitor = async (_person: unknown, options?: { known?: boolean }) => {
    asked.push(options?.known);
    const session = sessions.shift() ? { user: {} } : null;
    return {
      signIn: async ({ brief }: { brief?: boolean } = {}) => {
        briefly.push(brief);
        return { page, session };
      },
      startSignIn: async () => ({ url: page.url }),
      authorize: async () => page.url,
      arrive: async () => ({ page }),
      session: async () => session,
      sessionCookies: async () => [],
    } as unknown as Visitor;
  };
  const step: CheckFixtures['step'] = async (name, body, outcome) => {
    try {
      const result = await body();
      steps.push(`${name}: ${outcome?.(result)}`);
      return result;
    } catch (error) {
      if (name === 'recovery') throw new NotRecovered((error as Error).message);
      throw error;
    }
  };
  const notApplicable = vi.fn(() => {
    throw new Error('not applicable');
  });
  const control = { state: async () => ({ journal: 0 }), journal: async () => [] };
  const fixtures = { meta, arm: async () => {}, step, visitor, health, control, notApplicable };
  return { fixtures: fixtures as never, steps, asked, briefly, notApplicable };
}

it('a refusal needs three sign-ins, all of people whom Logto knows', async () => {
  const { fixtures, steps, asked } = checkOf([true, false, true]);
  await refused(fixtures);
  expect(steps.map((each) => each.split(':')[0])).toEqual(['control', 'fault', 'recovery']);
  expect(asked).toEqual([true, true, true]);
});

it('a healthy sign-in that ended a check is the control of the next, which names it', async () => {
  const health: Health = { shownBy: 'callback/before', isShown: false };
  const { fixtures, steps, asked } = checkOf([false, true], health);
  await refused(fixtures);
  expect(asked).toHaveLength(2);
  expect(steps[0]).toContain('in callback/before');
  expect(health.isShown).toBe('at the end');
});

it('a control of its own is the control of the next, where the check ends with the oddity it accepts', async () => {
  const health: Health = { isShown: false };
  const first = checkOf([true, true], health);
  await accepted(first.fixtures);
  expect(first.asked).toHaveLength(2);
  expect(health.isShown).toBe('at the beginning');

  const next: Health = { shownBy: 'callback/before', isShown: false };
  const second = checkOf([true], next);
  await accepted(second.fixtures);
  expect(second.asked).toHaveLength(1);
  // It knows no more than it was told: its own sign-in met an oddity.
  expect(next.isShown).toBe(false);
});

it('a sign-in for its session alone opens the page behind the callback only where there is none before it', async () => {
  const { fixtures, briefly } = checkOf([true, false, true]);
  await refused(fixtures);
  expect(briefly).toEqual([true, true]);
});

it('an app that does not recover shows no health to the next check', async () => {
  const health: Health = { shownBy: 'callback/before', isShown: false };
  await expect(refused(checkOf([false, false], health).fixtures)).rejects.toThrow(NotRecovered);
  expect(health.isShown).toBe(false);
});

it('an app that read no discovery document is not judged for signing somebody in', async () => {
  const { fixtures, notApplicable } = checkOf([true, true, true]);
  await expect(refusedWhereRead(fixtures)).rejects.toThrow('not applicable');
  expect(notApplicable).toHaveBeenCalledOnce();
});

it('an app that does not recover is failed, whatever it read', async () => {
  const { fixtures, notApplicable } = checkOf([true, false, false]);
  await expect(refusedWhereRead(fixtures)).rejects.toThrow(ConformanceFailure);
  expect(notApplicable).not.toHaveBeenCalled();
});
