/** The table of published advisories that the app's versions are affected by. */
import type { Report } from '../model.ts';
import { type Html, html } from './tag.ts';

/** Nothing when there are none. */
export function advisories({ advisories: list = [] }: Report): Html | undefined {
  if (list.length === 0) return undefined;
  return html`<section aria-labelledby="advisories-title"><h2 id="advisories-title">Published advisories</h2>
<p class="quiet">Versions of the app that are affected. They change no verdict: the checks say what the app does.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Published advisories">
<table><thead><tr><th scope="col">Advisory</th><th scope="col">Severity</th><th scope="col">Version</th><th scope="col">Update to</th><th scope="col">What it is</th></tr></thead><tbody>
${list.map(
  ({ id, cve, severity, package: name, version, fixed, summary, source }) =>
    html`<tr><th scope="row"><a href="${source}">${id}</a>${cve ? html`<br><span class="quiet">${cve}</span>` : ''}</th><td>${severity}</td><td>${name} ${version}</td><td>${fixed ?? '–'}</td><td>${summary}</td></tr>`,
)}</tbody></table></div></section>`;
}
