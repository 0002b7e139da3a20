/** What Logto asked its connectors to send, by usage type: which flow of which check sent each. */

/** Messages of one type through one connector. */
export interface SentRow {
  /** Factory id, such as `twilio-short-message-service`. */
  connector: string;
  /** `Sms` or `Email`. */
  kind: string;
  /** Logto's TemplateType, such as `SignIn`. */
  type: string;
  count: number;
  /** Labels of the scopes that they were sent in: ids of checks, `smoke`, `person`. */
  by: string[];
}

export interface SentTally {
  note(message: Pick<SentRow, 'connector' | 'kind' | 'type'> & { label: string | undefined }): void;
  rows(): SentRow[];
}

/** Labels that are remembered of one type; a catalogue has some hundreds of checks. */
const LABELS_MAX = 5_000;

export function createSentTally(): SentTally {
  const rows = new Map<string, Omit<SentRow, 'by'> & { by: Set<string> }>();
  return {
    note({ connector, kind, type, label = 'person' }) {
      const key = `${connector} ${type}`;
      const row = rows.get(key) ?? { connector, kind, type, count: 0, by: new Set() };
      row.count += 1;
      if (row.by.size < LABELS_MAX) row.by.add(label);
      rows.set(key, row);
    },
    rows: () => [...rows.values()].map((row) => ({ ...row, by: [...row.by].sort() })),
  };
}
