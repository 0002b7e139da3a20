/**
 * Playwright's `test` with a running app, people, sign-ins, text messages and faults: `authjs-conformance/playwright`.
 *
 * ```ts
 * import { expect, test } from 'authjs-conformance/playwright';
 *
 * test('greets by name', async ({ page, person, signIn }) => {
 *   await signIn(page, person);
 *   await expect(page.getByText('Ada')).toBeVisible();
 * });
 * ```
 */
import type {
  BrowserContext,
  Page,
  PlaywrightTestArgs,
  PlaywrightTestOptions,
  PlaywrightWorkerArgs,
  PlaywrightWorkerOptions,
  TestType,
} from '@playwright/test';
import { SCOPE_COOKIE } from '../../mocks/scope.ts';
import { enterAtLogto } from '../logto/walk-pages.ts';
import { takesAnyCertificate } from '../user-agents/certificates.ts';
import { wayOf } from '../visitor/visitor.ts';
import { ofTheApp } from './of-the-app.ts';
import { openTestLab, type TestLab, type TestLabOptions } from './test-lab.ts';
import {
  type Logto,
  openWorkbench,
  type Person,
  type PersonInput,
  type Session,
  type Sms,
  type StoredCookie,
  type Workbench,
} from './workbench.ts';

export type { TestLab } from './test-lab.ts';
export type { FaultName, Logto, Person, PersonInput, Session, Sms } from './workbench.ts';

/** What `browser.newContext({ storageState })` takes. */
export interface StorageState {
  cookies: StoredCookie[];
  origins: [];
}

export interface LogtoInBrowser extends Logto {
  /** Fills Logto's own pages in, once the app has sent the page there: number, code, a new account where it is asked. */
  enter(page: Page, person: Person): Promise<void>;
}

export interface OwnTestOptions {
  /** Who `person` is (default: Ada Lovelace). Known to Logto, unless `registered` or `signedIn` say otherwise. */
  personInput: PersonInput;
}

export interface OwnTestFixtures {
  /** Somebody made up, with a phone number that no other test has. */
  person: Person;
  /** Makes further people. */
  somebody(input?: PersonInput): Promise<Person>;
  /**
   * Signs somebody in over HTTP, gives the session to the browser of a page, and opens a page of the app.
   *
   * @param page of any context
   * @param person default: the one of this test
   * @param options.to path to open (default `/`); null leaves the page where it is
   * @throws ConformanceFailure saying where the sign-in ended, when there is no session
   */
  signIn(page: Page, person?: Person, options?: { to?: string | null }): Promise<Session>;
  /** Signs somebody in, and gives what a new browser context takes: `browser.newContext({ storageState })`. */
  storageStateOf(person: Person): Promise<StorageState>;
  sms: Sms;
  logto: LogtoInBrowser;
  /** The same without a browser, and the control client of the mocks. */
  workbench: Workbench;
}

export interface OwnWorkerOptions {
  /** Which config is used, and what goes before it. */
  conformance: TestLabOptions;
}

export interface OwnWorkerFixtures {
  /** The running mocks and app of this worker, or of all where a global setup shares one. */
  lab: TestLab;
}

const { test: base, expect } = ofTheApp<typeof import('@playwright/test')>('@playwright/test');

export { expect };

type Args = PlaywrightTestArgs & PlaywrightTestOptions;
type WorkerArgs = PlaywrightWorkerArgs & PlaywrightWorkerOptions;

export const test: TestType<
  Args & OwnTestOptions & OwnTestFixtures,
  WorkerArgs & OwnWorkerOptions & OwnWorkerFixtures
> = base.extend<OwnTestOptions & OwnTestFixtures, OwnWorkerOptions & OwnWorkerFixtures>({
  conformance: [{}, { option: true, scope: 'worker' }],
  personInput: [{ signedIn: true, name: 'Ada Lovelace', email: 'ada@example.com' }, { option: true }],

  lab: [
    async ({ conformance }, use) => {
      const lab = await openTestLab(conformance);
      await use(lab);
      await lab.stop();
    },
    // Building an app may take its minutes.
    { scope: 'worker', timeout: 300_000 },
  ],

  launchOptions: [
    async ({ lab, launchOptions, browserName }, use) => {
      const { browser, reroutes, fronts } = lab.description;
      if (browserName !== 'chromium' || launchOptions.executablePath || launchOptions.channel)
        return use(launchOptions);
      const mapped = Object.entries({
        ...Object.fromEntries(
          Object.entries(reroutes).map(([from, to]) => [new URL(from).host, new URL(to).host]),
        ),
        ...fronts,
      }).map(([from, to]) => `MAP ${from} ${to}`);
      await use({
        ...launchOptions,
        executablePath: browser.executablePath,
        args: [
          ...(launchOptions.args ?? []),
          ...browser.args,
          ...(mapped.length ? [`--host-resolver-rules=${mapped.join(',')}`] : []),
        ],
        env: { ...process.env, ...browser.env, ...launchOptions.env } as Record<string, string>,
      });
    },
    { scope: 'worker' },
  ],

  baseURL: async ({ lab }, use) => use(lab.origin),
  ignoreHTTPSErrors: async ({ lab, ignoreHTTPSErrors }, use) => {
    const { ca, fronts, app } = lab.description;
    await use(
      ignoreHTTPSErrors ||
        Boolean(ca) ||
        Object.keys(fronts).length > 0 ||
        takesAnyCertificate(app.origin, ca),
    );
  },

  workbench: async ({ lab }, use, info) => {
    const workbench = await openWorkbench({
      lab: lab.description,
      label: info.titlePath.slice(1).join(' › '),
    });
    await use(workbench);
    await workbench.end();
    if (info.status !== info.expectedStatus && lab.log().length)
      await info.attach('output of the app', { body: lab.log(60).join('\n'), contentType: 'text/plain' });
  },

  context: async ({ context, workbench, lab }, use) => {
    await carry(context, workbench, lab);
    await use(context);
  },

  somebody: async ({ workbench }, use) => use((input) => workbench.addPerson(input)),
  person: async ({ workbench, personInput }, use) =>
    use(await workbench.addPerson({ ...knownUnlessTold(personInput), ...personInput })),
  sms: async ({ workbench }, use) => use(workbench.sms),
  logto: async ({ workbench, lab }, use) =>
    use({
      ...workbench.logto,
      enter: (page, person) =>
        enterAtLogto({
          page,
          person,
          way: wayOf(lab.description),
          readCode: () => workbench.sms.code(person),
        }),
    }),
  storageStateOf: async ({ workbench }, use) =>
    use(async (person) => {
      const { visitor } = await workbench.signIn(person);
      return { cookies: await workbench.cookiesOf(visitor), origins: [] };
    }),
  signIn: async ({ workbench, person: own }, use) =>
    use(async (page, person = own, { to = '/' } = {}) => {
      const { visitor, session } = await workbench.signIn(person);
      await page.context().addCookies(await workbench.cookiesOf(visitor));
      if (to !== null) await page.goto(to);
      return session;
    }),
});

/** Whoever is named only is somebody whom Logto knows: of strangers it knows no name. */
const knownUnlessTold = ({ registered, signedIn }: PersonInput): PersonInput =>
  registered === undefined && signedIn === undefined ? { signedIn: true } : {};

/** The browser tells Logto which test it belongs to, so that faults and messages of tests are kept apart. */
async function carry(context: BrowserContext, workbench: Workbench, lab: TestLab): Promise<void> {
  const set = (scope: string) =>
    context.addCookies([{ name: SCOPE_COOKIE, value: scope, url: lab.description.publicIssuerOrigin }]);
  workbench.onScope(set);
  await set(workbench.scope);
}
