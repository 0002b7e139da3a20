/** Style sheet and script of the pages; the tenant's colours are put in front of the style sheet. */
import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import type { LogtoContext } from '../context.ts';

const read = (name: string) => readFileSync(new URL(`assets/${name}`, import.meta.url), 'utf8');

const HEX = /^#[\da-f]{3}([\da-f]{3})?$/i;
const hexOr = (value: unknown, fallback: string) =>
  typeof value === 'string' && HEX.test(value) ? value : fallback;

export function registerAssets(app: FastifyInstance, context: LogtoContext): void {
  const css = read('experience.css');
  const script = read('experience.js');
  app.get('/mock-assets/experience.css', async (_request, reply) => {
    const { primaryColor, darkPrimaryColor } = (context.tenant.signInExperience.color ?? {}) as Record<
      string,
      unknown
    >;
    return reply
      .headers({ 'content-type': 'text/css; charset=utf-8', 'cache-control': 'no-cache' })
      .send(
        `:root{--brand-light:${hexOr(primaryColor, '#6139F6')};--brand-dark:${hexOr(darkPrimaryColor, '#8768F8')}}\n${css}`,
      );
  });
  app.get('/mock-assets/experience.js', async (_request, reply) =>
    reply
      .headers({ 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-cache' })
      .send(script),
  );
}
