/** What the parts of the Logto mock share: one tenant, one provider, and who asks. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import type { AdapterPayload, InteractionResults } from 'oidc-provider';
import type { Clock } from '../clock.ts';
import type { Journal } from '../journal.ts';
import type { Scopes } from '../scope.ts';
import type { SmsConnector } from './connector.ts';
import type { Connectors } from './connectors.ts';
import type { SigningKey, SigningKeyType } from './keys.ts';
import type { SentTally } from './sent.ts';
import type { ScopedExperience } from './sign-in/scoped.ts';
import type { SignInExperience, Tenant } from './tenant.ts';

/** An interaction of oidc-provider: one authorization request that waits for its person. */
export type Interaction = InstanceType<Provider['Interaction']>;

/** Any request whose headers can be read: raw Node, Fastify or Koa. */
export interface HasHeaders {
  headers: Record<string, string | string[] | undefined>;
}

export interface OutgoingMessage {
  /** A phone number (digits only, country code first), or an e-mail address. */
  to: string;
  /** Logto's TemplateType, such as `SignIn` or `Generic`. */
  type: string;
  payload: Record<string, unknown>;
  scope: string | undefined;
  /** Config to send with instead of the stored one (connector test). */
  config?: unknown;
  /** Address of the browser that asked for it; only sign-ins tell it (recordings' README, second set). */
  ip?: string;
}
export type SmsMessage = OutgoingMessage;

/** An e-mail as it left through the connector. */
export interface SentMail extends OutgoingMessage {
  /** What the connector sent, when it went to a service on the net. */
  text: string | undefined;
}

/** Another issuer in the same lab, as faults need it: its name, the app's client there, and its key. */
export interface OtherIssuer {
  issuer: string;
  clientId: string;
  key: SigningKey;
}

export interface LogtoContext {
  readonly tenant: Tenant;
  readonly scopes: Scopes;
  readonly clock: Clock;
  readonly journal: Journal;
  /** Where the mock listens, `http://127.0.0.1:<port>`. */
  readonly origin: string;
  /** Issuer identifier, `<endpoint>/oidc`; the endpoint is the origin unless `publicIssuer` was given. */
  readonly issuer: string;
  /** Logto's ENDPOINT, the issuer without `/oidc`: absolute URLs in answers start with it. */
  readonly endpoint: string;
  /** The running engine; another object after each key rotation, so read it when it is needed. */
  readonly provider: Provider;
  /** The scope of a browser's request (cookie or header), or undefined for a person at the keyboard. */
  scopeOf(request: HasHeaders): string | undefined;
  /**
   * The interaction that Logto's per-client `_interaction` cookie names, or undefined when there is none
   * (no cookie, wrong signature, expired, already used). `Logto-App-Id` or `app_id` choose the client.
   */
  interactionOf(request: IncomingMessage, response: ServerResponse): Promise<Interaction | undefined>;
  /** Whether a request names another client than that of the interaction it carries (recordings 897, 900). */
  namesOtherClient(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  /** Keeps changes made to an interaction's fields (such as `result`) for the rest of its lifetime. */
  saveInteraction(interaction: Interaction): Promise<void>;
  /**
   * Ends the interaction with a result (`{ login: { accountId } }`, `{ consent: … }` or `{ error, error_description }`).
   *
   * @returns where the browser goes next, `<issuer>/auth/<uid>`
   */
  finishInteraction(interaction: Interaction, result: InteractionResults): Promise<string>;
  /** Signs a user in, in a browser that is given the cookies; returns their Set-Cookie lines. */
  openSession(userId: string): Promise<string[]>;
  /** Ends every session, grant and token of a user, as Logto does when one is deleted or suspended. */
  revokeUser(userId: string): Promise<void>;
  /** Whether the sign-in page lists people, to be clicked. */
  readonly shownPeople: boolean;
  /** Sessions or grants that a user has now, oldest first. */
  artifactsOf(model: 'Session' | 'Grant', userId: string): { id: string; payload: AdapterPayload }[];
  /** Connectors of the tenant, for text messages and for e-mail. */
  readonly connectors: Connectors;
  /** What the connectors were asked to send so far. */
  readonly sent: SentTally;
  /** The tenant's sign-in experience, and those of scopes. */
  readonly experience: ScopedExperience;
  /**
   * Changes the sign-in experience as `PATCH /api/sign-in-exp` does; with a scope, for its people alone.
   *
   * @throws LogtoError guard.invalid_input or sign_in_experiences.* (400)
   */
  changeExperience(change: unknown, scope?: string): Promise<SignInExperience>;
  readonly email: {
    /** Sends through the stored e-mail connector, or one that is named; rejects with the connector's own error. */
    send(message: OutgoingMessage, connector?: SmsConnector): Promise<unknown>;
  };
  readonly sms: {
    /** The SMS connector package of this run, whether the tenant stores a connector or not. */
    factory(): SmsConnector | undefined;
    /** The SMS connector that the tenant stores, or undefined when it stores none. */
    connector(): SmsConnector | undefined;
    /** Sends through the connector; rejects with the connector's own error. */
    send(message: SmsMessage, connector?: SmsConnector): Promise<unknown>;
  };
  /** Signing keys, newest first; the first one signs. */
  readonly signingKeys: readonly SigningKey[];
  /** Every key that ever signed: tokens of the Management API outlive rotations, as another issuer signs them at Logto. */
  readonly everyKey: readonly SigningKey[];
  /** Adds a new signing key in front; the one before it stays listed in the JWKS. */
  rotateSigningKey(type: SigningKeyType): Promise<void>;
  /** Takes every key but the signing one out of the JWKS, as deleting them in Logto's console does. */
  retireSigningKeys(): Promise<void>;
}
