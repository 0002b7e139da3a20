/** The report as one HTML file: no network, no other file; what a QA team mails around. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { devServerNote } from '../dev-server.ts';
import { reportText } from '../json.ts';
import type { Report } from '../model.ts';
import { isQuiet } from '../packed.ts';
import { bySuite, headline, tally, worstFirst } from '../words.ts';
import type { WriterContext } from '../writer-context.ts';
import { advisories } from './advisories.ts';
import { todo } from './causes.ts';
import { certificate } from './certificate.ts';
import { checkDetails } from './check.ts';
import { createPictures } from './pictures.ts';
import { filters, header, overview } from './summary.ts';
import { about, comparison, coverage, differences, findings, sources } from './tables.ts';
import { html, raw } from './tag.ts';

const asset = (name: string) => readFileSync(path.join(import.meta.dirname, name), 'utf8');
const sha256 = (text: string, encoding: 'base64' | 'hex') =>
  createHash('sha256').update(text).digest(encoding);

/**
 * What the time lines need, and what the app said while it passed, packed: it shrinks to a few percent, and the page
 * opens without reading it. By gzip, which every browser unpacks (Compression Streams).
 */
const pack = (report: Report) =>
  gzipSync(
    JSON.stringify(
      Object.fromEntries(
        report.checks
          .filter((check) => check.exchanges.length || (isQuiet(check) && check.log.length))
          .map((check) => [
            check.id,
            {
              steps: check.steps,
              exchanges: check.exchanges,
              ...(isQuiet(check) && check.log.length && { log: check.log }),
            },
          ]),
      ),
    ),
    { level: 9 },
  ).toString('base64');

/** Said before all else, because it may change what every check saw. */
const devServer = (report: Report) => {
  const note = devServerNote(report);
  return note
    ? html`<section class="findings" aria-label="Development server"><article role="note"><p>${note}</p></article></section>`
    : '';
};

/** Renders the whole file. Scripts and styles are allowed by their hash only, so that nothing in a report can run. */
export function htmlReport(report: Report, { outputFolder }: Pick<WriterContext, 'outputFolder'>): string {
  const style = `${asset('style.css')}\n${asset('timeline.css')}\n${asset('print.css')}`;
  const script = asset('script.js');
  const policy = `default-src 'none'; img-src data:; style-src 'sha256-${sha256(style, 'base64')}'; script-src 'sha256-${sha256(script, 'base64')}'; base-uri 'none'; form-action 'none'`;
  const pictures = createPictures(outputFolder);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="${report.tool.name} ${report.tool.version}">
<title>${headline(report)} · authjs-conformance</title>
<style>${raw(style)}</style>
</head>
<body data-result="${report.result}">
<a class="skip" href="#checks">Skip to the checks</a>
<div class="screen">
${header(report)}
<main>
${devServer(report)}
${findings(report)}
${todo(report)}
${differences(report)}
${overview(report)}
${advisories(report)}
${comparison(report)}
<section id="checks" aria-labelledby="checks-title" tabindex="-1">
<h2 id="checks-title">Checks</h2>
${filters(report)}
<p class="nothing" hidden>No check fits these filters. <button type="button" data-clear>Clear them</button></p>
${bySuite(report.checks).map(
  ([suite, checks]) => html`<section class="suite" data-suite="${suite}" aria-labelledby="suite-${suite}">
<h3 id="suite-${suite}">${suite} <small>${tally(checks)}</small></h3>
${worstFirst(checks).map((check) => checkDetails(check, report, pictures))}
</section>`,
)}
</section>
${coverage(report)}
${sources(report)}
${about(report)}
</main>
<footer>Made by ${report.tool.name} ${report.tool.version}. Secrets are replaced by ‹kind #fingerprint›; equal fingerprints stand for equal values.</footer>
</div>
${certificate(report, sha256(reportText(report), 'hex'))}
<script type="text/plain" id="exchanges">${pack(report)}</script>
<script>${raw(script)}</script>
</body>
</html>
`;
  return page.html;
}
