/**
 * Apps, or firewalls in front of them, that turn an address away for good once it has asked oddly: from then on every refusal
 * looks like a door that is closed, and every sign-in like one that is broken. What answered before the run began is asked for
 * once more: if that is refused now, nothing was learned of the app.
 */
import type { TestInfo } from '@playwright/test';
import type { Exchange } from '../../mocks/journal.ts';
import { TURNED_AWAY } from '../../reports/app-limits.ts';
import { LAB_FILE, type LabDescription } from '../lab/lab-description.ts';
import { readCrashes } from '../lab/target-end.ts';
import { createHttpAgent } from '../user-agents/http.ts';
import type { Evidence } from './evidence.ts';

/** Answers of firewalls: forbidden, a request that is not liked, and reasons of law, which some take for it. */
const REFUSED = [403, 406, 418, 451];

let lastSeen = 0;

/**
 * What was learned of the app before that time (milliseconds of the epoch; 0 for all of it) holds no more: this worker was turned
 * away, or the app ended and was started again, with people and sessions of its memory gone.
 */
export const learnedNothingBefore = (): number => {
  const crash = readCrashes(process.env[LAB_FILE]).at(-1);
  return Math.max(lastSeen, crash?.upAt ?? crash?.at ?? 0);
};

const isHtml = ({ response }: Exchange) => /html/i.test(String(response.headers['content-type'] ?? ''));

/**
 * Looks whether the app still answers what it answered in the smoke sign-in; asked after a check that failed, or was refused
 * something. The exchange that shows it is evidence of the check.
 */
export async function noteTurnedAway(
  info: Pick<TestInfo, 'status'>,
  { lab, evidence }: { lab: LabDescription; evidence: Pick<Evidence, 'visitors' | 'exchanges'> },
): Promise<void> {
  const canary = lab.usage?.canary;
  if (!canary) return;
  const sent = [...evidence.visitors.flatMap(({ agent }) => agent.exchanges), ...evidence.exchanges];
  const toApp = sent.filter(({ from, to }) => from === 'browser' && to === 'app');
  const isRefused = toApp.some(({ status }) => status !== null && REFUSED.includes(status));
  if (toApp.length === 0 || !(isRefused || info.status === 'failed')) return;
  const agent = createHttpAgent({ laneOf: () => 'app' });
  const answer = await agent.hop(new URL(canary, lab.app.origin)).catch(() => undefined);
  const [exchange] = agent.exchanges;
  if (
    !answer ||
    !exchange ||
    !(REFUSED.includes(answer.status) || (answer.status === 200 && isHtml(exchange)))
  )
    return;
  lastSeen = Date.now();
  evidence.exchanges.push({ ...exchange, facts: { ...exchange.facts, [TURNED_AWAY]: true } });
}
