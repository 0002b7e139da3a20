/**
 * A second issuer beside the first: another tenant of Logto on another origin, with people, clients and keys of its own. It
 * shares scopes, clock and journal, so that a check sees both; what it is told to do wrong is armed apart.
 */
import { journalOfSecond } from './journal.ts';
import type { OtherIssuer } from './logto/context.ts';
import { type ApplicationInput, type LogtoMock, type LogtoOptions, startLogto } from './logto/server.ts';

export interface SecondOptions extends Pick<LogtoOptions, 'publicIssuer' | 'users'> {
  /** Clients; the first is the app. With `publicIssuer`, the issuer has that identifier as it is (`https://accounts.google.com`). */
  applications?: ApplicationInput[];
}

/** Starts the second issuer; `shared` is what it has in common with the first. */
export const startSecond = (
  { applications, publicIssuer, users }: SecondOptions,
  shared: Omit<LogtoOptions, 'applications'>,
): Promise<LogtoMock> =>
  startLogto({
    ...shared,
    journal: journalOfSecond(shared.journal),
    scopes: shared.scopes.ofSecond(),
    applications,
    publicIssuer,
    otherKind: publicIssuer !== undefined,
    users,
  });

/** An issuer as the other one's faults need it. */
export const otherIssuer = (
  { issuer, context }: LogtoMock,
  applications: readonly ApplicationInput[] = [],
): OtherIssuer => ({
  issuer,
  clientId: applications[0]?.id ?? 'unknown-client',
  key: context.signingKeys[0] as OtherIssuer['key'],
});
