/** What is no fault of the app before a real issuer: what the tenant does not let us do, and a tenant that is not there. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { TestInfo } from '@playwright/test';
import { LAB_FILE, type LabDescription } from '../lab/lab-description.ts';
import { notAbleReason } from '../live/abilities.ts';
import { createWire } from '../live/wire.ts';

/** Thrown by what a sign-in at a real tenant met. */
const BLOCKED = /^(?:\w*Error: )*Blocked: /m;
/** Thrown where the tenant did not answer us. */
const SILENT = /CONF_(?:ISSUER|CARRIER)_SILENT/;
const UNANSWERED = /CONF_(?:ISSUER|CARRIER)_SILENT|did not answer|broke the connection/;

const textOf = (error: TestInfo['errors'][number]) => `${error.message ?? ''}\n${error.stack ?? ''}`;

const firstLine = (message: string) => message.replace(/^(?:\w*Error: |Blocked: )+/, '').split('\n')[0] ?? '';

/** Milliseconds within which a tenant that is there answers the cheapest question. */
const PROBE_MS = 8_000;
/** After so many silences in a row it is asked once a minute only: the network is gone, and the report shall not wait for it. */
const SILENCES_MAX = 3;
const ASKED_AGAIN_MS = 60_000;

/** How often in a row the tenant was found silent, and when it was asked last (milliseconds of the epoch). */
interface Silence {
  count: number;
  at: number;
}
let own: Silence = { count: 0, at: 0 };

/** Workers come and go with what fails: what one of them found stands beside the description of the lab, for all. */
const shared = () => process.env[LAB_FILE] && `${process.env[LAB_FILE]}.silence`;
function lastSilence(): Silence {
  const file = shared();
  if (!file) return own;
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { count: 0, at: 0 };
  }
}
function noteSilence(silence: Silence): void {
  const file = shared();
  if (file) writeFileSync(file, JSON.stringify(silence));
  else own = silence;
}

/** Whether the tenant answers just now. */
async function answers({ issuer, ca }: LabDescription): Promise<boolean> {
  const there = await createWire({ ca })
    .ask(`${issuer}/.well-known/openid-configuration`, { limitMs: PROBE_MS })
    .then(
      ({ status }) => status === 200,
      () => false,
    );
  noteSilence({ count: there ? 0 : lastSilence().count + 1, at: Date.now() });
  return there;
}

const silence = ({ issuer }: LabDescription) =>
  `The tenant at ${issuer} does not answer, so this says nothing of the app.`;

/**
 * Why a check cannot begin: the tenant was silent a moment ago, and still is.
 *
 * @returns undefined when it answers, or was never found silent
 */
export async function silentBefore(lab: LabDescription): Promise<string | undefined> {
  const { count, at } = lastSilence();
  if (count === 0) return undefined;
  if (count >= SILENCES_MAX && Date.now() - at < ASKED_AGAIN_MS)
    return `The tenant at ${lab.issuer} did not answer ${count} times in a row, and is asked once a minute now.`;
  return (await answers(lab)) ? undefined : silence(lab);
}

/**
 * Looks at a check that did not pass before a real issuer.
 *
 * @returns the verdict that is not the app's, with its reason; undefined when the app is to be judged
 */
export async function troubleOfTenant(
  info: Pick<TestInfo, 'errors' | 'status' | 'annotations'>,
  lab: LabDescription,
): Promise<{ verdict: 'not applicable' | 'blocked'; reason: string } | undefined> {
  if (info.status === 'passed' || info.status === 'skipped' || info.errors.length === 0) return undefined;
  if (info.annotations.some(({ type }) => type === 'verdict')) {
    // A control that got no answer blocks the check; whether the others can begin is another question.
    if (info.errors.some((error) => UNANSWERED.test(textOf(error)))) await answers(lab);
    return undefined;
  }
  const unable = info.errors.map(({ message }) => notAbleReason(message ?? '')).find(Boolean);
  if (unable) return { verdict: 'not applicable', reason: unable };
  const met = info.errors.find((error) => BLOCKED.test(textOf(error)));
  if (met) return { verdict: 'blocked', reason: firstLine(met.message ?? '') };
  if (info.errors.some((error) => SILENT.test(textOf(error))) || !(await answers(lab)))
    return {
      verdict: 'blocked',
      reason: silence(lab),
    };
  return undefined;
}
