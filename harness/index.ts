/** Public API: config files, own checks, and runs from code. */
export { check, expect, test } from './check/check.ts';
export {
  accepted,
  demandNoSession,
  demandPage,
  demandSession,
  healthySignIn,
  refused,
  refusedWithPage,
} from './check/outcomes.ts';
export { type Config, type ConfigInput, defineConfig } from './config/config.ts';
export { loadConfig } from './config/load-config.ts';
export { type CertifyOptions, certifyConnector } from './connector/certify.ts';
export {
  type ConnectorFinding,
  type ConnectorReport,
  type DynamicResult,
  exitCodeOf,
  type TemplateRow,
} from './connector/report.ts';
export { ConformanceError, ConformanceFailure, demand } from './errors.ts';
export { type Lab, startLab } from './lab/lab.ts';
export { run } from './run/run.ts';
export type { RunOptions } from './run/run-options.ts';
export { createVisitor, type SignIn, type Visitor } from './visitor/visitor.ts';
