/** What the app's own output must never hold. */
import { type CheckFixtures, check, type LabFixtures, test } from '../harness/check/check.ts';
import { demandSession } from '../harness/check/outcomes.ts';
import { type Output, watchOutput } from '../harness/check/output.ts';
import { witness } from '../harness/check/witness.ts';
import { demand } from '../harness/errors.ts';
import { somebodyWithPhone } from '../harness/visitor/own-otp.ts';
import type { FaultName } from '../mocks/faults.ts';
import type { Exchange } from '../mocks/journal.ts';
import { fingerprint } from '../mocks/redact.ts';

// They judge the same sign-ins.
test.describe.configure({ mode: 'default' });

/** An exclusive lease keeps other checks away, so that whatever is written meanwhile was caused here. */
const ALONE: FaultName[] = ['token/error-invalid-grant', 'discovery/status-500'];

/** Before a real issuer the browser brings a code that Logto never gave out: its token endpoint refuses that, too. */
const IN_BROWSER: FaultName[] = ['authorization/code-wrong'];

type Body = Pick<
  CheckFixtures & LabFixtures,
  'visitor' | 'control' | 'arm' | 'somebody' | 'lab' | 'meta' | 'step' | 'scope'
>;

/** Six hex digits of the journal for each token that Logto answered with, as secrets are never handed out. */
const tokensIn = (exchanges: readonly Exchange[]): Set<string> =>
  new Set(
    exchanges
      .flatMap(({ response: { body } }) =>
        Object.values(typeof body === 'object' && body !== null ? body : {}),
      )
      .flatMap((value) => /^‹(?:access|refresh|ID) token #(\w{6})›$/.exec(String(value))?.[1] ?? []),
  );

/** One good sign-in, and three that fail at the start, at Logto and at the exchange, what they held, and everything the app wrote meanwhile. */
const signedInTwice = witness(async ({ visitor, control, arm, somebody, lab, scope }: Body) => {
  const output = await watchOutput(control);
  const known = await somebody({ registered: true, ...(!lab.live && { name: 'Ada' }) });
  const good = await visitor(known);
  const signIn = await good.signIn();
  demandSession(signIn);
  await arm(...(lab.live ? IN_BROWSER : (['token/error-invalid-grant'] as const)));
  const bad = await visitor(undefined, { known: Boolean(lab.live) });
  const callback = await bad.authorize((await bad.startSignIn()).url);
  await bad.arrive(callback);
  await arm();
  if (!lab.live) {
    // It may fail before it leaves the app; next-auth 4.10.1 then logged the whole provider (GHSA-p6mm-27gq-9v3p).
    await arm('discovery/status-500');
    await (await visitor()).postSignIn();
    await arm();
  }
  // Logto may refuse before there is a code.
  const refused = await visitor();
  const { params } = await refused.startSignIn();
  const state = params.get('state');
  await refused.arrive(
    new URL(
      `${lab.app.callbackUrl}?${new URLSearchParams({ error: 'access_denied', iss: lab.issuer, ...(state && { state }) })}`,
    ),
  );
  const messages = await control.messages(good.person.phone);
  return {
    callbacks: [signIn.callback, callback],
    people: [good.person, bad.person],
    messages,
    tokens: tokensIn(lab.live ? [] : await control.journal({ scope, endpoint: 'token' })),
    ...(await output()),
  };
});

check({
  id: 'logs/code',
  title: 'writes no authorization code into its log',
  clauses: ['owasp logging', 'rfc9700 §4.3'],
  level: 'must',
  severity: 'moderate',
  needs: ['log'],
  arms: ALONE,
  instead: IN_BROWSER,
  uses: ['people'],
  appMust: 'Keep authorization codes out of its log, when a sign-in fails, too.',
  otherwise: 'Whoever reads the log can race the app for the tokens of its people.',
  fix: 'Do not log callback URLs; switch debug off in production.',
})(async ({ visitor, control, arm, somebody, lab, meta, step, scope }) =>
  signedInTwice(
    { visitor, control, arm, somebody, lab, meta, step, scope },
    ({ callbacks, text, demandWhole }) => {
      const codes = callbacks.map((url) => url.searchParams.get('code') ?? '').filter(Boolean);
      demand(!codes.some((code) => text.includes(code)), 'Wrote an authorization code into its log.');
      demandWhole();
    },
  ),
);

check({
  id: 'logs/token',
  title: 'writes no token into its log',
  clauses: ['asvs 16.2.5', 'owasp logging'],
  level: 'must',
  severity: 'serious',
  needs: ['log'],
  arms: ALONE,
  instead: IN_BROWSER,
  uses: ['people'],
  appMust: 'Keep ID, access and refresh tokens and session cookies out of its log.',
  otherwise: 'Whoever reads the log can act as its people.',
  fix: 'Do not log account, tokens or headers; switch debug off in production.',
})(async ({ visitor, control, arm, somebody, lab, meta, step, scope, notApplicable }) => {
  await signedInTwice(
    { visitor, control, arm, somebody, lab, meta, step, scope },
    ({ tokens, text, demandWhole }) => {
      const words = new Set(text.match(/[\w.~+/-]{20,}/g));
      demand(
        ![...words].some((word) => tokens.has(fingerprint(word))),
        'Wrote a token of Logto into its log, as it was.',
      );
      demand(!/eyJ[\w-]{8,}\.eyJ[\w-]+\.[\w-]*/.test(text), 'Wrote an ID token into its log.');
      demand(
        !/(access_token|refresh_token)["']?\s*[:=]\s*["']?[\w.~-]{20,}/i.test(text),
        'Wrote an access or refresh token into its log.',
      );
      demand(!/session-token(?:\.\d+)?=[\w.%-]{20,}/.test(text), 'Wrote a session cookie into its log.');
      demandWhole();
    },
  );
  if (lab.live)
    notApplicable(
      'nothing in its log has the name or the shape of a token; opaque ones are known to Logto alone',
    );
});

check({
  id: 'logs/client-secret',
  title: 'writes no client secret into its log',
  clauses: ['owasp logging', 'rfc6749 §2.3.1'],
  level: 'must',
  severity: 'critical',
  needs: ['log'],
  arms: ALONE,
  instead: IN_BROWSER,
  uses: ['people'],
  appMust: 'Keep its client secret out of its log, in any encoding.',
  otherwise: 'Whoever reads the log can act as the app.',
})(async ({ visitor, control, arm, somebody, lab, meta, step, scope }) =>
  signedInTwice({ visitor, control, arm, somebody, lab, meta, step, scope }, ({ text, demandWhole }) => {
    const { clientId, clientSecret } = lab.config.target;
    const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
    demand(
      ![clientSecret, encodeURIComponent(clientSecret), basic].some((form) => text.includes(form)),
      'Wrote its client secret into its log.',
    );
    demandWhole();
  }),
);

check({
  id: 'logs/one-time-code',
  title: 'writes no one-time code into its log',
  clauses: ['asvs 16.2.5', 'owasp logging'],
  level: 'must',
  severity: 'serious',
  needs: ['log'],
  arms: ALONE,
  instead: IN_BROWSER,
  uses: ['people'],
  appMust: 'Keep one-time codes out of its log.',
  otherwise: 'Whoever reads the log can sign in with codes that are still good.',
})(async ({ visitor, control, arm, somebody, lab, meta, step, scope }) => {
  const demandNone = (codes: readonly string[], { text, demandWhole }: Output) => {
    demand(
      !codes.some((code) => new RegExp(`(?<!\\w)${code}(?!\\w)`).test(text)),
      'Wrote a one-time code into its log.',
    );
    demandWhole();
  };
  await signedInTwice(
    { visitor, control, arm, somebody, lab, meta, step, scope },
    ({ messages, ...output }) =>
      demandNone(
        messages.flatMap(({ code }) => code ?? []),
        output,
      ),
  );
  if (!lab.config.features.includes('own-otp')) return;
  const output = await watchOutput(control);
  const { otp } = await somebodyWithPhone({ lab, control, scope, visitor });
  // An app that sends no code is the matter of phone-otp/own-signs-in.
  const code = await otp.code().catch(() => '');
  await otp.verify(code);
  demandNone(code ? [code] : [], await output());
});

check({
  id: 'logs/phone',
  title: 'writes no whole phone number into its log',
  clauses: ['owasp logging'],
  level: 'should',
  severity: 'moderate',
  needs: ['log'],
  arms: ALONE,
  instead: IN_BROWSER,
  uses: ['people'],
  appMust: 'Keep phone numbers out of its log, or hide all but their last digits.',
  otherwise: 'The log is personal data, and a list of numbers for whoever finds it.',
})(async ({ visitor, control, arm, somebody, lab, meta, step, scope }) =>
  signedInTwice(
    { visitor, control, arm, somebody, lab, meta, step, scope },
    ({ people, text, demandWhole }) => {
      demand(
        !people.some(({ phone }) => text.includes(phone.replace(/\D/g, ''))),
        'Wrote a phone number into its log.',
      );
      demandWhole();
    },
  ),
);
