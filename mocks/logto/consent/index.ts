/**
 * GET /consent and its API: first-party applications are consented to without a page (middleware/koa-auto-consent.ts;
 * recordings 227, 497, 617), third-party ones ask (packages/core routes/interaction/consent).
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod/v3';
import { apiRoutes } from '../api-routes.ts';
import type { Interaction, LogtoContext } from '../context.ts';
import { assertThat } from '../errors.ts';
import { openInteraction } from '../experience/call.ts';
import { bodyOf, guardBody, keepBodiesRaw } from '../guard.ts';
import { openVisit } from '../pages/visit.ts';
import { isThirdParty } from '../third-party.ts';
import { consentInfo } from './info.ts';
import { consentPage } from './page.ts';
import { grantAsked, grantMissing } from './submit.ts';

const waits = (interaction: Interaction | undefined): interaction is Interaction =>
  interaction?.prompt.name === 'consent' && interaction.session?.accountId !== undefined;

const asks = (context: LogtoContext, interaction: Interaction) =>
  isThirdParty(context.tenant, String(interaction.params.client_id));

export async function registerConsent(app: FastifyInstance, context: LogtoContext): Promise<void> {
  const unknownSession = () =>
    context.tenant.signInExperience.unknownSessionRedirectUrl ?? `${context.endpoint}/unknown-session`;

  await app.register(async (pages) => {
    keepBodiesRaw(pages);
    pages.get('/consent', async (request, reply) => {
      const interaction = await context.interactionOf(request.raw, reply.raw);
      if (!waits(interaction)) return sendRedirect(reply, unknownSession());
      if (!asks(context, interaction)) return sendRedirect(reply, await grantMissing(context, interaction));
      return consentPage(openVisit(context, request, reply, interaction), consentInfo(context, interaction));
    });
    // Our own form in place of the script of Logto's page, so that it works without one.
    pages.post('/consent', async (request, reply) => {
      const interaction = await context.interactionOf(request.raw, reply.raw);
      if (!waits(interaction)) return sendRedirect(reply, unknownSession());
      const { organizationId } = bodyOf(request) as { organizationId?: string };
      const next = await grantAsked(context, interaction, organizationId ? [organizationId] : []);
      return reply.code(303).header('location', next).send();
    });
  });

  await apiRoutes(app, {}, (scope) => {
    const open = async (request: FastifyRequest, reply: FastifyReply) => {
      const interaction = await openInteraction(context, request, reply);
      assertThat(interaction.session?.accountId, 'session.not_found');
      return interaction;
    };
    scope.get('/api/interaction/consent', async (request, reply) =>
      consentInfo(context, await open(request, reply)),
    );
    scope.post('/api/interaction/consent', async (request, reply) => {
      const interaction = await open(request, reply);
      const body = z.object({ organizationIds: z.string().array().optional() });
      const { organizationIds = [] } = guardBody(body, request);
      return { redirectTo: await grantAsked(context, interaction, organizationIds) };
    });
  });
}

const htmlEscape = (text: string) =>
  text.replace(
    /[&<>"']/g,
    (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[sign] as string,
  );

/** A 302 as Koa writes it, with the address in the body (recording 114). */
const sendRedirect = (reply: FastifyReply, url: string): FastifyReply =>
  reply
    .code(302)
    .headers({ location: url, 'content-type': 'text/html; charset=utf-8' })
    .send(`Redirecting to ${htmlEscape(url)}.`);
