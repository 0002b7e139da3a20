/** The mocks of this repository as a server of the comparison (peer-servers.ts): one app, one person whom Logto knows. */
import { startMocks } from '../../../mocks/index.ts';
import { SCOPE_COOKIE } from '../../../mocks/scope.ts';

const mocks = await startMocks({
  applications: [
    {
      id: 'bench',
      secret: 'bench-secret-0000000000000000000001',
      redirectUris: ['http://localhost:9/callback'],
    },
  ],
});
/** Browsers that Logto knows, one for each request at once: each has a scope of its own, and a session there. */
const cookies = await Promise.all(
  Array.from({ length: 8 }, async () => {
    const { id } = await mocks.client.openScope({ label: 'bench' });
    const person = await mocks.client.addPerson({ signedIn: true }, id);
    return [`${SCOPE_COOKIE}=${id}`, ...(person.cookies ?? []).map((line) => line.split(';')[0])].join('&');
  }),
);
const account = mocks.carrier.credentials() as Record<string, string>;
process.stdout.write(
  `READY ${JSON.stringify({
    origin: mocks.issuer.origin,
    carrier: mocks.carrier.origin,
    cookies: cookies.join(' '),
    sid: account.TWILIO_ACCOUNT_SID,
    token: account.TWILIO_AUTH_TOKEN,
    service: account.TWILIO_MESSAGING_SERVICE_SID,
  })}\n`,
);
