/** How a check is declared and run. `check(meta)` is Playwright's own `test` with the metadata bound. */
import type { TestDetails, TestInfo } from '@playwright/test';
import { type ControlClient, createControlClient } from '../../mocks/client.ts';
import type { FaultName } from '../../mocks/faults.ts';
import { type WayIn, wayIn } from '../../mocks/logto/sign-in/way-in.ts';
import type { ArmedFault } from '../../mocks/occasions.ts';
import { type Person, withProfile } from '../../mocks/people.ts';
import { inProfile, profileOf } from '../../reports/profiles.ts';
import { withRemedy } from '../../reports/remedies/index.ts';
import { SETTLED, UNSETTLED } from '../../reports/verdict.ts';
import { Blocked } from '../errors.ts';
import { KEEP_WORKERS, type LabDescription, VISIBLE } from '../lab/lab-description.ts';
import { demandLab } from '../lab/read-lab.ts';
import { reaches, reasonOf } from '../lab/usage.ts';
import { passGate } from '../machine/gate.ts';
import { pendingPerson } from '../visitor/pending-person.ts';
import { createSecond, type Second } from '../visitor/second.ts';
import { atSecondApp } from '../visitor/second-app.ts';
import type { Surroundings } from '../visitor/surroundings.ts';
import { createVisitor, type Visitor, wayOf } from '../visitor/visitor.ts';
import type { CheckDeclaration } from './check-declaration.ts';
import { playwrightTest } from './context-defaults.ts';
import { attachEvidence, type Evidence } from './evidence.ts';
import { blockAfterEnd, blockedByEnd, blockedByLimit, isToBeConfirmed, paceOf } from './harness-trouble.ts';
import { type Health, healthAtClose } from './health.ts';
import { silentBefore, troubleOfTenant } from './live-trouble.ts';
import { endAs } from './not-judged.ts';
import { outputLost } from './output.ts';
import { leaveStacksPlain } from './plain-stacks.ts';
import { createStep } from './steps.ts';
import { told } from './told-before.ts';
import { noteTurnedAway } from './turned-away.ts';
import { unmet } from './unmet.ts';

export type { CheckDeclaration } from './check-declaration.ts';
export type { Health } from './health.ts';

export interface CheckFixtures extends Omit<Surroundings, 'lab' | 'control'> {
  meta: CheckDeclaration;
  /** Arms faults in the scope of this check; none heals the mocks. */
  arm(...faults: ArmedFault[]): Promise<void>;
  /** The provider that the second issuer plays; it is there for checks that need a `second-issuer`. */
  second: Second;
  /** Arms faults of the second issuer; none heals it. */
  armSecond(...faults: ArmedFault[]): Promise<void>;
  /**
   * The same browser in front of the second app of the tenant; it is there for checks that need a `second-app`.
   *
   * @param before whose browser it is, with what Logto has set in it; the first app's cookies are of another site
   * @param inFront another person in front of the browser that a visitor of the second app already has
   */
  atSecondApp(before: Visitor, inFront?: { person: Person; browser: Visitor }): Visitor;
  /** Whether the app is known to be healthy right now. */
  health: Health;
  /** Ends the check as not applicable. */
  notApplicable(reason: string): never;
  /** The target's output since this check began. */
  log(): Promise<string[]>;
}

interface Lease {
  id: string;
  health: Health;
  /** How people of this check get in; the run's own way unless the check lets them meet another. */
  way: WayIn;
}

export type LabFixtures = Pick<Surroundings, 'lab' | 'control'>;

const annotate = (info: TestInfo, type: string, description: string) =>
  info.annotations.push({ type, description });

const metaOf = (info: TestInfo): CheckDeclaration => {
  const json = info.annotations.find(({ type }) => type === 'check')?.description;
  if (!json) throw new Error(`"${info.title}" is no check: declare it with check({ … })`);
  return JSON.parse(json);
};

/** Suites that judge what happens before and after the visit to Logto; the others judge the one-time code as well. */
const BEHIND_LOGTO = /^(redirect|callback|session|sign-out)\//;

/** Milliseconds after which the lease of a check ends by itself; more on a slow machine. */
const LEASE_MS = 120_000;
/** Before a real issuer codes may take minutes, and requests wait for their turn. */
const LIVE_LEASE_MS = 3_600_000;

/** Fixtures are no steps of a check; Playwright would take a stack for each. */
const QUIET = { box: 'self' } as const;

leaveStacksPlain();

const base = playwrightTest(process.env.CONFORMANCE_OWN_CHECKS, process.env[VISIBLE]);

export const test = base.extend<
  CheckFixtures & { evidence: Evidence; judged: undefined; lease: Lease },
  LabFixtures
>({
  lab: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture names from the pattern
    async ({}, use) => {
      await passGate();
      await use(demandLab());
    },
    // Who waits for a run that nobody has asked for yet takes none of the time of a check.
    { scope: 'worker', ...QUIET, timeout: 0 },
  ],
  control: [
    async ({ lab }, use) => use(createControlClient(lab.control, lab.controlToken)),
    { scope: 'worker', ...QUIET },
  ],

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture names from the pattern
  meta: [async ({}, use, info) => use(metaOf(info)), QUIET],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture names from the pattern
  evidence: [async ({}, use) => use({ visitors: [], exchanges: [], raw: [], steps: [] }), QUIET],

  judged: [
    async ({ lab, control, meta, evidence }, use, info) => {
      info.annotations.push(...told(meta, lab));
      const missing = unmet(meta, lab);
      if (missing) endAs(info, missing.verdict, missing.reason);
      const begun = Date.now();
      const obstacle = blockedBy(meta, lab) ?? (lab.live && (await silentBefore(lab)));
      if (obstacle) {
        annotate(info, 'verdict', 'blocked');
        annotate(info, 'reason', obstacle);
        if (process.env[KEEP_WORKERS]) info.expectedStatus = 'failed';
        throw new Blocked(obstacle);
      }
      await blockAfterEnd(info, { control, lab });
      paceOf(info, { lab, control });
      // Until it is known whether the tenant answers, what went wrong is nobody's.
      if (lab.live) annotate(info, UNSETTLED, String(info.retry));
      await use(undefined);
      const trouble = lab.live && (await troubleOfTenant(info, lab));
      if (trouble) {
        annotate(info, 'verdict', trouble.verdict);
        annotate(info, 'reason', trouble.reason);
        if (process.env[KEEP_WORKERS]) info.expectedStatus = 'failed';
      }
      await noteTurnedAway(info, { lab, evidence });
      await attachEvidence(info, {
        control,
        evidence,
        logFrom: lab.hasLog ? begun : undefined,
        ...(lab.live && { realIssuer: lab.publicIssuerOrigin }),
      });
      if (await blockedByEnd(info, { control, begun })) return;
      if (blockedByLimit(info, { meta, evidence })) return;
      if (!trouble && isToBeConfirmed(info, lab.live !== undefined)) return;
      if (lab.live) annotate(info, SETTLED, String(info.retry));
      const profile = profileOf(lab.config.certification.profile);
      const { level } = inProfile(meta, profile);
      const limit = profile.raised.has(meta.id) ? undefined : meta.libraryLimit?.[lab.app.family];
      if (limit && info.status === 'failed' && isAppFault(info)) {
        annotate(info, 'verdict', 'note');
        annotate(info, 'reason', limit);
        info.expectedStatus = 'failed';
      }
      // A broken "should" is a warning: Playwright counts it as expected, our reporter reads the error.
      const lenient = level !== 'must' || meta.provisional;
      if (lenient && !lab.config.strict && info.status === 'failed' && isAppFault(info))
        info.expectedStatus = 'failed';
      // Playwright starts a new worker after each failure; our reporter needs none, it reads the errors and sets the exit code.
      if (process.env[KEEP_WORKERS] && info.status === 'failed') info.expectedStatus = 'failed';
    },
    { auto: true, ...QUIET },
  ],

  lease: [
    async ({ lab, control, meta, judged: _judged }, use, info) => {
      const willArm = [meta.fault, ...(meta.arms ?? [])].filter((name): name is FaultName => Boolean(name));
      const { id, healthyAfter } = await control.openScope({
        label: meta.id,
        willArm,
        leaseMs: lab.live ? LIVE_LEASE_MS : LEASE_MS * lab.slowness,
      });
      const health: Health = { shownBy: healthyAfter, isShown: false };
      try {
        await use({ id, health, way: wayOf(lab) });
      } finally {
        await control.closeScope(id, healthAtClose(info, health));
      }
    },
    // Waiting for others is no part of a check's own time; their leases end by themselves.
    { ...QUIET, timeout: 0 },
  ],
  scope: [async ({ lease }, use) => use(lease.id), QUIET],
  health: [async ({ lease }, use) => use(lease.health), QUIET],
  somebody: [async ({ control, scope }, use) => use((person) => control.addPerson(person, scope)), QUIET],
  second: [
    async ({ lab, control, scope, evidence }, use) =>
      use(createSecond({ lab, control, scope }, (visitor) => evidence.visitors.push(visitor))),
    QUIET,
  ],
  visitor: [
    async ({ lab, control, meta, scope, lease, somebody, evidence }, use) => {
      const others: string[] = [];
      // At a real tenant nobody is signed up unless that is allowed.
      const isKnown =
        BEHIND_LOGTO.test(meta.id) || (lab.live !== undefined && !lab.live.abilities.includes('sign-up'));
      try {
        await use(async (given, { apart = false, known = isKnown } = {}) => {
          const own = apart ? (await control.openScope({ label: meta.id })).id : scope;
          if (apart) others.push(own);
          const wanted = known ? { signedIn: true } : {};
          const input = known && lab.usage?.profile ? withProfile(wanted) : wanted;
          const person = given ?? (lab.live ? pendingPerson(wanted) : await somebody(input));
          const way = () => lease.way;
          const visitor = createVisitor({ lab, control, scope: own, person, way });
          evidence.visitors.push(visitor);
          return visitor;
        });
      } finally {
        // What is known of the app is told when the check itself ends.
        await Promise.all(others.map((id) => control.closeScope(id, 'kept')));
      }
    },
    QUIET,
  ],
  atSecondApp: [
    async ({ lab, control, scope, evidence }, use) =>
      use((before, inFront) => {
        const visitor = atSecondApp({ lab, control, scope }, before, inFront);
        if (!inFront) evidence.visitors.push(visitor);
        return visitor;
      }),
    QUIET,
  ],
  meet: [
    async ({ control, scope, lease }, use) =>
      use(async (change, choice) => {
        const settings = await control.setSignInExperience(scope, change);
        lease.way = wayIn(settings, choice);
        return settings;
      }),
    QUIET,
  ],
  arm: [async ({ control, scope }, use) => use((...names) => control.arm(scope, names)), QUIET],
  armSecond: [async ({ control, scope }, use) => use((...names) => control.second.arm(scope, names)), QUIET],
  step: [
    async ({ evidence }, use, info) =>
      use(createStep(info, { evidence, ...(!process.env[KEEP_WORKERS] && { shown: base.step }) })),
    QUIET,
  ],
  notApplicable: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture names from the pattern
    async ({}, use, info) => use((reason) => endAs(info, 'not applicable', reason)),
    QUIET,
  ],
  log: [
    async ({ control, lab, judged: _judged }, use) => {
      const from = Date.now();
      await use(async () => (lab.hasLog ? linesFrom(control, from) : []));
    },
    QUIET,
  ],
});

export { expect } from '@playwright/test';

async function linesFrom(control: ControlClient, time: number): Promise<string[]> {
  const { lines, lost } = await control.call<{ lines: string[]; lost: boolean }>(
    'GET',
    `/target/log?from=${time}`,
  );
  if (lost) throw outputLost('Lines that were written since the check began are gone');
  return lines;
}

const isAppFault = (info: TestInfo) =>
  !info.annotations.some(({ type }) => type === 'verdict') &&
  info.errors.every(({ message, stack }) => /ConformanceFailure|expect\(/.test(`${message}\n${stack}`));

/** What a check needs, in the words of the smoke sign-in. */
const STAGE_OF = { begun: 'request', exchanged: 'exchange', ended: 'session' } as const;

/** Suites that judge no sign-in: the connector is certified in a process of its own. */
const NO_SIGN_IN = /^connector\//;

/** Why the check cannot be judged: the app came less far than the check must build on. */
function blockedBy(meta: CheckDeclaration, { usage }: LabDescription): string | undefined {
  const need = meta.signIn ?? (NO_SIGN_IN.test(meta.id) ? 'none' : 'ended');
  if (need === 'none' || need === 'judged' || !usage || reaches(usage, STAGE_OF[need])) return undefined;
  return `Nobody can sign in to the app (callback/session), so this says nothing: ${reasonOf(usage)}`;
}

const tagOf = (text: string) => `@${text.replace(/\s+/g, '/').replace(/§/g, '')}`;

/**
 * Declares a check; call the result with a shared outcome or a body of its own.
 *
 * @param declared what is checked, why, and by which clause; the nearest remedy is the fix of a check without one
 * @returns Playwright's `test`, bound to the title and details, so that a failure points at the declaring line
 */
export const check = (declared: CheckDeclaration) => {
  const meta = withRemedy(declared);
  const details: TestDetails = {
    tag: [`@${meta.id}`, `@${meta.level}`, `@${meta.severity}`, ...meta.clauses.map(tagOf)],
    annotation: [{ type: 'check', description: JSON.stringify(meta) }],
  };
  return test.bind(null, `${meta.id}: ${meta.title}`, details);
};
