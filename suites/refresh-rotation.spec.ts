/** Refresh tokens that rotate, and ID tokens that come with a refresh (RFC 6749 §6, OpenID Connect Core 1.0 §12.2). */

import { check } from '../harness/check/check.ts';
import { doorsShownTo } from '../harness/check/doors/closed-again.ts';
import { newMember } from '../harness/check/doors/walk-around.ts';
import { demand } from '../harness/errors.ts';
import { demandEnded, onceRefreshed, untilExpiry, withExpiredToken } from './expired-token.ts';

check({
  id: 'session/refresh-token-refused-later',
  title: 'says so, or signs out, when the rotated refresh token is refused',
  clauses: ['rfc6749 §5.2', 'authjs refresh'],
  level: 'must',
  severity: 'serious',
  arms: ['token/expires-in-short', 'token/refresh-token-rotated-away'],
  needs: ['refresh-token'],
  appMust: 'End the session, or put an error into it, when the next refresh is refused.',
  otherwise: 'The app looks signed in, and every call to an API fails.',
})(async ({ visitor, somebody, control, scope, arm, notApplicable, lab }) => {
  const body = { visitor, control, scope, arm, notApplicable };
  const needs = { visitor, somebody, lab };
  const doors = await doorsShownTo(await newMember(needs), needs);
  const { browser, refreshes } = await withExpiredToken(body);
  await body.arm('token/expires-in-short', 'token/refresh-token-rotated-away');
  demand(
    await onceRefreshed(() => browser.session(), refreshes),
    'Lost the session when the access token expired.',
  );
  await body.arm();
  demand((await refreshes()).length > 0, 'Did not refresh the access token.');
  await untilExpiry();
  await demandEnded(browser, doors, needs, refreshes);
});

check({
  id: 'session/refreshed-as-another',
  title: 'takes no ID token of another person at a refresh',
  clauses: ['oidc-core §12.2'],
  level: 'must',
  severity: 'critical',
  arms: ['token/expires-in-short', 'id-token/of-somebody-else'],
  needs: ['refresh-token'],
  appMust: 'Keep the person of the sign-in, or end the session.',
  otherwise: 'A refresh turns one person into another.',
})(async ({ visitor, control, scope, arm, notApplicable }) => {
  const body = { visitor, control, scope, arm, notApplicable };
  const { browser } = await withExpiredToken(body);
  await body.arm('id-token/of-somebody-else');
  const session = await browser.session();
  await body.arm();
  const after = await browser.session();
  for (const each of [session, after])
    demand(!each || !JSON.stringify(each).includes('Somebody Else'), 'Became another person at a refresh.');
});
