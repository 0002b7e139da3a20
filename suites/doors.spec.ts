/** Doors: what members see and strangers do not, asked for in every way that has opened one somewhere. */
import { check, test } from '../harness/check/check.ts';
import { approaches } from '../harness/check/doors/approaches/index.ts';
import { askAll, demandClosed } from '../harness/check/doors/ask-again.ts';
import { tellsNoInside } from '../harness/check/doors/broken-bodies.ts';
import { changedByNobodyElse } from '../harness/check/doors/changed-by-others.ts';
import { plant } from '../harness/check/doors/closed-again.ts';
import { crashesAtNone, showsNoStack } from '../harness/check/doors/crashes.ts';
import { personalOf } from '../harness/check/doors/marks.ts';
import { actionPosts, answersNobody, doesNothingForNobody, formPosts } from '../harness/check/doors/posts.ts';
import { tellsNothingToPosts } from '../harness/check/doors/posts-of-others.ts';
import { opensWholePartsOnly } from '../harness/check/doors/prefixes.ts';
import { readByNoScript } from '../harness/check/doors/read-as-script.ts';
import { readByNobodyElse } from '../harness/check/doors/read-by-others.ts';
import { staysShut } from '../harness/check/doors/shut-to-members.ts';
import { tellsNobodyElse, tellsNoOtherSite } from '../harness/check/doors/sockets.ts';
import { surveyOf } from '../harness/check/doors/survey.ts';
import { findDoors, opensNoDoor } from '../harness/check/doors/try-approach.ts';
import { newMember } from '../harness/check/doors/walk-around.ts';
import { believesNoStrangersEvent } from '../harness/check/doors/webhooks.ts';
import { takesNoWrites } from '../harness/check/doors/writes.ts';
import { writesNothingByLink, writesNothingForNobody } from '../harness/check/doors/written.ts';
import { refusesWrongInput } from '../harness/check/doors/wrong-input.ts';
import { demand } from '../harness/errors.ts';

// What one check finds out of the doors serves the others of its worker.
test.describe.configure({ mode: 'default' });

for (const [name, approach] of Object.entries(approaches)) {
  const { title, clauses, level, severity, fix, imitates, noCrash } = approach;
  check({
    id: `doors/${name}`,
    title: `opens no door to ${title}`,
    clauses,
    level,
    severity,
    appMust: `Show nothing that is meant for members${noCrash ? ', and answer below 500' : ''}.`,
    otherwise: imitates,
    fix,
    provokes: true,
  })(opensNoDoor(approach));
}

check({
  id: 'doors/no-crash',
  title: 'answers odd requests for its doors with a refusal, not with 5xx',
  clauses: ['owasp error handling'],
  level: 'should',
  severity: 'moderate',
  appMust: 'Refuse what it does not understand with 4xx, or as it refuses any stranger.',
  otherwise: 'Strangers fill the logs with errors, and show where the app can be hurt.',
  fix: 'Catch what decoding throws (decodeURIComponent, getToken, new URL) and treat it as nobody.',
  provokes: true,
})(crashesAtNone);

check({
  id: 'doors/no-stack-trace',
  title: 'shows strangers no stack trace, however oddly they ask for its doors',
  clauses: ['asvs 16.5.1', 'owasp error handling'],
  level: 'should',
  severity: 'moderate',
  appMust: 'Answer what goes wrong inside with a page or a code, and keep the rest for its log.',
  otherwise: 'One odd header tells strangers the paths, packages and versions of the server.',
  fix: 'Run the production build with NODE_ENV=production, and send no error.stack from a handler of your own.',
  provokes: true,
})(showsNoStack);

check({
  id: 'doors/public-prefixes',
  title: 'opens no path because it begins like a public one',
  clauses: ['asvs 8.3.1', 'next middleware matcher'],
  level: 'should',
  severity: 'serious',
  appMust: 'Compare public paths by whole parts: /api/public and what stands below it, and nothing else.',
  otherwise:
    'A list of public paths opens whatever begins like one of them (/api/publications), and nobody asks for the session there.',
  fix: "Compare with a slash at the end: path === '/api/public' || path.startsWith('/api/public/').",
  provokes: true,
})(({ visitor, somebody, step, notApplicable, lab }) =>
  opensWholePartsOnly({ visitor, somebody, step, notApplicable, lab }),
);

check({
  id: 'doors/server-actions',
  title: 'answers the server actions of its members to nobody else',
  clauses: ['next server actions', 'asvs 8.2.1'],
  level: 'must',
  severity: 'critical',
  uses: ['own-app'],
  appMust: 'Ask for the session in each server action, as in an API that anybody can call.',
  otherwise:
    'Whoever posts the id of an action, which every script of the page names, gets what members get.',
  fix: "Begin each action with `const session = await auth(); if (!session) throw new Error('unauthorized')`.",
  provokes: true,
})(answersNobody(actionPosts, 'no page of a member names a server action that strangers cannot see as well'));

check({
  id: 'doors/forms',
  title: 'answers the forms of its members to nobody else',
  clauses: ['asvs 8.2.1', 'authjs protecting'],
  level: 'must',
  severity: 'critical',
  uses: ['own-app'],
  appMust: 'Ask for the session where a form is received, not only where it is shown.',
  otherwise: 'Whoever posts the form without having seen it gets what members get.',
  fix: 'Check the session in the route that takes the form.',
  provokes: true,
})(answersNobody(formPosts, 'no page of a member has a form that strangers cannot see as well'));

check({
  id: 'doors/posts-refused',
  title: 'does nothing for nobody that its members do by a form or a server action',
  clauses: ['asvs 8.2.1', 'next server actions'],
  level: 'should',
  severity: 'serious',
  uses: ['own-app'],
  appMust: 'Refuse what nobody posts, or send them to the sign-in.',
  otherwise: 'Strangers change what belongs to members.',
  fix: 'Check the session where the post is received.',
  provokes: true,
})(doesNothingForNobody);

check({
  id: 'doors/written',
  title: 'changes nothing of a member for nobody who posts their form',
  clauses: ['asvs 8.2.1', 'next server actions'],
  level: 'must',
  severity: 'critical',
  uses: ['own-app'],
  appMust:
    'Ask for the session where a form is received, and take whose data they are from it, not from the form.',
  otherwise:
    'Strangers write into the accounts of members, though every answer they get sends them to the sign-in.',
  fix: 'Begin each action and each route that takes a form with the session, and use its id.',
  provokes: true,
})(writesNothingForNobody);

check({
  id: 'doors/written-by-link',
  title: 'changes nothing of a member by a link that another site has their browser open',
  clauses: ['asvs 3.5.3', 'owasp csrf'],
  level: 'should',
  severity: 'serious',
  uses: ['own-app'],
  appMust: 'Change what belongs to a member by POST alone: SameSite=Lax lets cookies come along with links.',
  otherwise:
    'A page of another site, or a link in a message, writes into the account of whoever opens it, or takes something away from it.',
  fix: 'Give the form method="post", and let the route take nothing else.',
  provokes: true,
})(writesNothingByLink);

check({
  id: 'doors/broken-bodies',
  title: 'tells nothing of its inside where a body cannot be read',
  clauses: ['asvs 16.5.1', 'owasp error handling'],
  level: 'should',
  severity: 'moderate',
  uses: ['own-app'],
  appMust: 'Refuse data that cannot be read with 400 and a general message.',
  otherwise:
    'An error handler that sends error.stack, the request or the options shows paths, cookies and secrets to whoever sends one brace.',
  fix: 'Catch what request.json() throws, and let onError() send a message of its own.',
  provokes: true,
})(tellsNoInside);

check({
  id: 'doors/writes',
  title: 'takes no writes of nobody at an API that nobody may read',
  clauses: ['asvs 8.2.1', 'authjs protecting'],
  level: 'should',
  severity: 'serious',
  uses: ['own-app'],
  appMust:
    'Refuse POST, PUT and PATCH without a session where it refuses GET, unless everybody may write there.',
  otherwise: 'A guard that was written for reading lets strangers change and add what belongs to members.',
  fix: 'Guard the path, not the method: app.use("/api", requireSession), or the session as the first line of each handler.',
  provokes: true,
})(takesNoWrites);

check({
  id: 'doors/changed-by-others',
  title: 'lets nobody else change or delete what one member alone is shown',
  clauses: ['asvs 8.2.2', 'asvs 8.3.1'],
  level: 'must',
  severity: 'critical',
  uses: ['own-app'],
  appMust: 'Look up what is changed or deleted together with the member of the session, as where it is read.',
  otherwise:
    'Whoever knows or guesses an id writes into what belongs to others, or deletes it: reading is guarded, writing is not.',
  fix: 'Find the record by its id and its owner in each handler: where: { id, ownerId: session.user.id }.',
  provokes: true,
})(({ visitor, somebody, step, notApplicable, lab }) =>
  changedByNobodyElse({ visitor, somebody, step, notApplicable, lab }),
);

check({
  id: 'doors/read-by-others',
  title: 'shows nobody else what a member has made and others are refused',
  clauses: ['asvs 8.2.2'],
  level: 'must',
  severity: 'critical',
  uses: ['own-app'],
  appMust:
    'Look up what a query, a route or a page is about together with the member of the session, in each of them: by its id alone it is found for everybody.',
  otherwise:
    'The list looks whose a thing is, and the page or query beside it hands it out to whoever counts one up.',
  fix: 'Find the record by its id and its owner wherever it is asked for: where: { id, ownerId: session.user.id }.',
  provokes: true,
})(({ visitor, somebody, step, notApplicable, lab }) =>
  readByNobodyElse({ visitor, somebody, step, notApplicable, lab }),
);

check({
  id: 'doors/posts-of-others',
  title: 'tells another member nothing of the first in answer to what they post',
  clauses: ['asvs 8.2.2'],
  level: 'must',
  severity: 'critical',
  uses: ['own-app'],
  appMust:
    'Compare the owner of each id that is posted with the member of the session: of tickets, copies and whole lists.',
  otherwise: 'A download ticket, or a list of ids, is given out for what the page of the same thing refuses.',
  fix: 'Look up each thing together with its owner before anything is made of it; leave out of a list what is not theirs.',
  provokes: true,
})(({ visitor, somebody, step, notApplicable, lab }) =>
  tellsNothingToPosts({ visitor, somebody, step, notApplicable, lab }),
);

check({
  id: 'doors/sockets',
  title: 'tells nobody else by a WebSocket what it tells a member',
  clauses: ['asvs 8.2.1', 'authjs protecting'],
  level: 'must',
  severity: 'critical',
  uses: ['own-app'],
  appMust:
    'Ask for the session in the handshake of a WebSocket, which passes no middleware for pages, and believe no name or made-up token in its address and messages.',
  otherwise: 'Whoever knows its address, which stands in every script, listens to what happens to members.',
  fix: 'Read the session from the cookies of the upgrade request, and refuse with 401 before the upgrade.',
  provokes: true,
})(({ visitor, somebody, step, notApplicable, lab, scope, evidence }) =>
  tellsNobodyElse({ visitor, somebody, step, notApplicable, lab, scope, evidence }),
);

check({
  id: 'doors/sockets-of-other-sites',
  title: 'opens its WebSockets to no page of another site',
  clauses: ['asvs 4.4.2'],
  level: 'should',
  severity: 'serious',
  uses: ['own-app'],
  appMust: 'Compare the Origin of the handshake of a WebSocket with its own: CORS does not hold for it.',
  otherwise:
    'A page of another site listens as the member, wherever their cookie comes along (cross-site WebSocket hijacking).',
  fix: 'Refuse the upgrade when Origin is not the origin of the app.',
  provokes: true,
})(({ visitor, somebody, step, notApplicable, lab, scope, evidence }) =>
  tellsNoOtherSite({ visitor, somebody, step, notApplicable, lab, scope, evidence }),
);

check({
  id: 'doors/shut-to-members',
  title: 'lets no member in where it refuses members, whatever their request claims',
  clauses: ['asvs 8.3.1', 'asvs 8.2.1'],
  level: 'must',
  severity: 'critical',
  appMust:
    'Read from the session, or by it, who may see an administration; never from the query, a header or a cookie.',
  otherwise: 'Every member is an administrator who writes ?admin=true.',
  fix: 'Look up the role of the member of the session at each path of the administration.',
  provokes: true,
})(({ visitor, somebody, step, notApplicable, lab }) =>
  staysShut({ visitor, somebody, step, notApplicable, lab }),
);

check({
  id: 'doors/webhooks',
  title: 'believes no event of Logto that Logto has not signed',
  clauses: ['logto webhooks', 'asvs 8.3.1'],
  level: 'must',
  severity: 'critical',
  uses: ['own-app'],
  appMust:
    'Compare logto-signature-sha-256 with the HMAC of the body as it came, and refuse the event when they differ or when no key is set.',
  otherwise:
    'Whoever posts User.Deleted with the id of a member shuts them out, and takes what is theirs away.',
  fix: "Read the body as text, compare createHmac('sha256', signingKey).update(text).digest('hex') by timingSafeEqual, and only then parse it.",
  provokes: true,
})(({ visitor, somebody, step, notApplicable, lab }) =>
  believesNoStrangersEvent({ visitor, somebody, step, notApplicable, lab }),
);

check({
  id: 'doors/wrong-input',
  title: 'refuses data of the wrong shape, and does not fall over them',
  clauses: ['asvs 2.2.1', 'owasp error handling'],
  level: 'should',
  severity: 'moderate',
  uses: ['own-app'],
  appMust:
    'Look at what it is sent before it is used: 400 or 422 for an empty object, a list, null, or a number in the place of a text.',
  otherwise: 'Strangers make errors at will, fill its log with them, and find what it does not expect.',
  fix: 'Parse each body with a schema (zod, valibot), and answer 400 where it does not fit.',
  provokes: true,
})(({ visitor, somebody, step, notApplicable, lab }) =>
  refusesWrongInput({ visitor, somebody, step, notApplicable, lab }),
);

check({
  id: 'doors/read-as-script',
  title: 'answers no script element of another site with what belongs to a member',
  clauses: ['asvs 3.5.6'],
  level: 'should',
  severity: 'serious',
  appMust: 'Answer JSON as JSON, and call no function that the address names (JSONP).',
  otherwise:
    'A page of another site includes the answer as a script and reads the data, wherever the cookie of the member comes along: SameSite=None, or a site of the same domain.',
  fix: 'Use res.json() in the place of res.jsonp(), and CORS for the sites that may read.',
  provokes: true,
})(({ visitor, somebody, step, notApplicable, lab }) =>
  readByNoScript({ visitor, somebody, step, notApplicable, lab }),
);

check({
  id: 'doors/hidden-in-browser',
  title: 'sends strangers nothing that its pages only hide from them',
  clauses: ['asvs 8.3.1', 'authjs protecting'],
  level: 'must',
  severity: 'critical',
  appMust:
    'Decide on the server who gets what; a page for strangers holds no figures of members, not even in its scripts.',
  otherwise: 'Whoever reads the source of the page reads what its script does not show.',
  fix: 'Read the session before the data, in getServerSideProps, the server component or the route.',
  provokes: true,
})(async ({ visitor, somebody, step, lab }) => {
  const { hidden } = await step(
    'control',
    () => surveyOf({ visitor, somebody, lab }),
    ({ asked }) =>
      `A member was shown ${asked} pages and answers, which were compared with those of a stranger.`,
  );
  const [first] = hidden;
  demand(
    !first,
    () =>
      `Sent a stranger who asked for ${first?.path} what it shows to members only: "${first?.text.slice(0, 60)}".`,
  );
});

check({
  id: 'doors/after-sign-out',
  title: 'closes its doors to the browser that signed out',
  clauses: ['asvs 7.4.1', 'owasp session'],
  level: 'must',
  severity: 'critical',
  appMust: 'Show nothing that is meant for members once the person has signed out.',
  otherwise: 'The next person at the computer reads on.',
  fix: 'Sign out with a form post to /signout, and keep no copy of the session in other cookies.',
  provokes: true,
})(async ({ visitor, somebody, step, notApplicable, lab }) => {
  const body = { visitor, somebody, step, notApplicable, lab };
  const survey = await findDoors(body);
  const member = await newMember(body);
  for (const { path } of survey.doors) await member.get(path);
  await member.signOut();
  const asked = { personal: personalOf(member.person), stranger: await visitor() };
  demandClosed(await askAll(member, survey, asked));
});

/** A thief who copied all cookies before the person signed out. */
const keptCookie = async (body: Parameters<typeof findDoors>[0]) => {
  const survey = await findDoors(body);
  const member = await newMember(body);
  const held = await member.agent.cookies(body.lab.app.origin);
  await member.signOut();
  const thief = await body.visitor();
  await plant(thief, body.lab.app.origin, held);
  const asked = { personal: personalOf(member.person), stranger: await body.visitor() };
  demandClosed(await askAll(thief, survey, asked));
};

check({
  id: 'doors/kept-cookie-of-database',
  title: 'opens no door to a copy of a session that was signed out, as its sessions are rows',
  clauses: ['asvs 7.4.1', 'owasp session'],
  level: 'must',
  severity: 'serious',
  needs: ['database-session'],
  appMust: 'Delete the session at the sign-out, not only the cookie.',
  otherwise: 'Whoever copied the cookie stays signed in.',
  fix: 'Let deleteSession of the adapter remove the row.',
  provokes: true,
})(({ visitor, somebody, step, notApplicable, lab }) =>
  keptCookie({ visitor, somebody, step, notApplicable, lab }),
);

check({
  id: 'doors/kept-cookie',
  title: 'opens no door to a copy of a session that was signed out',
  clauses: ['asvs 7.4.1', 'authjs session'],
  level: 'may',
  severity: 'moderate',
  appMust:
    'Know which sessions were signed out. Sealed cookies of Auth.js are good until they end, wherever they are.',
  otherwise: 'Whoever copied the cookie stays signed in until it ends.',
  fix: 'Keep sessions in a database, keep a list of ended ones, or let them end soon (session.maxAge).',
  provokes: true,
})(({ visitor, somebody, step, notApplicable, lab }) =>
  keptCookie({ visitor, somebody, step, notApplicable, lab }),
);
