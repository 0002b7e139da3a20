/** Sign-in by mail beside Logto: the link goes to one whole address, and to nobody else. */
import { check } from '../harness/check/check.ts';
import { demand } from '../harness/errors.ts';
import type { Visitor } from '../harness/visitor/visitor.ts';

/** Addresses under reserved names (RFC 2606) that a mail library reads otherwise than a simple pattern does. */
const ODD = {
  'a quoted address': '"eve@evil.example"@orchard.example',
  'an address with a second @ after normalisation': 'eve@evil.example＠orchard.example',
};

/** Whether the app says that a mail is on its way: Auth.js then leads to its page, or to pages.verifyRequest. */
async function isSent(guest: Visitor, provider: string, email: string): Promise<boolean> {
  const csrfToken = await guest.csrfToken();
  const { location, status } = await guest.agent.hop(guest.at(`/signin/${provider}`), {
    method: 'POST',
    form: { ...(csrfToken && { csrfToken }), callbackUrl: `${new URL(guest.at('/')).origin}/`, email },
  });
  return status < 400 && Boolean(location) && !location?.searchParams.has('error');
}

check({
  id: 'ways-in/mail-address',
  title: 'sends no sign-in link for what is not one whole address',
  clauses: ['authjs providers', 'asvs 2.2.1'],
  level: 'must',
  severity: 'critical',
  signIn: 'none',
  appMust: 'Normalise an address first and judge it then; take nothing but one whole address.',
  otherwise:
    'The link for an address of one domain reaches somebody at another, who is signed in as its owner.',
  fix: 'Update {library}: @auth/core 0.41.3, next-auth 4.24.15 (GHSA-7rqj-j65f-68wh, GHSA-5jpx-9hw9-2fx4).',
})(async ({ visitor, lab, step, notApplicable }) => {
  const providers = (lab.app.others ?? []).filter(({ type }) => type === 'email');
  if (providers.length === 0) notApplicable('the app has no provider that sends mail');
  const guest = await visitor();
  let sending = 0;
  for (const { id, name } of providers) {
    // Where no ordinary address is taken, a refusal says nothing.
    if (!(await step('control', () => isSent(guest, id, 'ada@orchard.example')))) continue;
    sending += 1;
    await step('fault', async () => {
      for (const [what, email] of Object.entries(ODD))
        demand(!(await isSent(guest, id, email)), `Took ${what} for one that ${name} sends a link to.`);
    });
  }
  if (sending === 0) notApplicable('no provider sends mail to an ordinary address');
});
