import { expect, it } from 'vitest';
import { ConformanceFailure, demand } from '../errors.ts';
import type { CheckFixtures } from './check.ts';
import { witness } from './witness.ts';

/** Fixtures of a check, and what its steps came to. */
function checkOf(id: string) {
  const steps: string[] = [];
  const step: CheckFixtures['step'] = async (_name, body, outcome) => {
    try {
      const result = await body();
      steps.push(outcome?.(result) ?? 'done');
      return result;
    } catch (error) {
      steps.push((error as Error).message);
      throw error;
    }
  };
  return { meta: { id } as CheckFixtures['meta'], step, steps };
}

/** A look at an app that answers so, one answer after the other. */
function appThatSays(...answers: (string | Error)[]) {
  let looks = 0;
  const judged = witness(async (_: ReturnType<typeof checkOf>) => {
    const answer = answers[Math.min(looks, answers.length - 1)];
    looks += 1;
    if (answer instanceof Error) throw answer;
    return answer;
  });
  return { judged, looks: () => looks };
}

const holdsNo = (word: string) => (text: string | undefined) =>
  demand(!text?.includes(word), `Wrote ${word}.`);

it('the app does it once for two checks, and the second says whose it looked at', async () => {
  const app = appThatSays('all is well');
  const [first, second] = [checkOf('logs/a'), checkOf('logs/b')];
  await app.judged(first, holdsNo('secret'));
  await app.judged(second, holdsNo('number'));
  expect({ looks: app.looks(), first: first.steps, second: second.steps }).toEqual({
    looks: 1,
    first: [],
    second: ['Nothing is wrong in what the app did in logs/a.'],
  });
});

it('what one check does not hold against the app, another does, by exchanges of its own', async () => {
  const app = appThatSays('a number');
  await app.judged(checkOf('logs/a'), holdsNo('secret'));
  const second = checkOf('logs/b');
  await expect(app.judged(second, holdsNo('number'))).rejects.toThrow(ConformanceFailure);
  expect({ looks: app.looks(), steps: second.steps }).toEqual({ looks: 2, steps: ['Wrote number.'] });
});

it('what was seen once, and not again, is held against the app', async () => {
  const app = appThatSays('a number', 'all is well');
  await app.judged(checkOf('logs/a'), holdsNo('secret'));
  await expect(app.judged(checkOf('logs/b'), holdsNo('number'))).rejects.toThrow('Wrote number.');
});

it('a look that fails is kept for nobody', async () => {
  const app = appThatSays(new Error('no answer'), 'all is well');
  await expect(app.judged(checkOf('logs/a'), holdsNo('secret'))).rejects.toThrow('no answer');
  const second = checkOf('logs/b');
  await app.judged(second, holdsNo('secret'));
  expect({ looks: app.looks(), steps: second.steps }).toEqual({ looks: 2, steps: [] });
});
