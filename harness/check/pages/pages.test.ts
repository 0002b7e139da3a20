import { expect, it } from 'vitest';
import { parametersOf } from './pages.ts';

it.each(['weiter', 'zurueck', 'retour', 'afterLoginUrl'])(
  'takes a parameter %s of the app for a way on',
  (name) => {
    const { whereTo, whatToSay } = parametersOf({ routes: { parameters: [name, 'plot'] } as never });
    expect(whereTo).toContain(name);
    expect(whatToSay).not.toContain(name);
    expect(whatToSay).toContain('plot');
  },
);
