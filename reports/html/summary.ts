/** The top of the page: verdict, facts, counts, what to do first, all checks at a glance, filters. */
import type { Report, Verdict } from '../model.ts';
import { askedFor, extent, hasEnded, isCertification } from '../scope.ts';
import { SIGN } from '../terminal-text.ts';
import { VERDICTS } from '../verdict.ts';
import {
  bySuite,
  counted,
  day,
  duration,
  headline,
  librariesOf,
  MEANING,
  SEVERITIES,
  secondApp,
  slugOf,
  waysIn,
} from '../words.ts';
import { type Html, html } from './tag.ts';

const worstFirst: readonly Verdict[] = [...VERDICTS].reverse();
const VERDICT_ORDER: readonly Verdict[] = [
  'fail',
  'error',
  'blocked',
  'not judged',
  'warn',
  'note',
  'pass',
  'not applicable',
];

/** The sign of a verdict with its word for those who hear the page. */
export const badge = (verdict: Verdict): Html =>
  html`<span class="badge v-${slugOf(verdict)}"><span aria-hidden="true">${SIGN[verdict].sign}</span> ${verdict}</span>`;

const RESULT_TEXT: Record<Report['result'], string> = {
  conformant: 'Every must was kept',
  'passed in part': 'Every must in it was kept',
  'not conformant': 'At least one must was broken',
  'not judged': 'Something stood in the way of a verdict',
};

const SEAL: Record<Report['result'], string> = {
  conformant: '✓',
  'passed in part': '◐',
  'not conformant': '✗',
  'not judged': '?',
};

const fact = (name: string, value: string | Html | undefined): Html | undefined =>
  value ? html`<div><dt>${name}</dt><dd>${value}</dd></div>` : undefined;

/** What the verdict rests on, in a sentence or two. */
function leadOf(report: Report): string {
  if (!hasEnded(report))
    return 'Nothing is known about the app yet. This page is replaced when the run ends.';
  const part = isCertification(report) ? '' : ` ${extent(report.scope)}: not a certification.`;
  const but =
    report.exitCode === 0 &&
    report.checks.some(({ verdict, known }) => verdict === 'fail' && known !== undefined)
      ? ' but known failures'
      : '';
  return `${RESULT_TEXT[report.result]}${but}.${report.checks.length ? part : ''}`;
}

/** Verdicts that nobody has to act on step back. */
const QUIET: readonly Verdict[] = ['pass', 'not applicable'];

/** Verdict, target, versions, date and counts. */
export function header(report: Report): Html {
  const { target, environment, connector, counts } = report;
  const known = report.checks.filter(
    ({ verdict, known }) => verdict === 'fail' && known !== undefined,
  ).length;
  return html`<header class="top">
<div class="verdict">
<span class="seal" aria-hidden="true">${SEAL[report.result]}</span>
<div>
<p class="kicker">Auth.js × Logto × Twilio conformance report</p>
<h1>${headline(report)}</h1>
<p class="lead">${leadOf(report)}${known ? ` ${counted(known, 'failure')} ${known === 1 ? 'is' : 'are'} known and not counted.` : ''}${report.strict ? ' Strict: a broken should fails, too.' : ''}</p>
</div>
</div>
<ul class="counts" aria-label="Checks by verdict">
${VERDICT_ORDER.filter((verdict) => verdict === 'fail' || counts[verdict] > 0).map(
  (verdict) =>
    html`<li class="v-${slugOf(verdict)}${counts[verdict] === 0 || QUIET.includes(verdict) ? ' back' : ''}"><a href="#checks" data-only="${verdict}" title="${MEANING[verdict]}"><strong>${counts[verdict]}</strong> <span>${verdict}</span></a></li>`,
)}
</ul>
<dl class="facts">
${fact('Target', html`${target.name}${target.origin ? html` <span class="quiet">${target.origin}${target.basePath ?? ''}</span>` : ''}`)}
${fact('Scope', `${askedFor(report.scope)} (${extent(report.scope)})`)}
${fact('Library', librariesOf(report))}
${fact('Framework', target.framework)}
${fact('Provider', target.provider)}
${fact('Profile', report.profile && `${report.profile.name}: ${report.profile.title}`)}
${fact('Ways in', waysIn(report)?.replace(/^[^:]*: /, ''))}
${fact('Second app', secondApp(report)?.replace(/^[^:]*: /, ''))}
${fact('Connector', connector && `${connector.name} ${connector.version}`)}
${fact('Date', html`<time datetime="${report.startedAt}">${day(report.startedAt)}</time>`)}
${fact('Took', duration(report.durationMs))}
${fact('Ran on', [environment.ci, `Node ${environment.node}`, environment.platform, environment.browser].filter(Boolean).join(', '))}
${fact('Commit', environment.commit)}
</dl>
</header>`;
}

/** Suites × checks: one mark for each check, and a link to it. */
export function overview({ checks }: Report): Html | undefined {
  if (checks.length === 0) return undefined;
  return html`<section aria-labelledby="overview-title">
<h2 id="overview-title">At a glance</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Checks by suite">
<table class="matrix">
<thead><tr><th scope="col">Suite</th><th scope="col">Checks</th><th scope="col" class="num">Passed</th></tr></thead>
<tbody>
${bySuite(checks).map(([suite, members]) => {
  const judged = members.filter(({ verdict }) => !verdict.startsWith('not '));
  return html`<tr><th scope="row"><a href="#suite-${suite}">${suite}</a></th>
<td><ul class="marks" aria-label="Checks of ${suite}">${members.map((check) => html`<li><a class="v-${slugOf(check.verdict)}" href="#${check.id}" title="${check.id}: ${check.verdict}"><span aria-hidden="true">${SIGN[check.verdict].sign}</span><span class="hear">${check.id}: ${check.verdict}</span></a></li>`)}</ul></td>
<td class="num">${judged.filter(({ verdict }) => verdict === 'pass').length} of ${judged.length}</td></tr>`;
})}
</tbody></table></div></section>`;
}

/** Filters by text, verdict, level and severity. */
export function filters({ checks, counts }: Report): Html {
  const choice = (name: string, label: string, values: readonly string[]) => html`<label>${label}
<select name="${name}"><option value="">any</option>${values.map((value) => html`<option>${value}</option>`)}</select></label>`;
  return html`<form class="filters" role="search" aria-label="Filter the checks">
<label class="search">Text <kbd aria-hidden="true">/</kbd>
<input type="search" name="text" placeholder="id, title, clause, message" autocomplete="off"></label>
<fieldset><legend>Verdict</legend>${worstFirst
    .filter((verdict) => counts[verdict] > 0)
    .map(
      (verdict) =>
        html`<label class="chip v-${slugOf(verdict)}"><input type="checkbox" name="verdict" value="${verdict}">${verdict} <span class="quiet">${counts[verdict]}</span></label>`,
    )}</fieldset>
${choice('level', 'Level', ['must', 'should', 'may'])}
${choice('severity', 'Severity', SEVERITIES)}
<div class="buttons"><button type="button" data-clear>Clear</button> <button type="button" data-open>Open all shown</button></div>
<output class="shown" aria-live="polite">${checks.length} of ${checks.length} checks</output>
</form>`;
}
