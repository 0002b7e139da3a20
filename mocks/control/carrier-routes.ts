/** The carrier: whose a number is, the connector test, chaos. */
import { z } from 'zod';
import { type ChaosInput, chaosSchema } from '../twilio/chaos.ts';
import { type ControlContext, type ControlRoute, id, refused, route } from './route.ts';

const phoneBody = z.strictObject({ phone: z.string() });

export const carrierRoutes = ({ scopes, issuer, carrier }: ControlContext): ControlRoute[] => [
  route<z.infer<typeof phoneBody>>({
    method: 'PUT',
    path: '/scopes/:id/phone',
    summary: 'Remember that a phone number belongs to a scope: apps that send codes of their own name none',
    body: phoneBody,
    run({ params, body }) {
      scopes.bind('phone', body.phone, id(params));
      return { bound: true };
    },
  }),
  route<z.infer<typeof phoneBody>>({
    method: 'POST',
    path: '/scopes/:id/connector-test',
    summary: "Send Logto's connector test message: code 000000 with the Generic template",
    body: phoneBody,
    async run({ params, body }) {
      const to = body.phone.replace(/\D/g, '');
      try {
        await issuer.context.sms.send({
          to,
          type: 'Generic',
          payload: { code: '000000' },
          scope: id(params),
        });
      } catch (error) {
        throw refused(`the connector did not send: ${(error as Error).message}`);
      }
      return { sent: true };
    },
  }),
  route<ChaosInput>({
    method: 'PUT',
    path: '/chaos',
    summary: 'Let a percentage of all messages meet a fault of the carrier, the same ones for the same seed',
    body: chaosSchema,
    run: ({ body }) => carrier.setChaos(body),
  }),
  route({
    method: 'DELETE',
    path: '/chaos',
    summary: 'End the chaos',
    run() {
      carrier.setChaos(null);
      return { ended: true };
    },
  }),
];
