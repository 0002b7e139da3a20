/** What is no fault of the app before a real issuer: what the tenant does not let us do, and a tenant that is not there. */
import type { TestInfo } from '@playwright/test';
import type { LabDescription } from '../lab/lab-description.ts';
import { notAbleReason } from '../live/abilities.ts';
import { createHttpAgent } from '../user-agents/http.ts';

/** Thrown by what a sign-in at a real tenant met. */
const BLOCKED = /^(?:\w*Error: )*Blocked: /m;
/** Thrown where the tenant did not answer us. */
const SILENT = /CONF_(?:ISSUER|CARRIER)_SILENT/;

const textOf = (error: TestInfo['errors'][number]) => `${error.message ?? ''}\n${error.stack ?? ''}`;

const firstLine = (message: string) => message.replace(/^(?:\w*Error: |Blocked: )+/, '').split('\n')[0] ?? '';

/** Whether the tenant answers just now. */
async function answers({ issuer, ca }: LabDescription): Promise<boolean> {
  const agent = createHttpAgent({ laneOf: () => 'issuer', real: true, ca });
  return agent.hop(`${issuer}/.well-known/openid-configuration`).then(
    ({ status }) => status === 200,
    () => false,
  );
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
  const isDecided = info.annotations.some(({ type }) => type === 'verdict');
  if (info.status === 'passed' || info.status === 'skipped' || info.errors.length === 0 || isDecided)
    return undefined;
  const unable = info.errors.map(({ message }) => notAbleReason(message ?? '')).find(Boolean);
  if (unable) return { verdict: 'not applicable', reason: unable };
  const met = info.errors.find((error) => BLOCKED.test(textOf(error)));
  if (met) return { verdict: 'blocked', reason: firstLine(met.message ?? '') };
  if (info.errors.some((error) => SILENT.test(textOf(error))) || !(await answers(lab)))
    return {
      verdict: 'blocked',
      reason: `The tenant at ${lab.issuer} does not answer, so this says nothing of the app.`,
    };
  return undefined;
}
