/** One check: duty, what happened, why it matters, clause, fix, run again, and the evidence. */
import type { CheckResult, Report, ReportAttachment } from '../model.ts';
import { isQuiet } from '../packed.ts';
import { slugOf } from '../words.ts';
import type { Pictures } from './pictures.ts';
import { rich } from './rich.ts';
import { badge } from './summary.ts';
import { type Html, html, link } from './tag.ts';

const row = (name: string, value: Html | string | undefined, className = ''): Html | undefined =>
  value ? html`<div class="${className}"><dt>${name}</dt><dd>${value}</dd></div>` : undefined;

const OBSERVED: Record<CheckResult['verdict'], string> = {
  pass: 'What it did',
  fail: 'What it did',
  warn: 'What it did',
  note: 'What it did',
  'not applicable': 'Why not applicable',
  'not judged': 'Why not judged',
  blocked: 'Why blocked',
  error: 'What went wrong',
};

function clausesOf(check: CheckResult, clauses: Report['clauses']): Html | undefined {
  if (check.clauses.length === 0) return undefined;
  return html`<ul class="plain">${check.clauses.map((key) => html`<li>${link(clauses[key]?.url, clauses[key]?.label ?? key)}</li>`)}</ul>`;
}

function stepsOf({ steps }: CheckResult): Html | undefined {
  if (steps.length === 0) return undefined;
  return html`<ol class="steps">${steps.map(({ name, ok, outcome }) => html`<li class="${ok ? 'ok' : 'bad'}"><b>${name}</b> <span>${ok ? '' : html`<span class="hear">not as it must be: </span>`}${rich(outcome)}</span></li>`)}</ol>`;
}

function picture(attachment: ReportAttachment, pictures: Pictures): Html | undefined {
  const url = pictures.dataUrl(attachment);
  if (url)
    return html`<figure><button type="button" data-zoom title="Show it in full size"><img src="${url}" alt="Screenshot: ${attachment.name}" loading="lazy"></button><figcaption>${attachment.name}</figcaption></figure>`;
  // Beside this file or below it; anything else a report may name is shown, but not linked.
  const beside =
    attachment.path && !/^(?:[a-z]+:|\/|\\|.*\.\.)/i.test(attachment.path)
      ? `./${attachment.path}`
      : undefined;
  return beside
    ? html`<p><a href="${encodeURI(beside)}">${attachment.name}</a> <span class="quiet">${attachment.contentType}, beside this file</span></p>`
    : undefined;
}

/** The pieces of the wire that the message is about. */
function wireOf({ offending = [] }: CheckResult): Html | undefined {
  if (offending.length === 0) return undefined;
  return html`<ul class="plain wire-pieces">${offending.map(({ what, value }) => html`<li><span class="quiet">${what}</span> <code>${value}</code></li>`)}</ul>`;
}

/** The lines of the app; those of a check that passed are packed with its time line. */
function logOf(check: CheckResult): Html | undefined {
  const { id, log } = check;
  if (log.length === 0) return undefined;
  const packed = isQuiet(check);
  return html`<details class="log"><summary>The app’s own output at that moment (${log.length} lines)</summary><pre tabindex="0"${packed ? html` data-log="${id}"` : ''}>${packed ? '' : log.join('\n')}</pre></details>`;
}

/** What the text filter looks through. */
const words = (check: CheckResult) =>
  [
    check.id,
    check.title,
    check.message,
    check.fault,
    ...check.clauses,
    check.cwe && `cwe-${check.cwe}`,
    ...(check.asvs ?? []).map((number) => `asvs ${number}`),
  ]
    .filter(Boolean)
    .join(' ')
    .toLowerCase();

/** One check as a row that opens. */
export function checkDetails(check: CheckResult, { clauses }: Report, pictures: Pictures): Html {
  const did = check.message ?? (check.verdict === 'pass' ? 'Its duty.' : undefined);
  return html`<details class="check v-${slugOf(check.verdict)}" id="${check.id}" data-verdict="${check.verdict}" data-level="${check.level}" data-severity="${check.severity}" data-words="${words(check)}">
<summary>${badge(check.verdict)} <span class="name"><code>${check.id}</code> <span class="title">${check.title}</span></span> <span class="meta">${check.level} · ${check.severity}${check.known === undefined ? '' : ' · known'}${check.notScored ? ' · not scored' : ''}</span></summary>
<div class="body">
<dl>
${row(OBSERVED[check.verdict], did && rich(did), check.verdict === 'fail' ? 'did' : '')}
${row('On the wire', wireOf(check))}
${row(`The app ${check.level}`, rich(check.appMust))}
${row('Otherwise', rich(check.otherwise))}
${row('Fix', check.fix && rich(check.fix), 'fix')}
${row('Known', check.known && rich(check.known))}
${row('Scored', check.notScored && 'No: the profile of this run does not name it, so it changes no result.')}
${row(check.clauses.length > 1 ? 'Clauses' : 'Clause', clausesOf(check, clauses))}
${row('ASVS 5.0.0', check.asvs?.join(', '))}
${row('Weakness', check.cwe ? `CWE-${check.cwe}` : undefined)}
${row('Fault', check.fault && html`<code>${check.fault}</code>`)}
${row('Run again', html`<span class="command"><code>${check.rerun}</code> <button type="button" data-copy="${check.rerun}">Copy</button></span>`)}
${row('Declared in', html`<code>${check.file}:${check.line}</code> <span class="quiet">${check.durationMs} ms${check.retries ? `, after ${check.retries} retries` : ''}</span>`)}
</dl>
${stepsOf(check)}
${check.exchanges.length ? html`<div class="timeline" data-timeline="${check.id}"><button type="button" data-show>Show the time line (${check.exchanges.length} messages)</button></div>` : ''}
${logOf(check)}
${check.attachments.map((attachment) => picture(attachment, pictures))}
${check.detail ? html`<details class="log"><summary>Details for people who debug</summary><pre tabindex="0">${check.detail}</pre></details>` : ''}
</div></details>`;
}
