/** The interaction that a request of Logto's pages belongs to, and how it is kept and ended. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import type { Scopes } from '../scope.ts';
import type { LogtoContext } from './context.ts';
import { askedAppId, interactionUid } from './cookies.ts';
import { asking } from './provider.ts';

type Interactions = Pick<
  LogtoContext,
  'interactionOf' | 'namesOtherClient' | 'saveInteraction' | 'finishInteraction'
>;

/** @param provider the engine that runs now */
export function createInteractions(provider: () => Provider, scopes: Scopes): Interactions {
  const named = async (request: IncomingMessage, response: ServerResponse) => {
    const engine = provider();
    const uid = interactionUid(engine.createContext(request, response).cookies as never, request);
    const interaction = uid ? await engine.Interaction.find(uid) : undefined;
    const appId = askedAppId(request);
    const isOther = appId !== undefined && !!interaction && interaction.params.client_id !== appId;
    return { engine, interaction, isOther };
  };
  const interactions: Interactions = {
    async interactionOf(request, response) {
      const { engine, interaction, isOther } = await named(request, response);
      if (isOther) return undefined;
      if (!interaction?.session?.uid) return interaction;
      const session = await engine.Session.findByUid(interaction.session.uid);
      return session?.accountId === interaction.session.accountId ? interaction : undefined;
    },
    namesOtherClient: async (request, response) => (await named(request, response)).isOther,
    async saveInteraction(interaction) {
      await asking.run({ scope: scopes.of('interaction', interaction.uid) }, () => interaction.persist());
    },
    async finishInteraction(interaction, result) {
      interaction.result = 'error' in result ? result : { ...interaction.lastSubmission, ...result };
      await interactions.saveInteraction(interaction);
      return interaction.returnTo;
    },
  };
  return interactions;
}
