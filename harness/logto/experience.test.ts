import { expect, it } from 'vitest';
import { awaitMessage } from './experience.ts';

const wait = (message: string) =>
  awaitMessage(
    { waitForMessage: () => Promise.reject(new Error(message)) },
    { to: '+12015550101', since: '' },
    'Sent nothing',
  );

it('a message that does not come is held against who should have sent it', () =>
  expect(wait('no message reached +1201555•••• within 5000 ms')).rejects.toMatchObject({
    name: 'ConformanceFailure',
  }));

it('an inbox that cannot be asked is trouble of ours', () =>
  expect(wait('connect ECONNREFUSED 127.0.0.1:1')).rejects.toMatchObject({ name: 'Error' }));
