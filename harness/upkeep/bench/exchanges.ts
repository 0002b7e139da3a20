/** How many exchanges the checks of a report made: where sign-ins could be spared. */
import type { CheckResult, Report } from '../../../reports/model.ts';

export interface Count {
  name: string;
  checks: number;
  /** What browsers sent. */
  browser: number;
  /** What the app sent to Logto, and Logto to the carrier. */
  servers: number;
  /** Sign-ins that were begun: authorization requests of browsers. */
  signIns: number;
}

const count = (name: string, checks: readonly CheckResult[]): Count => {
  const all = checks.flatMap(({ exchanges }) => exchanges);
  const browser = all.filter(({ from }) => from === 'browser');
  return {
    name,
    checks: checks.length,
    browser: browser.length,
    servers: all.length - browser.length,
    signIns: browser.filter(({ to, url }) => to === 'issuer' && /\/auth\?/.test(url)).length,
  };
};

const size = ({ browser, servers }: Count) => browser + servers;

/** By suite, the largest first, and the sum; laws show exchanges of others. */
export function bySuite({ checks }: Report): Count[] {
  const own = checks.filter(({ suite }) => suite !== 'laws');
  const suites = [...new Set(own.map(({ suite }) => suite))];
  return [
    ...suites
      .map((suite) =>
        count(
          suite,
          own.filter((check) => check.suite === suite),
        ),
      )
      .sort((a, b) => size(b) - size(a)),
    count('all', own),
  ];
}

/** The checks that make the most exchanges. */
export const largest = ({ checks }: Report, most = 15): Count[] =>
  checks
    .filter(({ suite }) => suite !== 'laws')
    .map((check) => count(check.id, [check]))
    .sort((a, b) => size(b) - size(a))
    .slice(0, most);
