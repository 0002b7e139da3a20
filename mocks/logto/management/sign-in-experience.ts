/** /api/sign-in-exp, what Logto's pages may know of it, and /api/status: recordings 024 to 026, 177 to 180, 318, 324, 387. */
import type { FastifyInstance } from 'fastify';
import type { LogtoContext } from '../context.ts';
import { bodyOf } from '../guard.ts';
import { acceptedLanguages, pageLanguage, pageTexts } from '../phrases.ts';
import { type Connected, connectedOf } from '../sign-in/rules.ts';
import type { SignInExperience } from '../tenant.ts';

/** What the pages learn: everything but the blocklist and the forgot-password methods, which come as yes or no. */
function publicSettings(
  { emailBlocklistPolicy: _, forgotPasswordMethods, ...rest }: SignInExperience,
  has: Connected,
) {
  const allows = (method: string) =>
    forgotPasswordMethods === null || (forgotPasswordMethods as string[]).includes(method);
  return {
    ...rest,
    socialConnectors: [],
    ssoConnectors: [],
    forgotPassword: {
      phone: has.sms && allows('PhoneVerificationCode'),
      email: has.email && allows('EmailVerificationCode'),
    },
    isDevelopmentTenant: false,
    customProfileFields: [],
    customProfileFieldCatalog: [],
  };
}

export function registerPublicSettings(scope: FastifyInstance, context: LogtoContext): void {
  for (const path of ['/api/.well-known/sign-in-exp', '/api/.well-known/experience']) {
    scope.get(path, async () =>
      publicSettings(context.tenant.signInExperience, connectedOf(context.connectors)),
    );
  }
  scope.get('/api/.well-known/phrases', async (request, reply) => {
    const { lng, locale } = request.query as { lng?: string; locale?: string };
    const { autoDetect = true, fallbackLanguage = 'en' } = (context.tenant.signInExperience.languageInfo ??
      {}) as { autoDetect?: boolean; fallbackLanguage?: string };
    const detected = autoDetect ? [...(locale ? [locale] : []), ...acceptedLanguages(request)] : [];
    const language = pageLanguage(
      [...(lng?.split(/\s+/).filter(Boolean) ?? []), ...detected],
      fallbackLanguage,
    );
    return reply.header('content-language', language).send({ translation: pageTexts(language) });
  });
  scope.get('/api/status', async (_request, reply) => reply.code(204).send());
}

export function registerSignInExperience(scope: FastifyInstance, context: LogtoContext): void {
  scope.get('/api/sign-in-exp', async () => context.tenant.signInExperience);

  scope.patch('/api/sign-in-exp', (request) => context.changeExperience(bodyOf(request)));
}
