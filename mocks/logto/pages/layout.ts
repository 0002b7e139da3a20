/** The frame of every page: works without JavaScript and under a strict content security policy. */
import type { FastifyReply } from 'fastify';
import type { Html } from './html.ts';
import { html } from './html.ts';
import type { Texts } from './texts.ts';

/** Logto's own header for its pages (recording 113). */
export const PAGE_HEADERS = {
  vary: 'Accept-Encoding',
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-cache, no-store, must-revalidate',
  // No form-action: browsers apply it to the redirect that leads back to the app.
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' https: data:; base-uri 'none'; frame-ancestors 'self'",
  'referrer-policy': 'strict-origin-when-cross-origin',
  'x-content-type-options': 'nosniff',
};

export interface Page {
  title: string;
  /** One sentence under the title. */
  lead?: string | Html;
  /** Where the back link goes; none on first screens. */
  back?: string;
  body: Html;
}

export const sendPage = (
  reply: FastifyReply,
  t: Texts,
  { title, lead, back, body }: Page,
  status = 200,
): FastifyReply =>
  reply
    .code(status)
    .headers(PAGE_HEADERS)
    .send(
      html`<!doctype html>
<html lang="${t.language}" dir="${t.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="stylesheet" href="/mock-assets/experience.css">
<script src="/mock-assets/experience.js" defer></script>
</head>
<body>
<main>
${back && html`<nav><a class="back" href="${back}">${t('action.nav_back')}</a></nav>`}
<h1>${title}</h1>
${lead && html`<p class="lead">${lead}</p>`}
${body}
</main>
<footer>Logto mock · <span lang="en">for tests and development, not for real people</span></footer>
</body>
</html>
`.html,
    );
