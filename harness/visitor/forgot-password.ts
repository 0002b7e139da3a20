/** Logto's forgotten password by phone: code, new password, done (facts: logto.md §3, recordings 384–392). */
import { randomBytes } from 'node:crypto';
import { Blocked, demand } from '../errors.ts';
import { saidBy } from '../logto/answers.ts';
import type { Visitor } from './visitor.ts';

/**
 * Chooses a new password for a registered person, within an authorization request that was begun.
 *
 * @param url the authorization request
 * @returns the new password
 */
export async function chooseNewPassword(visitor: Visitor, url: URL): Promise<string> {
  const { experience, real } = visitor;
  /** A real tenant may allow no forgotten passwords, or no new one: that says nothing of the app. */
  const demandOfLogto = (isGood: boolean, what: string) => {
    if (real && !isGood)
      throw new Blocked(
        `The tenant lets nobody choose a new password by phone (forgotPasswordMethods): ${what}`,
      );
    demand(isGood, what);
  };
  await visitor.openIssuer(url);
  await experience.begin('ForgotPassword');
  const sent = await experience.sendCode('ForgotPassword');
  demandOfLogto(sent.status === 200, `Got no code for a forgotten password: Logto answered ${sent.status}.`);
  const { code } = await experience.message();
  demandOfLogto(
    (await experience.verify(code ?? '')).status === 200,
    'Was refused at Logto with the right code.',
  );
  demandOfLogto((await experience.identify()).status === 204, 'Was not identified at Logto.');
  const password = `Aa1!${randomBytes(12).toString('base64url')}`;
  const chosen = await experience.call('PUT', '/profile/password', { password });
  // A fresh tenant asks a service on the net about leaked passwords: out of its reach, each new one is a 500.
  if (real && chosen.status !== 204)
    throw new Blocked(
      `The tenant took no new password (${saidBy(chosen).text}): look at its password policy; passwordPolicy.rejects.pwned needs the net.`,
    );
  demand(chosen.status === 204, `Could not choose a new password: Logto answered ${chosen.status}.`);
  await experience.call('POST', '/submit');
  return password;
}
