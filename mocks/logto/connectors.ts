/** The connectors of a tenant: which packages it may use, and which of them its stored rows stand for. */

import { loadConnector, type MessageConnector } from './connector.ts';
import type { ConnectorRow, Tenant } from './tenant.ts';

export type MessageType = 'Sms' | 'Email';

/** Logto's own connectors by factory id; one counts when its package is installed. */
const PACKAGES: Readonly<Record<string, string>> = {
  'twilio-short-message-service': '@logto/connector-twilio-sms',
  'http-sms': '@logto/connector-http-sms',
  'http-email': '@logto/connector-http-email',
  'mailgun-email': '@logto/connector-mailgun',
};

export interface Connectors {
  /** The package of a factory id, loaded when it is asked for; undefined when there is none. */
  factory(id: string): Promise<MessageConnector | undefined>;
  /** What `GET /api/connector-factories` lists. */
  factories(): Promise<MessageConnector[]>;
  /** Adds a package that this run brings along. */
  add(name: string, from?: string): Promise<MessageConnector>;
  /** The stored row of a type. */
  row(type: MessageType): ConnectorRow | undefined;
  /** The connector that the tenant stores for a type, or undefined when it stores none. */
  of(type: MessageType): MessageConnector | undefined;
  /** Of a row that is stored. */
  ofRow(row: Pick<ConnectorRow, 'connectorId'>): MessageConnector | undefined;
  /** The connector of this run, whether the tenant stores one or not. */
  first(type: MessageType): MessageConnector | undefined;
}

/** @param offered factory ids that are listed beside those of the run */
export function createConnectors(tenant: Tenant, offered: readonly string[]): Connectors {
  const loaded = new Map<string, MessageConnector>();
  const rows = () => tenant.connectors.findMany();
  const load = async (name: string, from?: string) => {
    let id: string | undefined;
    const config = () => rows().find(({ connectorId }) => connectorId === id)?.config;
    const connector = await loadConnector(name, config, from);
    id = connector.metadata.id;
    loaded.set(id, connector);
    return connector;
  };
  const factory = async (id: string) => {
    const name = Object.hasOwn(PACKAGES, id) ? PACKAGES[id] : undefined;
    return loaded.get(id) ?? (name === undefined ? undefined : load(name).catch(() => undefined));
  };
  const row = (type: MessageType) => rows().find(({ connectorId }) => loaded.get(connectorId)?.type === type);

  return {
    factory,
    async factories() {
      await Promise.all(offered.map(factory));
      return [...loaded.values()];
    },
    add: load,
    row,
    of(type) {
      const stored = row(type);
      return stored && loaded.get(stored.connectorId);
    },
    ofRow: ({ connectorId }) => loaded.get(connectorId),
    first: (type) => [...loaded.values()].find((connector) => connector.type === type),
  };
}
