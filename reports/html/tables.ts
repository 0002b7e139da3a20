/** The tables below the checks: coverage, features, comparison, findings, environment. */
import type { Report } from '../model.ts';
import { day, usageFindings } from '../words.ts';
import { rich } from './rich.ts';
import { type Html, html, link } from './tag.ts';

/** What stopped or hampered the run. */
export function findings({ findings: list, targetLog, checks }: Report): Html | undefined {
  if (list.length === 0) return undefined;
  return html`<section class="findings" aria-labelledby="findings-title"><h2 id="findings-title">What stood in the way</h2>
${list.map(({ code, what, expected, remedy }) => html`<article><h3><code>${code}</code></h3><pre>${what}</pre><dl><div><dt>Expected</dt><dd>${rich(expected)}</dd></div><div><dt>Do</dt><dd>${rich(remedy)}</dd></div></dl></article>`)}
${checks.length === 0 && targetLog.length ? html`<h3>Last lines of the app</h3><pre tabindex="0">${targetLog.join('\n')}</pre>` : ''}
</section>`;
}

const idList = (ids: readonly string[], present: ReadonlySet<string>) =>
  html`<ul class="plain">${ids.slice(0, 20).map((id) => html`<li>${present.has(id) ? html`<a href="#${id}">${id}</a>` : html`<code>${id}</code>`}</li>`)}${ids.length > 20 ? html`<li class="quiet">and ${ids.length - 20} more</li>` : ''}</ul>`;

/** What got better or worse since the last run. */
export function comparison({ comparedWith, checks }: Report): Html | undefined {
  if (!comparedWith) return undefined;
  const present = new Set(checks.map(({ id }) => id));
  const groups: [string, string[], string][] = [
    ['Worse', comparedWith.worse, 'worse'],
    ['Better', comparedWith.better, 'better'],
    ['New', comparedWith.added, ''],
    ['Gone', comparedWith.gone, ''],
  ];
  const shown = groups.filter(([, ids]) => ids.length > 0);
  return html`<section aria-labelledby="compared-title"><h2 id="compared-title">Since the run of ${day(comparedWith.startedAt)}</h2>
${shown.length === 0 ? html`<p>Nothing changed.</p>` : html`<div class="groups">${shown.map(([title, ids, className]) => html`<div class="${className}"><h3>${title} <small>${ids.length}</small></h3>${idList(ids, present)}</div>`)}</div>`}
</section>`;
}

const LABELS_MAX = 4;

/** The flows that sent a usage type, by connector; where none did, the one that would. */
function sentOf({ sent, flows }: NonNullable<Report['connector']>, type: string): Html | string {
  const rows = (sent ?? []).filter((row) => row.type === type);
  if (rows.length === 0)
    return flows?.[type]
      ? html`<span class="quiet">${sent ? 'not sent; ' : ''}sent when ${flows[type]}</span>`
      : '';
  return html`${rows.map(
    ({ connector, count, by }) =>
      html`<div>${connector}: ${count} in ${by.slice(0, LABELS_MAX).join(', ')}${by.length > LABELS_MAX ? ` and ${by.length - LABELS_MAX} more` : ''}</div>`,
  )}`;
}

/** Which templates of the connector and which features of the app the run touched. */
export function coverage({ connector, checks, target, usage }: Report): Html {
  const needed = new Map<string, number>();
  // A browser and a readable log are what the lab has, not what the app claims.
  for (const check of checks)
    for (const need of (check.needs ?? []).filter((each) => each !== 'browser' && each !== 'log'))
      needed.set(need, (needed.get(need) ?? 0) + 1);
  const features = [...new Set([...target.features, ...needed.keys()])].sort();
  return html`<section class="two" aria-label="Coverage">
${
  connector
    ? html`<div><h2>Message templates</h2><div class="scroll" tabindex="0" role="region" aria-label="Usage types"><table><caption class="hear">Usage types of ${connector.name}, and what sent each</caption><thead><tr><th scope="col">Usage type</th><th scope="col">Template</th><th scope="col">Sent by</th></tr></thead><tbody>
${Object.entries(connector.templates).map(([type, state]) => html`<tr><th scope="row">${type}</th><td class="t-${state === 'covered' ? 'ok' : state === 'missing' ? 'bad' : 'soft'}">${state}</td><td>${sentOf(connector, type)}</td></tr>`)}</tbody></table></div></div>`
    : ''
}
${usage ? usageTable(usage, needed) : features.length ? claimsTable(features, target.features, needed) : ''}
</section>`;
}

/** Duties by source, as the ledger counts them. */
export function sources({ coverage: list = [] }: Report): Html | undefined {
  if (list.length === 0) return undefined;
  return html`<section aria-labelledby="sources-title"><h2 id="sources-title">Duties by source</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Duties, by source, as a table">
<table><thead><tr><th scope="col">Source</th><th scope="col" class="num">Duties</th><th scope="col" class="num">Kept</th><th scope="col" class="num">Not kept</th><th scope="col" class="num">Not judged here</th><th scope="col" class="num">Excluded</th></tr></thead><tbody>
${list.map(({ title, url, duties, kept, notKept, notJudged, excluded }) => html`<tr><th scope="row">${link(url, title)}</th><td class="num">${duties}</td><td class="num">${kept}</td><td class="num">${notKept}</td><td class="num">${notJudged}</td><td class="num">${excluded}</td></tr>`)}
</tbody></table></div></section>`;
}

/** Reports of older versions know the claims only. */
const claimsTable = (
  features: readonly string[],
  claims: readonly string[],
  needed: ReadonlyMap<string, number>,
): Html =>
  html`<div><h2>Features</h2><table><caption class="hear">Features that the app claims</caption><thead><tr><th scope="col">Feature</th><th scope="col">Claimed</th><th scope="col" class="num">Checks that need it</th></tr></thead><tbody>
${features.map((feature) => html`<tr><th scope="row">${feature}</th><td>${claims.includes(feature) ? 'yes' : 'no'}</td><td class="num">${needed.get(feature) ?? 0}</td></tr>`)}</tbody></table></div>`;

const usageTable = (usage: NonNullable<Report['usage']>, needed: ReadonlyMap<string, number>): Html =>
  html`<div><h2>Seen, claimed, judged</h2><div class="scroll" tabindex="0" role="region" aria-label="Seen, claimed, judged"><table><caption class="hear">What the smoke sign-in showed, what the config claims, what was judged</caption><thead><tr><th scope="col">Feature</th><th scope="col">Seen</th><th scope="col">Claimed</th><th scope="col">Judged</th><th scope="col" class="num">Checks that need it</th></tr></thead><tbody>
${usage.map(({ feature, seen, claimed, judged, note }) => html`<tr><th scope="row">${feature}${note ? html`<br><span class="quiet">${note}</span>` : ''}</th><td>${seen}</td><td>${claimed === 'never' ? '–' : claimed}</td><td>${judged ? 'yes' : 'no'}</td><td class="num">${needed.get(feature) ?? 0}</td></tr>`)}</tbody></table></div></div>`;

/** Where claim and wire differ, and what the config loosens: they fail nothing by themselves. */
export function differences(report: Report): Html | undefined {
  const told = usageFindings(report);
  const loosened = report.loosened ?? [];
  const { live } = report;
  if (told.length + loosened.length === 0 && !live) return undefined;
  return html`<section class="findings" aria-labelledby="differences-title"><h2 id="differences-title">What to know about this verdict</h2>
${live ? html`<article><h3>Against a real Logto</h3><p>${live.issuer}; codes from ${live.codes}. ${live.judged} of ${live.of} checks could be asked; a certificate needs a run with the mocks.</p><ul class="plain">${live.not.map(({ count, why }) => html`<li>${count}: ${why}</li>`)}</ul></article>` : ''}
${told.map(({ code, what, expected, remedy }) => html`<article><h3><code>${code}</code></h3><p>${rich(what)}</p><dl><div><dt>Expected</dt><dd>${rich(expected)}</dd></div><div><dt>Do</dt><dd>${rich(remedy)}</dd></div></dl></article>`)}
${loosened.length ? html`<article><h3>Loosened by your config</h3><ul class="plain">${loosened.map(({ key, what }) => html`<li><code>${key}</code> ${rich(what)}</li>`)}</ul></article>` : ''}
</section>`;
}

/** The last words of the app. */
export function about({ targetLog, checks }: Report): Html | undefined {
  if (targetLog.length === 0 || checks.length === 0) return undefined;
  return html`<section><details class="log"><summary>Last lines of the app’s output</summary><pre tabindex="0">${targetLog.join('\n')}</pre></details></section>`;
}
