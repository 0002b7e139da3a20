/** What `POST /api/hooks/:id/test` sends: made-up people and data, in the shape of the event (libraries/hook/utils.ts). */
import { exceptionEvents, type HookEvent, interactionEvents } from './events.ts';

/** @param hookId of the hook that is tried */
export function samplePayload(hookId: string, event: HookEvent): Record<string, unknown> {
  const now = new Date();
  const at = now.getTime();
  const basic = { event, hookId, createdAt: now.toISOString(), userAgent: 'fake-user-agent' };
  const isInteraction = (interactionEvents as readonly string[]).includes(event);
  if (!isInteraction || exceptionEvents.includes(event))
    return {
      ...basic,
      path: '/fake-path/:id',
      method: 'POST',
      status: 200,
      params: { id: 'fake-id' },
      data: { result: 'success' },
    };
  return {
    ...basic,
    sessionId: 'fake-session-id',
    userIp: 'fake-user-ip',
    userId: 'fake-id',
    user: {
      id: 'fake-id',
      username: 'fake-user',
      primaryEmail: 'fake-user@fake-service.com',
      primaryPhone: '1234567890',
      name: 'Fake User',
      avatar: 'https://fake-service.com/avatars/fake-user.png',
      customData: { theme: 'light' },
      identities: { google: { userId: 'fake-google-user-id' } },
      profile: {},
      applicationId: 'fake-application-id',
      cimdClientId: null,
      isSuspended: false,
      lastSignInAt: at,
      createdAt: at,
      updatedAt: at,
    },
    application: {
      id: 'fake-spa-application-id',
      type: 'SPA',
      name: 'Fake Application',
      description: 'Fake application data for testing',
    },
  };
}
