/** Typed client of the control server; the only way that checks steer the mocks. */
import { type Dispatcher, request } from 'undici';
import type { Exchange, JournalQuery } from './journal.ts';
import type { AccessTokenInput } from './logto/access-tokens.ts';
import type { PresetName } from './logto/sign-in/presets.ts';
import type { SignInExperience } from './logto/tenant.ts';
import type { ArmedFault } from './occasions.ts';
import type { Person, PersonChange, PersonInput } from './people.ts';
import type { HealthAtClose, OpenOptions, ScopeState } from './scope.ts';
import type { InboxMessage, TwilioCredentials } from './twilio/server.ts';

export interface ApplicationChange {
  secret?: string;
  redirectUris?: string[];
  postLogoutRedirectUris?: string[];
  backchannelLogoutUri?: string;
  customClientMetadata?: Record<string, unknown>;
}

export interface ControlClient {
  origin: string;
  state(): Promise<{
    issuer: string;
    issuerOrigin: string;
    carrierOrigin: string;
    /** Account SID, auth token, Messaging Service SID and Verify Service SID, by the names of Twilio's guides. */
    twilio: TwilioCredentials;
    journal: number;
  }>;
  /** Answers at once; how long that takes tells how slow this machine is. */
  echo(): Promise<void>;
  openScope(options?: OpenOptions): Promise<ScopeState>;
  /** @param health what is known of the app by now */
  closeScope(id: string, health?: HealthAtClose): Promise<void>;
  /**
   * Arms exactly these faults in a scope; an empty list heals the mocks. `{ fault, from, times }` is met at some answers of
   * its stage only: the next one, unless said otherwise.
   */
  arm(scope: string, faults: readonly ArmedFault[]): Promise<void>;
  /** Moves the clock of a scope forward by seconds. */
  advance(scope: string, seconds: number): Promise<void>;
  journal(query?: JournalQuery & { waitMs?: number }): Promise<Exchange[]>;
  /** @param scope holds the person as long as it is open, where people are few (a real tenant) */
  addPerson(person?: PersonInput, scope?: string): Promise<Person>;
  changePerson(phone: string, change: PersonChange): Promise<Person>;
  /** Gives a person another phone number, as the Account API does (default: one that nobody has). */
  changePhone(phone: string, to?: string): Promise<Person>;
  /** A number that nobody has. */
  sparePhone(): Promise<string>;
  /** User id of whoever has a number at Logto, or null. */
  userIdOf(phone: string): Promise<string | null>;
  /** Deletes the account of a person at Logto. */
  removePerson(phone: string): Promise<void>;
  putApplication(id: string, change: ApplicationChange): Promise<void>;
  /** An access token for an API resource, as asked for. */
  accessToken(wanted: AccessTokenInput): Promise<string>;
  /** The second issuer, where there is one. */
  second: {
    /** Arms exactly these faults at it in a scope. */
    arm(scope: string, faults: readonly ArmedFault[]): Promise<void>;
    /** @param person with `id`, somebody who is registered has this user id */
    addPerson(person?: PersonInput): Promise<Person>;
    putApplication(id: string, change: ApplicationChange): Promise<void>;
  };
  /** Lets people of a scope meet another sign-in experience; the scope's end ends it. */
  setSignInExperience(scope: string, change: PresetName | Record<string, unknown>): Promise<SignInExperience>;
  changeSignInExperience(change: Record<string, unknown>): Promise<void>;
  rotateSigningKey(type: 'EC' | 'RSA'): Promise<void>;
  /** Takes every key but the signing one out of the JWKS. */
  retireSigningKeys(): Promise<void>;
  /** Sends Logto's connector test message (Generic template, code 000000). */
  testConnector(scope: string, phone: string): Promise<void>;
  /**
   * The first message to a number since a time (ISO 8601), as soon as it arrives.
   * @param options.since default: the beginning, so that a second call gives the same message again; take the time before
   * whatever sends the next one
   * @throws Error after `waitMs` (default 5000), naming what did arrive
   */
  waitForMessage(to: string, options?: { since?: string; waitMs?: number }): Promise<InboxMessage>;
  messages(to: string): Promise<InboxMessage[]>;
  reset(): Promise<void>;
  /**
   * What several routes answer to GET, in one request.
   * @returns for each path its answer, or the error that `call` would have thrown
   */
  several(paths: readonly string[]): Promise<(unknown | Error)[]>;
  /** Any other route of the control server. */
  call<Answer>(method: string, path: string, body?: unknown): Promise<Answer>;
}

/**
 * @param origin origin of the control server, such as `http://127.0.0.1:40123`
 * @param token the token of its run, without which it changes nothing
 */
export function createControlClient(origin: string, token?: string): ControlClient {
  async function call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    // Thousands of calls in a run: `request` of undici takes half the time of `fetch`.
    const response = await request(new URL(path, origin), {
      method: method as Dispatcher.HttpMethod,
      headers: {
        ...(token && { 'x-conformance-token': token }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      // A lease may be waited for, and the certification of a connector.
      headersTimeout: 0,
    });
    const answer = (await response.body.json()) as Answer & { message?: string };
    if (response.statusCode >= 300) {
      throw new Error(answer.message ?? `${method} ${path} answered ${response.statusCode}`);
    }
    return answer;
  }
  const query = (values: object) =>
    new URLSearchParams(
      Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
    );

  return {
    origin,
    call,
    several: async (paths) => {
      const answers = await call<{ status: number; body: { message?: string } }[]>('POST', '/several', paths);
      return answers.map(({ status, body }, index) =>
        status < 300 ? body : new Error(body?.message ?? `GET ${paths[index]} answered ${status}`),
      );
    },
    state: () => call('GET', '/state'),
    echo: async () => void (await call('GET', '/echo')),
    openScope: (options = {}) => call('POST', '/scopes', options),
    closeScope: async (id, health) => void (await call('DELETE', `/scopes/${id}?${query({ health })}`)),
    arm: async (scope, faults) => void (await call('PUT', `/scopes/${scope}/faults`, faults)),
    advance: async (scope, seconds) => void (await call('POST', `/scopes/${scope}/clock`, { seconds })),
    journal: (wanted = {}) => call('GET', `/journal?${query(wanted)}`),
    addPerson: (person = {}, scope) => call('POST', `/people?${query({ scope })}`, person),
    changePerson: (phone, change) => call('PATCH', `/people/${encodeURIComponent(phone)}`, change),
    changePhone: (phone, to) => call('PUT', `/people/${encodeURIComponent(phone)}/phone`, { to }),
    sparePhone: async () => (await call<{ phone: string }>('POST', '/people/spare-phone')).phone,
    userIdOf: async (phone) =>
      (await call<{ userId: string | null }>('GET', `/people/${encodeURIComponent(phone)}`)).userId,
    removePerson: async (phone) => void (await call('DELETE', `/people/${encodeURIComponent(phone)}`)),
    putApplication: async (id, change) => void (await call('PUT', `/applications/${id}`, change)),
    accessToken: async (wanted) => (await call<{ token: string }>('POST', '/access-tokens', wanted)).token,
    second: {
      arm: async (scope, faults) => void (await call('PUT', `/second/scopes/${scope}/faults`, faults)),
      addPerson: (person = {}) => call('POST', '/second/people', person),
      putApplication: async (id, change) => void (await call('PUT', `/second/applications/${id}`, change)),
    },
    setSignInExperience: (scope, signInExperience) =>
      call('PUT', `/scopes/${scope}/sign-in-experience`, { signInExperience }),
    changeSignInExperience: async (change) => void (await call('PATCH', '/sign-in-experience', change)),
    rotateSigningKey: async (type) => void (await call('POST', `/keys/rotate/${type}`)),
    retireSigningKeys: async () => void (await call('POST', '/keys/retire')),
    testConnector: async (scope, phone) =>
      void (await call('POST', `/scopes/${scope}/connector-test`, { phone })),
    waitForMessage: (to, options = {}) => call('GET', `/inbox?${query({ to, ...options })}`),
    messages: (to) => call('GET', `/inbox/messages?${query({ to })}`),
    reset: async () => void (await call('POST', '/reset')),
  };
}
