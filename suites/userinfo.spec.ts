/** What the app does with userinfo, for apps that read the profile there (OpenID Connect Core 1.0 §5.3). */
import { check } from '../harness/check/check.ts';
import { accepted, demandSession, refused, refusedWithPage } from '../harness/check/outcomes.ts';
import { demand } from '../harness/errors.ts';

check({
  id: 'id-token/userinfo-asked',
  title: 'asks userinfo with its access token in the Authorization header',
  clauses: ['oidc-core §5.3.1'],
  level: 'must',
  severity: 'serious',
  uses: ['server-requests'],
  needs: ['userinfo'],
  judgesClaim: true,
  appMust: 'Send the access token as a bearer token in the header, never in the address.',
  otherwise: 'The app shows no profile, or leaks access tokens into the logs of proxies.',
})(async ({ visitor, control, scope }) => {
  demandSession(await (await visitor()).signIn());
  const [asked] = await control.journal({ scope, endpoint: 'userinfo' });
  demand(asked, 'Never asked userinfo, though it claims the feature userinfo.');
  demand(asked.status === 200, `Got ${asked.status} from userinfo.`);
  demand(!asked.url.includes('access_token='), 'Sent its access token in the address.');
  demand('authorization' in asked.request.headers, 'Sent its access token elsewhere than in the header.');
});

check({
  id: 'id-token/userinfo-sub-differs',
  title: 'refuses a profile of another person than the ID token names',
  clauses: ['oidc-core §5.3.2', 'oidc-core §5.3.4', 'oidc-core §16.11'],
  level: 'must',
  severity: 'critical',
  fault: 'userinfo/sub-differs',
  needs: ['userinfo'],
  appMust: 'End on an error page and hold no session.',
  otherwise: 'An access token that was swapped signs in somebody else.',
})(refused);

check({
  id: 'id-token/userinfo-sub-missing',
  title: 'refuses a profile that names nobody',
  clauses: ['oidc-core §5.3.2'],
  level: 'must',
  severity: 'serious',
  fault: 'userinfo/sub-missing',
  needs: ['userinfo'],
  appMust: 'End on an error page and hold no session.',
  otherwise: 'A profile of anybody is taken for that of the person.',
})(refused);

check({
  id: 'id-token/userinfo-500',
  title: 'survives a userinfo endpoint that fails',
  clauses: ['oidc-core §5.3.2'],
  level: 'must',
  severity: 'moderate',
  fault: 'userinfo/status-500',
  needs: ['userinfo'],
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'An outage of Logto leaves people with a blank page, or signed in as nobody.',
})(refusedWithPage);

check({
  id: 'id-token/userinfo-401',
  title: 'survives a refused access token at userinfo',
  clauses: ['oidc-core §5.3.2'],
  level: 'must',
  severity: 'moderate',
  fault: 'userinfo/status-401',
  needs: ['userinfo'],
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'The error of Logto is taken for a profile.',
})(refusedWithPage);

check({
  id: 'id-token/userinfo-html',
  title: 'survives a userinfo endpoint that answers with a page',
  clauses: ['oidc-core §5.3.2'],
  level: 'must',
  severity: 'moderate',
  fault: 'userinfo/html',
  needs: ['userinfo'],
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'A page of a proxy is taken for a profile.',
})(refusedWithPage);

check({
  id: 'id-token/userinfo-empty',
  title: 'survives an empty userinfo answer',
  clauses: ['oidc-core §5.3.2'],
  level: 'must',
  severity: 'moderate',
  fault: 'userinfo/empty',
  needs: ['userinfo'],
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'A person without any profile is signed in.',
})(refusedWithPage);

check({
  id: 'id-token/userinfo-null',
  title: 'survives a userinfo answer that is null',
  clauses: ['oidc-core §5.3.2'],
  level: 'must',
  severity: 'moderate',
  fault: 'userinfo/json-null',
  needs: ['userinfo'],
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'A person without any profile is signed in.',
})(refusedWithPage);

check({
  id: 'id-token/userinfo-reset',
  title: 'survives a userinfo endpoint that breaks the connection',
  clauses: ['oidc-core §5.3.2'],
  level: 'must',
  severity: 'moderate',
  fault: 'transport/userinfo-reset',
  needs: ['userinfo'],
  appMust: 'Show an error page, hold no session, and work again afterwards.',
  otherwise: 'An outage of Logto leaves people with a blank page.',
})(refusedWithPage);

check({
  id: 'id-token/userinfo-slow',
  title: 'waits for a userinfo endpoint that is slow',
  clauses: ['oidc-core §5.3.2'],
  level: 'should',
  severity: 'moderate',
  fault: 'transport/userinfo-slow',
  needs: ['userinfo'],
  appMust: 'Sign the person in all the same.',
  otherwise: 'People cannot sign in while Logto is busy.',
})(accepted);
