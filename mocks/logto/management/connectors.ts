/** /api/connectors and /api/connector-factories: recordings 002 to 021 and 649. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod/v3';
import { connectorError } from '../api-routes.ts';
import { connectorFolder, type MessageConnector } from '../connector.ts';
import type { LogtoContext } from '../context.ts';
import { assertThat, isZodError, LogtoError, zodFailure } from '../errors.ts';
import { guard, guardBody } from '../guard.ts';
import { customAlphabet } from '../ids.ts';
import { EMAIL, PHONE } from '../phones.ts';
import type { ConnectorRow } from '../tenant.ts';

const shortId = customAlphabet('0123456789abcdefghijklmnopqrstuvwxyz', 12);
const json = z.record(z.string(), z.unknown());

const bodies = {
  create: z.object({
    id: z.string().min(1).max(128).optional(),
    connectorId: z.string().min(1).max(128),
    config: json.optional(),
    metadata: json.optional(),
    syncProfile: z.boolean().optional(),
    enableTokenStorage: z.boolean().optional(),
  }),
  change: z.object({
    config: json.optional(),
    metadata: json.optional(),
    syncProfile: z.boolean().optional(),
    enableTokenStorage: z.boolean().optional(),
  }),
  test: z.object({
    phone: z.string().regex(PHONE).optional(),
    email: z.string().regex(EMAIL).optional(),
    config: json,
    locale: z.string().optional(),
  }),
};

const fileOf = (connector: MessageConnector, name: unknown): string | undefined => {
  const folder = connectorFolder(connector);
  if (typeof name !== 'string' || !folder) return undefined;
  try {
    return readFileSync(path.join(folder, name), 'utf8');
  } catch {
    return undefined;
  }
};

/** The metadata with its files read in, as Logto's loader does it: the readme as text, logos as data URLs. */
function metadataOf(connector: MessageConnector): Record<string, unknown> {
  const { logo, readme, ...rest } = connector.metadata as Record<string, unknown>;
  const isFile = typeof logo === 'string' && !/^(https?|data):/.test(logo);
  const picture = isFile ? fileOf(connector, logo) : undefined;
  return {
    ...rest,
    logo:
      picture === undefined ? logo : `data:image/svg+xml;base64,${Buffer.from(picture).toString('base64')}`,
    readme: fileOf(connector, readme) ?? readme,
  };
}

/** @throws LogtoError connector.invalid_config (400) with what the connector's own guard found (recordings 003, 004) */
function guardConfig(connector: MessageConnector, config: unknown): void {
  const { success, error } = connector.configGuard.safeParse(config);
  if (success) return;
  throw isZodError(error)
    ? zodFailure('connector.invalid_config', error)
    : new LogtoError('connector.invalid_config', { data: error });
}

/** Empty values go, as Logto's cleanDeep makes them. */
const cleaned = (value: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => {
      if (item === undefined || item === null || item === '') return [];
      if (typeof item !== 'object') return [[key, item]];
      if (Array.isArray(item)) return item.length > 0 ? [[key, item]] : [];
      const inner = cleaned(item as Record<string, unknown>);
      return Object.keys(inner).length > 0 ? [[key, inner]] : [];
    }),
  );

export function registerConnectors(scope: FastifyInstance, context: LogtoContext): void {
  const connectors = {
    factory: (id: string) => context.connectors.factory(id),
    factories: () => context.connectors.factories(),
    ofRow: (row: ConnectorRow) => context.connectors.ofRow(row),
  };
  const view = (row: ConnectorRow) => {
    const connector = connectors.ofRow(row);
    return {
      id: row.id,
      syncProfile: row.syncProfile,
      enableTokenStorage: false,
      config: row.config,
      metadata: row.metadata,
      connectorId: row.connectorId,
      ...(connector && without(metadataOf(connector), 'id')),
      type: connector?.type,
      isDemo: false,
      extraInfo: {},
    };
  };
  const find = (id: string): ConnectorRow => {
    const row = context.tenant.connectors.findFirst((q) => q.where({ id }));
    assertThat(row, 'entity.not_exists_with_id', { status: 404, values: { name: 'connectors', id } });
    return row;
  };

  scope.get('/api/connector-factories', async () => {
    const all = await connectors.factories();
    return all.map((connector) => ({ type: connector.type, isDemo: false, ...metadataOf(connector) }));
  });
  scope.get<{ Params: { id: string } }>('/api/connector-factories/:id', async ({ params }) => {
    const connector = await connectors.factory(params.id);
    assertThat(connector, 'entity.not_found', { status: 404 });
    return { type: connector.type, isDemo: false, ...metadataOf(connector) };
  });
  scope.get('/api/connectors', async (request) => {
    const { target } = guard('query', z.object({ target: z.string().optional() }), request.query);
    const rows = context.tenant.connectors.findMany();
    return rows.filter((row) => !target || connectors.ofRow(row)?.metadata.target === target).map(view);
  });
  scope.get<{ Params: { id: string } }>('/api/connectors/:id', async ({ params }) => view(find(params.id)));

  scope.post('/api/connectors', async (request) => {
    const { id, connectorId, config, metadata, syncProfile } = guardBody(bodies.create, request);
    const connector = await connectors.factory(connectorId);
    assertThat(connector, 'connector.not_found_with_connector_id', { status: 422 });
    if (config) guardConfig(connector, config);
    // Only one connector of a type works at a time: a new one takes the place of the old one (recording 011).
    for (const row of context.tenant.connectors.findMany())
      if (connectors.ofRow(row)?.type === connector.type) context.tenant.connectors.delete(row);
    const row = await context.tenant.connectors.create({
      id: id ?? shortId(),
      connectorId,
      config: cleaned(config ?? {}),
      metadata: cleaned(metadata ?? {}),
      syncProfile: syncProfile ?? false,
      createdAt: Date.now(),
    });
    return view(row);
  });

  scope.patch<{ Params: { id: string } }>('/api/connectors/:id', async (request) => {
    const body = guardBody(bodies.change, request);
    const row = find(request.params.id);
    const connector = connectors.ofRow(row);
    assertThat(!body.metadata, 'connector.cannot_overwrite_metadata_for_non_standard_connector');
    assertThat(!body.syncProfile, 'connector.invalid_type_for_syncing_profile', { status: 422 });
    assertThat(!body.enableTokenStorage, 'request.feature_not_supported', { status: 422 });
    if (body.config && connector) guardConfig(connector, body.config);
    const updated = await context.tenant.connectors.update((q) => q.where({ id: row.id }), {
      data(draft) {
        if (body.config) draft.config = cleaned(body.config);
      },
    });
    return view(updated ?? row);
  });

  scope.delete<{ Params: { id: string } }>('/api/connectors/:id', async ({ params }, reply) => {
    const { id } = find(params.id);
    context.tenant.connectors.delete((q) => q.where({ id }));
    return reply.code(204).send();
  });

  scope.post<{ Params: { id: string } }>('/api/connectors/:id/test', async (request, reply) => {
    const { phone, email, config, locale } = guardBody(bodies.test, request);
    const subject = phone ?? email;
    assertThat(subject, 'guard.invalid_input', { values: { type: undefined } });
    const connector = await connectors.factory(request.params.id);
    assertThat(connector, 'connector.not_found', {
      values: { type: phone ? 'Sms' : 'Email', factoryId: request.params.id },
    });
    assertThat(connector.type === (phone ? 'Sms' : 'Email'), 'connector.unexpected_type');
    const asking = context.scopeOf(request);
    if (phone) context.scopes.bind('phone', `+${phone}`, asking);
    const message = {
      to: subject,
      type: 'Generic',
      payload: { code: '000000', ...(locale && { locale }) },
      scope: asking,
      config,
      ip: request.ip,
    };
    try {
      await (phone ? context.sms.send(message, connector) : context.email.send(message, connector));
    } catch (error) {
      throw connectorError(error);
    }
    return reply.code(204).send();
  });
}

const without = (values: Record<string, unknown>, name: string): Record<string, unknown> => {
  const { [name]: _, ...rest } = values;
  return rest;
};
