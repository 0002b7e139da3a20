/** Takes the steps of a setup at a tenant, and takes them back: each is written down before it is taken. */
import { ConformanceError } from '../../errors.ts';
import type { Management } from '../management.ts';
import type { ApplicationObject, ConnectorObject, Current, SignInExperience, Step } from './plan.ts';
import { type SetupState, writeState } from './state.ts';

const SIE = '/api/sign-in-exp';
const at = (path: string, id: string) => `${path}/${encodeURIComponent(id)}`;

/** Of a connector only its row is kept: readme, logo and form belong to its package. */
const storedPart = ({ id, connectorId, type, config }: ConnectorObject): ConnectorObject => ({
  id,
  connectorId,
  type,
  config,
});

/** What there is at the tenant. Throws CONF_CLIENT_UNKNOWN. */
export async function readCurrent(management: Management, clientId?: string): Promise<Current> {
  let application: ApplicationObject | undefined;
  if (clientId) {
    const { status, body } = await management.call<ApplicationObject>(
      'GET',
      at('/api/applications', clientId),
      {
        allow: [404],
      },
    );
    if (status === 404)
      throw new ConformanceError({
        code: 'CONF_CLIENT_UNKNOWN',
        what: `the tenant knows no application ${clientId}`,
        expected: 'the id of an application of this tenant (--client-id)',
        remedy: 'correct it, or leave it out: an application is made then.',
        key: 'target.clientId',
      });
    application = body;
  }
  const connectors = await management.call<ConnectorObject[]>('GET', '/api/connectors');
  const { body: experience } = await management.call<SignInExperience>('GET', SIE);
  const sms = connectors.body.find(({ type }) => type === 'Sms');
  return { application, ...(sms && { sms: storedPart(sms) }), experience };
}

/** How many people a tenant has. */
export async function countUsers(management: Management): Promise<number> {
  const { headers } = await management.call('GET', '/api/users?page=1&page_size=1');
  return Number([headers['total-number'] ?? 0].flat()[0]);
}

/** @returns the id of what was made, if something was */
async function take(management: Management, step: Step, mark: string): Promise<string | undefined> {
  switch (step.kind) {
    case 'create application': {
      const json = { ...step.body, description: mark };
      return (await management.call<{ id: string }>('POST', '/api/applications', { json })).body.id;
    }
    case 'change application':
      await management.call('PATCH', at('/api/applications', step.id), { json: step.body });
      return undefined;
    case 'replace connector':
      return (await management.call<{ id: string }>('POST', '/api/connectors', { json: step.body })).body.id;
    case 'change connector':
      await management.call('PATCH', at('/api/connectors', step.id), { json: step.body });
      return undefined;
    case 'change sign-in experience':
      await management.call('PATCH', SIE, { json: step.body });
      return undefined;
  }
}

/**
 * Takes all steps that are not done yet.
 *
 * @param file state file; without one nothing is written down, as for a tenant that is gone afterwards
 * @param progress told each step
 * @returns the id of the application that was made, if one was
 */
export async function applySetup(
  management: Management,
  state: SetupState,
  file: string | undefined,
  progress: (text: string) => void,
): Promise<string | undefined> {
  const write = () => file !== undefined && writeState(file, state);
  for (const entry of state.steps) {
    if (entry.status === 'done') continue;
    entry.status = 'begun';
    write();
    const id = await take(management, entry.step, state.mark);
    entry.status = 'done';
    if (id) entry.id = id;
    write();
    progress(`done: ${entry.step.kind}${id ? ` ${id}` : ''}`);
  }
  return state.steps.find(({ step }) => step.kind === 'create application')?.id;
}

type Entry = SetupState['steps'][number];

/** An application that was made, also where the setup crashed before it heard its id. */
async function madeApplication(management: Management, entry: Entry, mark: string): Promise<string[]> {
  if (entry.id) return [entry.id];
  const { body } = await management.call<{ id: string; description?: string | null }[]>(
    'GET',
    '/api/applications',
  );
  return body.filter(({ description }) => description === mark).map(({ id }) => id);
}

async function takeBack(management: Management, entry: Entry, mark: string): Promise<void> {
  const { step } = entry;
  const gone = { allow: [404] };
  switch (step.kind) {
    case 'create application':
      for (const id of await madeApplication(management, entry, mark))
        await management.call('DELETE', at('/api/applications', id), gone);
      return;
    case 'change application':
      await management.call('PATCH', at('/api/applications', step.id), { json: step.before, ...gone });
      return;
    case 'change connector':
      await management.call('PATCH', at('/api/connectors', step.id), { json: step.before, ...gone });
      return;
    case 'change sign-in experience':
      await management.call('PATCH', SIE, { json: step.before });
      return;
    case 'replace connector':
      return putBack(management, step.before, entry.id);
  }
}

/** The old connector takes the place of ours, with the id that it had; a tenant without one gets rid of ours. */
async function putBack(
  management: Management,
  before: ConnectorObject | undefined,
  made?: string,
): Promise<void> {
  const { body } = await management.call<ConnectorObject[]>('GET', '/api/connectors');
  const now = body.find(({ type }) => type === 'Sms');
  if (before) {
    const { id, connectorId, config } = before;
    if (now?.id === id && now.connectorId === connectorId) {
      await management.call('PATCH', at('/api/connectors', id), { json: { config } });
      return;
    }
    await management.call('POST', '/api/connectors', { json: { id, connectorId, config } });
    return;
  }
  const ours =
    now && (now.id === made || (made === undefined && now.connectorId === 'http-sms')) ? now.id : made;
  if (ours) await management.call('DELETE', at('/api/connectors', ours), { allow: [404] });
}

/** Takes every step back that may have reached the tenant, the last one first. */
export async function undoSetup(
  management: Management,
  state: SetupState,
  file: string,
  progress: (text: string) => void,
): Promise<void> {
  for (const entry of [...state.steps].reverse()) {
    if (entry.status === 'planned') continue;
    await takeBack(management, entry, state.mark);
    entry.status = 'planned';
    delete entry.id;
    writeState(file, state);
    progress(`taken back: ${entry.step.kind}`);
  }
}
