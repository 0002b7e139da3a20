import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { issuerFaults } from '../../mocks/logto/faults/index.ts';
import { carrierFaults } from '../../mocks/twilio/faults.ts';
import { ROOT } from '../config/defaults.ts';

const { checks } = JSON.parse(readFileSync(path.join(ROOT, 'reports', 'catalogue.json'), 'utf8')) as {
  checks: { id: string; fault?: string; arms?: string[] }[];
};
const used = new Set(checks.flatMap(({ fault, arms = [] }) => [fault, ...arms]));

describe('every fault has somebody who needs it', () => {
  it('each of the issuer is armed by a check', () => {
    expect(Object.keys(issuerFaults).filter((name) => !used.has(name))).toEqual([]);
  });
  it('each of the carrier is armed by a check, or met by a message in the test of the mock', () => {
    // What Logto makes of an error code of Twilio is the connector's to show; the app meets a page of Logto.
    const tested = readFileSync(path.join(ROOT, 'mocks/twilio/delivery.test.ts'), 'utf8');
    expect(tested).toContain('Object.keys(errorFaults)');
    const unmet = Object.keys(carrierFaults).filter(
      (name) => !used.has(name) && !name.startsWith('error/') && !tested.includes(`'${name}'`),
    );
    expect(unmet).toEqual([]);
  });
  it('no check arms one that is not there', () => {
    const known = new Set([...Object.keys(issuerFaults), ...Object.keys(carrierFaults)]);
    expect([...used].filter((name) => name !== undefined && !known.has(name))).toEqual([]);
  });
});
