/** Sign-in experiences of Logto, as an app meets them: whoever gets in, and whatever is known of them. */
import { type CheckDeclaration, check } from '../harness/check/check.ts';
import { round } from '../harness/check/experience/round.ts';
import { roundInBrowser } from '../harness/check/experience/round-in-browser.ts';
import { showsNoEmptyWords, showsOnly } from '../harness/check/experience/shown.ts';
import { type PresetName, presetNames } from '../mocks/logto/sign-in/presets.ts';

const around = {
  clauses: ['logto sign-in experience', 'oidc-core §5.7'],
  level: 'must',
  severity: 'critical',
  uses: ['sign-in-experience', 'people', 'profiles'],
  appMust:
    'End each sign-in that Logto lets through with a session of the same person, and end that at the sign-out.',
  otherwise:
    'People whom the tenant lets in, or lets come back, are locked out of the app, or are somebody else in it.',
} satisfies Partial<CheckDeclaration>;

check({
  ...around,
  id: 'experience/configured',
  title:
    'takes a person through registration, sign-out, sign-in and recovery in the sign-in experience of the run',
})(async ({ lab, meet, step, visitor, somebody, control }) =>
  round()({ lab, meet, step, visitor, somebody, control }),
);

const inChromium = {
  ...around,
  clauses: [...around.clauses, 'logto next-auth'],
  needs: ['browser'],
  appMust:
    'Lead to Logto by its sign-in button and take people back from there, whatever pages they passed; sign them out by its button.',
} satisfies Partial<CheckDeclaration>;

check({
  ...inChromium,
  id: 'experience/configured-in-browser',
  preset: 'configured',
  title: "takes a person through the sign-in experience of the run in a real browser, on Logto's own pages",
})(async ({ lab, meet, step, somebody, control, scope, evidence }, info) =>
  roundInBrowser({ lab, meet, step, somebody, control, scope, evidence }, info),
);

const TITLES: Record<PresetName, string> = {
  'phone-code': 'who come by phone and code',
  'phone-or-email-code': 'who come by phone or by e-mail, with a code',
  'phone-code-and-password': 'who come by phone, with a code or their password',
  'username-password': 'who come by username and password',
  'email-code': 'who come by e-mail and code',
  'sign-in-only': 'in a tenant in which nobody can sign up',
};

for (const preset of presetNames) {
  check({
    ...around,
    id: `experience/${preset}`,
    preset,
    title: `takes people through registration, sign-out, sign-in and recovery ${TITLES[preset]}`,
  })(async ({ lab, meet, step, visitor, somebody, control }) =>
    round(preset)({ lab, meet, step, visitor, somebody, control }),
  );

  check({
    ...inChromium,
    id: `experience/${preset}-in-browser`,
    preset,
    title: `takes people through it in a real browser ${TITLES[preset]}`,
  })(async ({ lab, meet, step, somebody, control, scope, evidence }, info) =>
    roundInBrowser({ lab, meet, step, somebody, control, scope, evidence }, info, preset),
  );
}

for (const [identifier, words] of [
  ['phone', 'a phone number'],
  ['email', 'an e-mail address'],
  ['username', 'a username'],
] as const) {
  check({
    id: `experience/${identifier}-only`,
    title: `shows of somebody who has ${words} alone what Logto says, and nothing else`,
    clauses: ['logto sign-in experience', 'oidc-core §5.1', 'oidc-core §5.3.2'],
    level: 'must',
    severity: 'serious',
    uses: ['sign-in-experience', 'sign-up', 'profiles'],
    appMust: `Sign people in who signed up with ${words} alone; fill each field of the session from the claims that are declared for it, leave it out, or show words of its own for a name, of which nothing is the person’s.`,
    otherwise:
      'They cannot get in, or are shown invented names and addresses, by which others may find and take their accounts.',
  })(async ({ lab, meet, visitor, somebody, notApplicable, step }) =>
    showsOnly(identifier)({ lab, meet, visitor, somebody, notApplicable, step }),
  );
}

check({
  id: 'experience/no-empty-words',
  title: 'shows no "undefined" and no "null" to people who lack a name, an address or a picture',
  clauses: ['logto sign-in experience', 'oidc-core §5.1'],
  level: 'should',
  severity: 'minor',
  uses: ['sign-in-experience', 'sign-up', 'profiles'],
  appMust: 'Leave out, or replace by words of its own, what it does not know of a person.',
  otherwise: 'People who signed up by phone are greeted as "undefined".',
})(async ({ lab, meet, visitor, somebody, notApplicable, step }) =>
  showsNoEmptyWords({ lab, meet, visitor, somebody, notApplicable, step }),
);
