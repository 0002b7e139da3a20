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
const { id } = await mocks.client.openScope({ label: 'bench' });
await mocks.client.addPerson({ signedIn: true }, id);
const { TWILIO_ACCOUNT_SID: sid, TWILIO_AUTH_TOKEN: token } = mocks.carrier.credentials() as Record<
  string,
  string
>;
process.stdout.write(
  `READY ${JSON.stringify({ origin: mocks.issuer.origin, carrier: mocks.carrier.origin, cookie: `${SCOPE_COOKIE}=${id}`, sid, token })}\n`,
);
