/** Public API: config files, own checks, and runs from code. */
export { check, expect, test } from './check.ts';
export { type Config, type ConfigInput, defineConfig } from './config.ts';
export { type CertifyOptions, certifyConnector } from './connector/certify.ts';
export {
  type ConnectorFinding,
  type ConnectorReport,
  type DynamicResult,
  exitCodeOf,
  type TemplateRow,
} from './connector/report.ts';
export { ConformanceError, ConformanceFailure, demand } from './errors.ts';
export { type Lab, startLab } from './lab.ts';
export { loadConfig } from './load-config.ts';
export {
  accepted,
  demandNoSession,
  demandPage,
  demandSession,
  healthySignIn,
  refused,
  refusedWithPage,
} from './outcomes.ts';
export { type RunOptions, run } from './run.ts';
export { createVisitor, type SignIn, type Visitor } from './visitor.ts';
