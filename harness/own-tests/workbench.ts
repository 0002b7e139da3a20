/**
 * What an app's own tests work with, whatever runs them: people, sign-ins without a browser, text messages, faults. One
 * workbench for each test, in a scope of its own.
 */
import { type ControlClient, createControlClient } from '../../mocks/client.ts';
import { type FaultName, isExclusive } from '../../mocks/faults.ts';
import type { Exchange } from '../../mocks/journal.ts';
import type { Person, PersonInput } from '../../mocks/people.ts';
import type { LabDescription } from '../lab/lab-description.ts';
import { setPace } from '../user-agents/pace.ts';
import { demandSession } from '../visitor/arrival.ts';
import { createVisitor, type Session, type Visitor, wayOf } from '../visitor/visitor.ts';

export type { FaultName, Person, PersonInput, Session, Visitor };

/** A cookie as Playwright takes it. */
export interface StoredCookie {
  name: string;
  value: string;
  domain: string;
  path: string;
  /** Seconds of the epoch; -1 for one that ends with the browser. */
  expires: number;
  httpOnly: boolean;
  secure: boolean;
  sameSite: 'Strict' | 'Lax' | 'None';
}

export interface Sms {
  /**
   * The next code that reaches a person, as soon as it does; each is given once. It comes by e-mail where people sign in by
   * e-mail (`signInExperience`).
   *
   * @param options.waitMs milliseconds to wait (default 5000)
   * @throws Error naming what did arrive, and what the carrier refused
   */
  code(person: Pick<Person, 'phone' | 'email'>, options?: { waitMs?: number }): Promise<string>;
  /** All messages to a person, oldest first. */
  messages(person: Pick<Person, 'phone'>): ReturnType<ControlClient['messages']>;
}

export interface Logto {
  /** As the app knows it: `<origin>/oidc`. */
  issuer: string;
  /** Makes Logto or Twilio misbehave for this test, until it ends or other faults are armed; none heals them. */
  arm(...faults: FaultName[]): Promise<void>;
  /** Lets seconds pass at Logto: codes, tokens and its sessions grow older. */
  elapse(seconds: number): Promise<void>;
  /** Changes what Logto says of a person from the next sign-in on. */
  change(person: Person, change: PersonInput): Promise<Person>;
  /** What this test made Logto and Twilio see, redacted. */
  journal(): Promise<Exchange[]>;
}

export interface Workbench {
  control: ControlClient;
  /** Scope of the test in the mocks; another one once faults of discovery or keys are armed. */
  readonly scope: string;
  /**
   * Somebody made up, with a phone number of their own; known to Logto and signed in there unless told otherwise.
   */
  addPerson(input?: PersonInput): Promise<Person>;
  /**
   * Signs somebody in over HTTP, as a browser would: the app's own form, Logto, the callback. About 30 ms.
   *
   * @throws ConformanceFailure saying where it ended, when it ended without a session
   */
  signIn(person: Person): Promise<{ visitor: Visitor; session: Session }>;
  /** Somebody in front of the app who is not signed in yet. */
  visitor(person: Person): Visitor;
  /** Cookies of the app that a visitor holds. */
  cookiesOf(visitor: Visitor): Promise<StoredCookie[]>;
  sms: Sms;
  logto: Logto;
  /** Told when the scope changes: browsers must carry the new one. */
  onScope(listener: (scope: string) => Promise<void>): void;
  end(): Promise<void>;
}

/** A test may be stopped in a debugger; the mocks end with the run in any case. */
const LEASE_MS = 6 * 60 * 60_000;

const sameSite = (text: string | undefined): StoredCookie['sameSite'] =>
  text?.toLowerCase() === 'none' ? 'None' : text?.toLowerCase() === 'strict' ? 'Strict' : 'Lax';

/** @param options.label name of the test, for the journal */
export async function openWorkbench(options: { lab: LabDescription; label: string }): Promise<Workbench> {
  const { lab, label } = options;
  const control = createControlClient(lab.control, lab.controlToken);
  setPace({ echo: () => control.echo(), factor: lab.slowness });
  const open = async (willArm: FaultName[] = []) =>
    (await control.openScope({ label, willArm, leaseMs: LEASE_MS })).id;
  let scope = await open();
  const scopes = [scope];
  const listeners: ((scope: string) => Promise<void>)[] = [];
  const heard = new Map<string, string>();
  const startedAt = new Date().toISOString();

  const visitor = (person: Person) => createVisitor({ lab, control, scope, person });
  return {
    control,
    get scope() {
      return scope;
    },
    addPerson: (input = { signedIn: true }) => control.addPerson(input),
    visitor,
    async signIn(person) {
      const somebody = visitor(person);
      const result = await somebody.signIn();
      demandSession(result);
      return { visitor: somebody, session: result.session as Session };
    },
    async cookiesOf({ agent }) {
      const cookies = await agent.jar.getCookies(lab.app.origin);
      return cookies.map((cookie) => ({
        name: cookie.key,
        value: cookie.value,
        domain:
          cookie.hostOnly === false && cookie.domain ? `.${cookie.domain}` : new URL(lab.app.origin).hostname,
        path: cookie.path ?? '/',
        expires: cookie.expires instanceof Date ? Math.floor(cookie.expires.getTime() / 1000) : -1,
        httpOnly: cookie.httpOnly,
        secure: cookie.secure,
        sameSite: sameSite(cookie.sameSite),
      }));
    },
    sms: {
      async code({ phone, email }, { waitMs } = {}) {
        const to = wayOf(lab).identifier === 'email' && email ? email : phone;
        const message = await control.waitForMessage(to, { since: heard.get(to) ?? startedAt, waitMs });
        heard.set(to, new Date(Date.parse(message.at) + 1).toISOString());
        if (!message.code) throw new Error(`the message to ${to} holds no code: ${message.body}`);
        return message.code;
      },
      messages: ({ phone }) => control.messages(phone),
    },
    logto: {
      issuer: lab.issuer,
      async arm(...faults) {
        if (faults.some(isExclusive)) {
          // Discovery and keys are fetched by the app's server, for everybody: nobody else may be at it.
          await control.closeScope(scope);
          scope = await open(faults);
          scopes.push(scope);
          for (const listener of listeners) await listener(scope);
        }
        await control.arm(scope, faults);
      },
      elapse: (seconds) => control.advance(scope, seconds),
      change: (person, change) => control.changePerson(person.phone, change),
      journal: async () => (await Promise.all(scopes.map((id) => control.journal({ scope: id })))).flat(),
    },
    onScope: (listener) => void listeners.push(listener),
    end: () => control.closeScope(scope),
  };
}
