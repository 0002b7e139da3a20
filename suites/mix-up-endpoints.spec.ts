/** Two issuers: one of them lists endpoints of the other in its discovery document (RFC 9700 §4.9, malicious endpoints). */
import { type CheckFixtures, check, type LabFixtures } from '../harness/check/check.ts';
import type { CheckDeclaration } from '../harness/check/check-declaration.ts';
import { attempt, demandNoSession, demandSession } from '../harness/check/outcomes.ts';
import { demand } from '../harness/errors.ts';

type Body = CheckFixtures & LabFixtures;

const declared = (meta: Pick<CheckDeclaration, 'id' | 'title' | 'otherwise'> & Partial<CheckDeclaration>) =>
  check({
    clauses: ['asvs 13.2.4'],
    level: 'may',
    severity: 'moderate',
    needs: ['second-issuer'],
    appMust: 'Ask no origin but that of the issuer, or the ones that are configured for it.',
    fix: 'Name the endpoints in the config of the provider where its origins are known; forbid the server to ask addresses of its own network.',
    ...meta,
  });

/**
 * A sign-in with the other provider whose document lists an endpoint of Logto; judged is whether the app asks there.
 *
 * @param unused why it is not judged in an app that never asks that endpoint of a healthy provider
 */
const elsewhere =
  (endpoint: 'token' | 'userinfo' | 'jwks', unused: string) =>
  async ({ meta, second, armSecond, control, step, notApplicable }: Body) => {
    const { fault } = meta;
    if (!fault) throw new Error(`${meta.id} needs a fault`);
    /** Requests to the endpoint of one issuer while something was done; the lease is exclusive, so they are of this check. */
    const asked = async (tenant: 'first' | 'second', act: () => Promise<unknown>) => {
      const { journal: since } = await control.state();
      await act();
      return control.journal({ since, endpoint, tenant });
    };
    const signIn = async () => demandSession(await (await second.visitor()).signIn());
    const healthy = await step('control', () => asked('second', signIn));
    if (healthy.length === 0) notApplicable(unused);
    await step('fault', async () => {
      await armSecond(fault);
      const victim = await second.visitor();
      const [request] = await asked('first', () => attempt(victim));
      await armSecond();
      if (endpoint === 'token') await demandNoSession(victim);
      demand(
        !request,
        () =>
          `Sent what belongs to the other provider to ${request?.method} ${request?.url} of Logto, as the document of the other said; it is an address of this machine.`,
      );
    });
    await step('recovery', signIn);
  };

declared({
  id: 'mix-up/token-endpoint-elsewhere',
  title: 'sends code and client secret to no token endpoint of another origin',
  fault: 'discovery/token-endpoint-of-other',
  otherwise:
    'A poisoned document collects client secrets and codes, or lets the server ask addresses inside its network.',
})(elsewhere('token', 'the app asks the other provider for no tokens'));

declared({
  id: 'mix-up/userinfo-endpoint-elsewhere',
  title: 'sends its access token to no userinfo endpoint of another origin',
  clauses: ['rfc9700 §4.9', 'asvs 13.2.4'],
  fault: 'discovery/userinfo-endpoint-of-other',
  otherwise:
    'A poisoned document collects access tokens, or lets the server ask addresses inside its network.',
})(elsewhere('userinfo', 'the app does not ask the other provider for userinfo'));

declared({
  id: 'mix-up/jwks-elsewhere',
  title: 'takes the keys of an issuer from no other origin',
  fault: 'discovery/jwks-uri-of-other',
  otherwise:
    'A poisoned document chooses whose signatures count, or lets the server ask addresses inside its network.',
})(elsewhere('jwks', 'the app does not ask the other provider for its keys'));
