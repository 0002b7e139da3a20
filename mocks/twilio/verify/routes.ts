/** https://verify.twilio.com/v2: the frame around its resources, as `api.ts` is for the 2010-04-01 API. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Clock } from '../../clock.ts';
import type { HttpAnswer } from '../../fault.ts';
import type { FaultName } from '../../faults.ts';
import type { Scopes } from '../../scope.ts';
import { credentialsOf, opens, type TwilioAccount } from '../accounts.ts';
import { queryOf, refuseCredentials, scopeOf } from '../api.ts';
import { armedFaults, isLost } from '../armed.ts';
import type { Chaos } from '../chaos.ts';
import type { SendAnswer } from '../exchange.ts';
import type { LifeCycle } from '../life-cycle.ts';
import { type Form, one, type StoredMessage } from '../message.ts';
import { asVerify, verifyError } from './errors.ts';
import { createResources } from './resources.ts';
import { createVerifyServices, VERIFY_ORIGIN } from './services.ts';
import { createVerifications } from './verifications.ts';

export interface VerifyOptions {
  accounts(): readonly TwilioAccount[];
  scopes: Scopes;
  clock: Clock;
  chaos: Chaos;
  send: SendAnswer;
  lifeCycle: LifeCycle;
  /** Told each verification that was not started. */
  onRefusal(refusal: { form: Form; answer: HttpAnswer; url: string; scope: string | undefined }): void;
}

export interface Verify {
  /** A text message that a verification sent. */
  message(sid: string): StoredMessage | undefined;
  reset(): void;
}

const CODES = ['Code', 'CustomCode'];

export function mountVerify(app: FastifyInstance, options: VerifyOptions): Verify {
  const { accounts, scopes, clock, chaos, send } = options;
  const services = createVerifyServices(() => clock.now());
  const verifications = createVerifications((scope) => clock.now(scope));
  const { resources, message, clear } = createResources({ ...options, services, verifications });

  /** The scope of a check that names no number is that of its verification. */
  const scopeOfCall = (request: FastifyRequest) =>
    scopeOf(request, scopes) ??
    verifications.scopeOf(
      one((request.body as Form | undefined)?.VerificationSid) ||
        (request.url.match(/VE[0-9a-f]{32}/)?.[0] ?? ''),
    );

  app.all('/v2/*', (request, reply) => {
    const path = request.url.split('?')[0] as string;
    const scope = scopeOfCall(request);
    const form = (request.body ?? {}) as Form;
    const found = resources.find(({ pattern }) => pattern.test(path));
    const creates = found?.name === 'verifications' && request.method === 'POST';
    const answer = (it: HttpAnswer, armed: readonly FaultName[] = []) => {
      if (creates && isLost(it)) options.onRefusal({ form, answer: it, url: VERIFY_ORIGIN + path, scope });
      return send(request, reply, it, {
        scope,
        armed,
        resource: found?.name ?? 'unknown',
        origin: VERIFY_ORIGIN,
        endpoint: 'verify',
        codes: CODES,
      });
    };
    if (!found) return answer(verifyError(20404, { uri: path }));
    // These paths name no account: the credentials say whose services are meant.
    const credentials = credentialsOf(request.headers.authorization);
    const account = credentials && accounts().find((row) => opens(credentials, row));
    if (!account) return answer(refuseCredentials(request, accounts()));
    const handler = found.methods[request.method];
    if (!handler) return answer(verifyError(20004));
    const met = armedFaults({ scopes, chaos }, scope, creates ? one(form.To) : undefined);
    if (met.refuses) return answer(asVerify(met.answer as HttpAnswer), met.error);
    const [, ...ids] = found.pattern.exec(path) ?? [];
    const { delivery } = met;
    const healthy = handler({ account, form, query: queryOf(request), path, scope, delivery }, ...ids);
    return answer(
      { ...healthy, wire: met.answer?.wire, slowMs: met.answer?.slowMs },
      creates ? [...met.error, ...delivery] : met.error,
    );
  });

  return {
    message,
    reset() {
      services.reset();
      verifications.clear();
      clear();
    },
  };
}
