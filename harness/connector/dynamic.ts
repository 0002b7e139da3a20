/** The dynamic part of the certification: the real connector is made to send, to mocks on this machine. */
import { anyAnswers, carrierAnswers } from '../../mocks/carrier/answers.ts';
import { startCarrier } from '../../mocks/carrier/server.ts';
import type { SmsConnector } from '../../mocks/logto/connector.ts';
import { type Tree, TWILIO_ID } from './analysis.ts';
import type { Attempt, Attempts } from './attempt.ts';
import { knownKeys } from './guard.ts';
import { judgeLeaks, judgeRefusals } from './refusals.ts';
import type { ConnectorFinding, DynamicResult, TemplateRow } from './report.ts';
import { type Sends, sendAll } from './sends.ts';
import { judgeCredentials, judgeScheme } from './transport.ts';
import { judgeInbox, judgeTwilioErrors, judgeTwilioRequests, startTwilioFor } from './twilio-sends.ts';
import { judgeWire } from './wire.ts';

export interface DynamicOptions {
  connector: SmsConnector;
  config: Tree;
  secrets: readonly string[];
  /** What was found without sending. */
  findings: readonly ConnectorFinding[];
  /** Answer of the carrier to a message that it takes, for connectors that look at it. */
  answer?: { status: number; body: unknown };
  /** Seconds that a connector may wait for a silent carrier (default 3); every other send has five times as long. */
  patience?: number;
}

/** Sends every type, then lets the carrier refuse and fail. */
export async function judgeDynamically(
  options: DynamicOptions,
): Promise<{ results: DynamicResult[]; status: Sends['status'] }> {
  const { connector, config, secrets, findings, answer, patience = 3 } = options;
  const all: Attempt[] = [];
  const attempts: Attempts = { connector, config, limitMs: patience * 1000, all };
  const given = answer && { success: { headers: {}, ...answer }, source: 'given' };
  const answers = given ?? carrierAnswers[connector.metadata.id] ?? anyAnswers;
  if (connector.metadata.id === TWILIO_ID) {
    const twilio = await startTwilioFor(config);
    try {
      const sends = await sendAll({
        ...attempts,
        config,
        carrier: twilio.origin,
        secrets,
        findings,
        knownAnswer: true,
      });
      const taken = sends.requests.length > 0 && sends.results.every(({ verdict }) => verdict !== 'fail');
      return {
        status: sends.status,
        results: [
          ...sends.results,
          ...(taken ? await judgeInbox(twilio, sends.requests) : []),
          ...judgeTwilioRequests(
            sends.requests,
            config,
            knownKeys(connector).config?.includes('host') ?? false,
          ),
          ...(await judgeTwilioErrors(twilio, { ...attempts, config, secrets })),
          ...(await judgeWire({ ...attempts, answers, secrets, to: sends.to })),
          ...judgeLeaks(all, secrets),
        ],
      };
    } finally {
      await twilio.close();
    }
  }
  const carrier = await startCarrier({ answer: () => answers.success });
  try {
    const sends = await sendAll({
      ...attempts,
      config,
      carrier: carrier.origin,
      secrets,
      findings,
      knownAnswer: answers !== anyAnswers,
    });
    return {
      status: sends.status,
      results: [
        ...sends.results,
        ...judgeScheme(sends.requests),
        ...judgeCredentials(sends.requests, secrets),
        ...(await judgeRefusals({ ...attempts, answers, secrets, to: sends.to })),
        ...(await judgeWire({ ...attempts, answers, secrets, to: sends.to })),
        ...judgeLeaks(all, secrets),
      ],
    };
  } finally {
    await carrier.close();
  }
}

/** What sending showed about the usage types goes into the table; a later type that is not sent is a finding, too. */
export function withStatus(templates: readonly TemplateRow[], status: Sends['status']): TemplateRow[] {
  return templates.map((row) => {
    const became = status[row.usageType as keyof typeof status];
    return became && row.status !== 'missing' ? { ...row, status: became } : row;
  });
}

/** Counts of a list of findings or results. */
export const count = <Item extends { level?: string; verdict?: string }>(
  items: readonly Item[],
  word: string,
) => items.filter(({ level, verdict }) => level === word || verdict === word).length;
