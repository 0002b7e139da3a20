/**
 * Vitest's `test` with a running app, people, sign-ins, text messages and faults, without a browser:
 * `authjs-conformance/vitest`. Vitest (3.2 or newer) is the app's own.
 *
 * ```ts
 * import { expect, test } from 'authjs-conformance/vitest';
 *
 * test('members only', async ({ signIn, person }) => {
 *   const member = await signIn(person);
 *   expect((await member.get('/api/me')).status).toBe(200);
 * });
 * ```
 */
import { test as base, expect, inject } from 'vitest';
import { openTestLab, type TestLab, type TestLabOptions } from './test-lab.ts';
import {
  type Logto,
  openWorkbench,
  type Person,
  type PersonInput,
  type Session,
  type Sms,
  type Visitor,
  type Workbench,
} from './workbench.ts';

export type { TestLab } from './test-lab.ts';
export type { FaultName, Logto, Person, PersonInput, Session, Sms, Visitor } from './workbench.ts';
export { expect };

declare module 'vitest' {
  interface ProvidedContext {
    /** `provide: { conformance: { config: … } }` in the config of Vitest. */
    conformance?: TestLabOptions;
  }
}

export interface OwnTests {
  /** The running mocks and app; one for each test file. */
  lab: TestLab;
  /** Somebody made up, with a phone number that no other test has. */
  person: Person;
  somebody(input?: PersonInput): Promise<Person>;
  /** A stranger in front of the app. */
  visitor(person?: Person): Visitor;
  /**
   * Signs somebody in over HTTP; `get(path)` of the answer asks the app as them.
   *
   * @throws ConformanceFailure saying where the sign-in ended, when there is no session
   */
  signIn(person?: Person): Promise<Visitor & { signedInAs: Session }>;
  sms: Sms;
  logto: Logto;
  workbench: Workbench;
}

export const test = base.extend<OwnTests>({
  lab: [
    // biome-ignore lint/correctness/noEmptyPattern: Vitest reads the fixture names from the pattern
    async ({}, use) => {
      const lab = await openTestLab(inject('conformance') ?? {});
      await use(lab);
      await lab.stop();
    },
    { scope: 'file' },
  ],
  workbench: async ({ lab, task }, use) => {
    const workbench = await openWorkbench({ lab: lab.description, label: task.name });
    await use(workbench);
    await workbench.end();
  },
  somebody: async ({ workbench }, use) => use((input) => workbench.addPerson(input)),
  person: async ({ workbench }, use) =>
    use(await workbench.addPerson({ signedIn: true, name: 'Ada Lovelace', email: 'ada@example.com' })),
  visitor: async ({ workbench, person: own }, use) => use((person = own) => workbench.visitor(person)),
  signIn: async ({ workbench, person: own }, use) =>
    use(async (person = own) => {
      const { visitor, session } = await workbench.signIn(person);
      return { ...visitor, signedInAs: session };
    }),
  sms: async ({ workbench }, use) => use(workbench.sms),
  logto: async ({ workbench }, use) => use(workbench.logto),
});
