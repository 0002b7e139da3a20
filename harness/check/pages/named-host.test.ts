import { describe, expect, it } from 'vitest';
import { addressesTo, isSecret, NAMED } from './named-host.ts';

const to = (text: string) => addressesTo(NAMED, { text });

describe('links to the host of a request', () => {
  it.each([
    ['a link', `<a href="https://${NAMED}/s/1?sig=a">Share</a>`],
    ['a field', `<input readonly value="http://${NAMED}/s/1">`],
    ['data', `{"link":"https://${NAMED}/s/1"}`],
    ['data that are escaped', `{"link":"https:\\/\\/${NAMED}\\/s\\/1"}`],
  ])('are found as %s', (_what, text) => expect(to(text)).not.toEqual([]));
  it('are not the host that is named alone, nor another', () =>
    expect(to(`<p>You asked ${NAMED}</p><a href="https://app.example/s/1">Share</a>`)).toEqual([]));
  it('hold a secret, or none', () => {
    expect(isSecret(`https://${NAMED}/s/1?sig=DERiu8GbvddEn_Y5I0q1HUXwrroNai6gg2di3YZX6fY`)).toBe(true);
    expect(isSecret(`https://${NAMED}/about`)).toBe(false);
  });
});
