/** The static part of the certification: everything that can be said without sending. */
import type { SmsConnector } from '../../mocks/logto/connector.ts';
import { type Analysis, createTeller, TWILIO_ID } from './analysis.ts';
import { judgeByGuard, knownKeys, requiredTypes } from './guard.ts';
import { configObject, judgeKeys } from './keys.ts';
import { keyPathOf } from './places.ts';
import type { ConnectorFinding, TemplateRow } from './report.ts';
import { judgeSender } from './sender.ts';
import type { Source } from './source.ts';
import { judgeTemplates, templateTable } from './templates.ts';
import { judgeRiskCheck, judgeTwilioFields } from './twilio-fields.ts';
import { USAGE_TYPES } from './usage-types.ts';
import { judgeValues } from './values.ts';

export interface StaticResult {
  findings: ConnectorFinding[];
  templates: TemplateRow[];
  /** The config, when the file holds one that can be looked at. */
  config: Record<string, unknown> | undefined;
}

const LEVELS = ['error', 'warning', 'note'];

/** Judges a config, first by the connector's own guard, then by what the guard lets pass. */
export function judgeStatically(source: Source, connector: SmsConnector): StaticResult {
  const findings: ConnectorFinding[] = [...source.findings];
  const known = knownKeys(connector);
  const config = source.value === undefined ? undefined : configObject(source, known, findings);
  if (!config) {
    return {
      findings,
      templates: USAGE_TYPES.map((usageType) => ({ usageType, status: 'not judged' as const })),
      config: undefined,
    };
  }
  const analysis: Analysis = {
    source,
    config,
    connector,
    twilio: connector.metadata.id === TWILIO_ID,
    tell: createTeller(source, findings),
  };
  const required = requiredTypes(connector, config);
  const explained = judgeKeys(analysis, known);
  const settled = judgeValues(analysis);
  const missingTypes = judgeTemplates(analysis, required, explained);
  const toldOf = new Set(
    findings.filter(({ code }) => code === 'locale-template').map(({ keyPath }) => keyPath),
  );
  judgeByGuard(
    analysis,
    (path) => explained.has(keyPathOf(path)) || toldOf.has(keyPathOf(path)),
    missingTypes,
  );
  // What Twilio's connector does not know is dropped, and told as that.
  if (!analysis.twilio) judgeSender(analysis, settled);
  if (analysis.twilio) {
    judgeTwilioFields(analysis, settled);
    judgeRiskCheck(analysis);
  }
  findings.sort(
    (a, b) => a.line - b.line || a.column - b.column || LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level),
  );
  return { findings, templates: templateTable(analysis, required), config };
}
