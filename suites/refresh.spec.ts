/** Refreshing access tokens, for apps that claim to (RFC 6749 §6, RFC 9700 §4.14). */
import { check } from '../harness/check/check.ts';
import { demandSession } from '../harness/check/outcomes.ts';
import { demand } from '../harness/errors.ts';
import { withExpiredToken } from './expired-token.ts';

check({
  id: 'session/refreshes-token',
  title: 'refreshes an access token that has expired',
  clauses: ['rfc6749 §6', 'authjs refresh'],
  level: 'must',
  severity: 'serious',
  needs: ['refresh-token'],
  arms: ['token/expires-in-short'],
  appMust: 'Use the refresh token at the next request, and keep the session.',
  otherwise: 'Calls to APIs fail an hour after the sign-in.',
})(async ({ visitor, control, scope, arm, notApplicable }) => {
  const { browser, refreshes } = await withExpiredToken({ visitor, control, scope, arm, notApplicable });
  const session = await browser.session();
  demand(session, 'Lost the session when the access token expired.');
  demand(
    (await refreshes()).some(({ status }) => status === 200),
    'Did not refresh the access token.',
  );
});

check({
  id: 'session/refreshes-once',
  title: 'refreshes once when several requests come at the same time',
  clauses: ['rfc9700 §4.14', 'authjs refresh'],
  level: 'should',
  severity: 'moderate',
  needs: ['refresh-token'],
  arms: ['token/expires-in-short'],
  appMust: 'Let requests that come together share one refresh.',
  otherwise:
    'Logto sees a refresh token used twice, and revokes the whole grant: the person is signed out at random.',
})(async ({ visitor, control, scope, arm, notApplicable }) => {
  const { browser, refreshes } = await withExpiredToken({ visitor, control, scope, arm, notApplicable });
  const before = (await refreshes()).length;
  await Promise.all([browser.session(), browser.session(), browser.session(), browser.session()]);
  const spent = (await refreshes()).length - before;
  demand(spent <= 1, `Spent its refresh token ${spent} times for requests that came together.`);
  demand(await browser.session(), 'Lost the session.');
});

check({
  id: 'session/refresh-refused',
  title: 'says so, or signs out, when Logto refuses its refresh token',
  clauses: ['rfc6749 §5.2', 'authjs refresh'],
  level: 'must',
  severity: 'serious',
  needs: ['refresh-token'],
  arms: ['token/expires-in-short', 'token/error-invalid-grant'],
  appMust: 'End the session, or put an error into it, when the refresh is refused.',
  otherwise: 'The app looks signed in, and every call to an API fails.',
})(async ({ visitor, control, scope, arm, notApplicable }) => {
  const { browser } = await withExpiredToken({ visitor, control, scope, arm, notApplicable });
  await arm('token/error-invalid-grant');
  const session = await browser.session();
  await arm();
  demand(!session || 'error' in session, 'Shows a healthy session though its refresh token was refused.');
});

check({
  id: 'callback/refreshing-app-signs-in',
  title: 'signs people in again after a refused refresh',
  clauses: ['rfc6749 §6'],
  level: 'must',
  severity: 'serious',
  needs: ['refresh-token'],
  arms: ['token/expires-in-short', 'token/error-invalid-grant'],
  appMust: 'Start over with a new sign-in after a refused refresh.',
  otherwise: 'A revoked grant locks the person out until they clear their cookies.',
})(async ({ visitor, control, scope, arm, notApplicable }) => {
  const { browser } = await withExpiredToken({ visitor, control, scope, arm, notApplicable });
  await arm('token/error-invalid-grant');
  await browser.session();
  await arm();
  const signIn = await browser.signIn();
  demandSession(signIn);
  demand(!('error' in (signIn.session ?? {})), 'Kept the error of the refused refresh after a new sign-in.');
});
