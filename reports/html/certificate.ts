/** What is printed: the certificate. It flows over as many pages as it needs; nothing in it is cut. */
import type { CheckResult, Report } from '../model.ts';
import { isCertification, scopeText } from '../scope.ts';
import { SIGN } from '../terminal-text.ts';
import { VERDICTS } from '../verdict.ts';
import { bySuite, day, duration, headline, librariesOf, slugOf, tally } from '../words.ts';
import { limitOf, scopeBox, signature } from './certificate-scope.ts';
import { rich } from './rich.ts';
import { type Html, html } from './tag.ts';

const rank = ({ verdict }: CheckResult) => -VERDICTS.indexOf(verdict);

/** What a remark means, for readers who do not look it up. */
const meaningOf = ({ verdict, otherwise }: CheckResult): Html | string =>
  ['fail', 'warn', 'note'].includes(verdict) ? html`<br><span class="small">${rich(otherwise)}</span>` : '';

/** @param digest SHA-256 of report.json in hex: what ties the paper to the file */
export function certificate(report: Report, digest: string): Html {
  const { target, environment, connector, checks } = report;
  const remarks = checks
    .filter(({ verdict }) => !['pass', 'not applicable'].includes(verdict))
    .sort((a, b) => rank(a) - rank(b));
  const certified = isCertification(report);
  const suites = bySuite(checks);
  const count = (members: CheckResult[], ...verdicts: string[]) =>
    members.filter(({ verdict }) => verdicts.includes(verdict)).length || '–';
  const fact = (name: string, value: string | undefined) =>
    value ? html`<tr><th scope="row">${name}</th><td>${value}</td></tr>` : undefined;
  return html`<div class="certificate" aria-hidden="true">
<div class="sheet">
<p class="kicker">${certified ? 'Certificate of conformance test' : 'Not a certificate'}</p>
<p class="big">${headline(report)}</p>
<p>${report.live ? html`Tested against the real Logto at ${report.live.issuer}, where ${report.live.judged} of ${report.live.of} checks could be asked: sign-in` : html`Tested against a mock of Logto (OpenID Connect) and of Twilio’s Messages API: sign-in`} with Auth.js by phone one-time code. ${certified ? '' : html`<b>A certificate exists for a whole run only. This is none: ${scopeText(report)}.</b> `}${tally(checks)}${report.strict ? ', strict' : ''}.</p>
<table class="cert-facts"><tbody>
${fact('Target', [target.name, target.framework].filter(Boolean).join(', '))}
${fact('Scope', scopeText(report))}
${fact('Profile', report.profile && `${report.profile.name}: ${report.profile.title}${report.profile.frozen ? '' : ' (not frozen yet)'}, ${report.profile.checks} checks`)}
${fact('Library', librariesOf(report))}
${fact('Address', target.origin && `${target.origin}${target.basePath ?? ''}`)}
${fact('Connector', connector && `${connector.name} ${connector.version}`)}
${fact('Commit', environment.commit)}
${fact('Date', `${day(report.startedAt)}, ${duration(report.durationMs)}`)}
${fact('Ran on', [environment.ci, `Node ${environment.node}`, environment.platform, environment.browser].filter(Boolean).join(', '))}
${fact('Suite', `${report.tool.name} ${report.tool.version}`)}
</tbody></table>
<table class="cert-suites"><thead><tr><th scope="col">Suite</th><th scope="col">Pass</th><th scope="col">Fail</th><th scope="col">Warn, note</th><th scope="col">Blocked, error</th><th scope="col">Not judged</th><th scope="col">Not applicable</th></tr></thead><tbody>
${suites.map(([suite, members]) => html`<tr><th scope="row">${suite}</th><td>${count(members, 'pass')}</td><td>${count(members, 'fail')}</td><td>${count(members, 'warn', 'note')}</td><td>${count(members, 'blocked', 'error')}</td><td>${count(members, 'not judged')}</td><td>${count(members, 'not applicable')}</td></tr>`)}
</tbody></table>
${scopeBox(report)}
${signature(digest)}
</div>
<div class="sheet">
<p class="kicker">Remarks</p>
${
  remarks.length === 0
    ? html`<p>${certified ? 'None: every check that applies was passed.' : checks.length ? `None in what was judged: ${scopeText(report)}.` : 'Nothing was judged.'}</p>`
    : html`<table class="cert-remarks"><tbody>${remarks.map((check) => html`<tr><td class="v-${slugOf(check.verdict)}">${SIGN[check.verdict].sign} ${check.verdict}${check.known === undefined ? '' : ', known'}${check.notScored ? ', not scored' : ''}</td><td><b>${check.id}</b> (${check.level}, ${check.severity})<br>${rich(check.message ?? '')}${meaningOf(check)}${limitOf(check)}</td></tr>`)}</tbody></table>`
}
<p class="small">A pass says that the app did its duty in this run, against ${report.live ? 'this tenant' : 'these mocks'}, with these versions. A must that was broken makes an app not conformant; a should is a warning${report.strict ? ' that fails, because the run was strict' : ''}. Not applicable: the app never asked for it.</p>
</div>
</div>`;
}
