/** What to mend first: failures by what causes them, each with its fix and the checks below it. */
import { causesOf } from '../causes.ts';
import type { Cause, CheckResult, Report } from '../model.ts';
import { counts, isLost } from '../verdict.ts';
import { alike, counted } from '../words.ts';
import { rich } from './rich.ts';
import { badge } from './summary.ts';
import { type Html, html } from './tag.ts';

/** As many checks are shown at once; more stand behind a word. */
const OPEN_MAX = 4;

const snippet = (name: string, code: string | undefined, className: string): Html | undefined =>
  code === undefined
    ? undefined
    : html`<div class="${className}"><p class="quiet">${name}</p><pre tabindex="0">${code}</pre></div>`;

function checksOf(cause: Cause, byId: ReadonlyMap<string, CheckResult>): Html {
  const item = (id: string) => {
    const check = byId.get(id);
    return html`<li><a href="#${id}">${id}</a>${check && check.verdict !== cause.verdict ? html` ${badge(check.verdict)}` : ''}${check?.message ? html`<p>${rich(check.message)}</p>` : ''}</li>`;
  };
  const rest = cause.checks.slice(OPEN_MAX);
  return html`<ul class="plain ids">${cause.checks.slice(0, OPEN_MAX).map(item)}</ul>${
    rest.length
      ? html`<details><summary>${counted(rest.length, 'check')} more</summary><ul class="plain ids">${rest.map(item)}</ul></details>`
      : ''
  }`;
}

const placeOf = ({ file, line }: Cause) =>
  file ? html` <span class="quiet">in</span> <code>${file}${line ? `:${line}` : ''}</code>` : '';

const causeItem = (cause: Cause, byId: ReadonlyMap<string, CheckResult>): Html =>
  html`<li class="cause"><h3>${badge(cause.verdict)} ${cause.title} <small>${cause.severity}, ${counted(cause.checks.length, 'check')}</small></h3>
<p class="fix"><b>Fix</b>${cause.option ? html` <code>${cause.option}</code>` : ''}${placeOf(cause)}<br>${rich(cause.fix)}</p>
${cause.before || cause.after ? html`<div class="snippets">${snippet('As it is often written', cause.before, 'before')}${snippet('As it should be', cause.after, 'after')}</div>` : ''}
${checksOf(cause, byId)}</li>`;

const sum = (causes: readonly Cause[]) => causes.reduce((total, { checks }) => total + checks.length, 0);

/** Causes of failures, what could not be judged, and behind a word the causes of warnings. */
export function todo({ causes, checks, target, findings }: Report): Html | undefined {
  const all = causes ?? causesOf(checks, target, findings);
  const byId = new Map(checks.map((check) => [check.id, check]));
  const failing = all.filter(({ verdict }) => verdict === 'fail');
  const warning = all.filter(({ verdict }) => verdict !== 'fail');
  const unjudged = checks.filter((check) => isLost(check.verdict, true) && counts(check));
  const { each, together } = alike(unjudged);
  const failures = failing
    .flatMap(({ checks: ids }) => ids)
    .filter((id) => byId.get(id)?.verdict === 'fail').length;
  return html`${
    failing.length
      ? html`<section class="todo" aria-labelledby="todo-title">
<h2 id="todo-title">Mend this first <small>${counted(failing.length, 'cause')}, ${counted(failures, 'failure')}</small></h2>
<ol>${failing.map((cause) => causeItem(cause, byId))}</ol></section>`
      : ''
  }${
    unjudged.length
      ? html`<section class="todo" aria-labelledby="unjudged-title">
<h2 id="unjudged-title">What could not be judged <small>${counted(unjudged.length, 'check')}</small></h2>
<ol>${together.map(
          ({
            reason,
            ids,
          }) => html`<li>${badge('blocked')} ${counted(ids.length, 'check')}, <a href="#checks">below</a>
<p>${rich(reason)}</p></li>`,
        )}${each.slice(0, 12).map(
          (
            check,
          ) => html`<li>${badge(check.verdict)} <a href="#${check.id}">${check.id}</a> <span class="sev">${check.severity}</span>
<p>${rich(check.message ?? '')}</p></li>`,
        )}</ol>
${each.length > 12 ? html`<p class="quiet">and ${each.length - 12} more below</p>` : ''}</section>`
      : ''
  }${
    warning.length
      ? html`<section class="todo" aria-labelledby="warnings-title">
<h2 id="warnings-title">Warnings <small>${counted(warning.length, 'cause')}, ${counted(sum(warning), 'warning')}</small></h2>
<details${failing.length ? '' : html` open`}><summary>What should be mended, too</summary><ol>${warning.map((cause) => causeItem(cause, byId))}</ol></details></section>`
      : ''
  }`;
}
