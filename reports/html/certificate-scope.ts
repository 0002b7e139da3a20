/** What a certificate covers and what it does not: scope and claims, limits of the library, the place for a signature. */
import type { CheckResult, Report } from '../model.ts';
import { askedFor, extent } from '../scope.ts';
import { rich } from './rich.ts';
import { type Html, html } from './tag.ts';

const list = (items: readonly string[], none: string) => (items.length ? items.join(', ') : none);

/** A note that the declaration gives for what the library of the app does by itself. */
const isLimit = ({ verdict, detail, level }: CheckResult) =>
  verdict === 'note' && level !== 'may' && detail !== undefined;

/** Said beside a remark that is a limit of the library. */
export const limitOf = (check: CheckResult): Html | string =>
  isLimit(check)
    ? html`<br><i>A limit of the library, which no app can change; it is not held against this one.</i>`
    : '';

/** What was asked, seen, claimed and loosened. */
export function scopeBox({ scope, usage = [], target, loosened = [], checks }: Report): Html {
  const seen = usage.filter((row) => row.seen === 'yes').map(({ feature }) => feature);
  const claimed = usage.length
    ? usage.filter((row) => row.claimed === 'yes').map(({ feature }) => feature)
    : target.features;
  const left = usage.filter(({ judged }) => !judged).map(({ feature }) => feature);
  const limits = checks.filter(isLimit).length;
  const row = (name: string, text: Html | string) => html`<p><b>${name}</b> ${text}</p>`;
  return html`<div class="cert-box"><h2>Scope and claims</h2>
${row('Judged', `${askedFor(scope)} (${extent(scope)})`)}
${row('Seen in use', list(seen, 'nothing beside the sign-in'))}
${row('Claimed by the config', list(claimed, 'nothing'))}
${row('Not in use, not judged', list(left, 'nothing'))}
${row('Loosened by the config', loosened.length ? html`${loosened.map(({ key, what }) => html`<br><code>${key}</code> ${rich(what)}`)}` : 'nothing')}
${limits ? row('Limits of the library', `${limits === 1 ? '1 remark is' : `${limits} remarks are`} what the library does by itself, as the specifications allow; the remarks say which.`) : ''}
${row('Not covered', 'the operation of Logto and Twilio themselves, of the network, and of code that no request of this run reached')}
</div>`;
}

/** Who stands for it, and what ties the paper to the file. */
export const signature = (digest: string): Html =>
  html`<div class="cert-sign"><p>Place, date</p><p>Name, signature</p>
<p class="digest">report.json, SHA-256 ${digest}</p></div>`;
