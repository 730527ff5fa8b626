import type { Config } from './schema.js';

/**
 * The config of a project that has none, as a literal: for it neither zod nor a parser has to be loaded. A test compares
 * it with what the schema says.
 */
export const DEFAULT_CONFIG: Config = frozen({
  defaultWorkflow: 'standard',
  workflows: {},
  commands: {},
  formatters: {},
  verify: { checks: ['format', 'lint', 'types', 'dead-code'], tests: [] },
  cleanup: { level: 'safe', organizeImports: false },
  dedupe: { minLines: 6, minTokens: 50, threshold: 100, apply: false },
  parallelExecution: true,
  priority: 'balanced',
  createSnapshots: true,
  autoCleanup: true,
  keepRuns: 20,
  maxFileSize: '10MiB',
  excludedPatterns: [],
  timeouts: { step: '30m' },
  onFailure: 'continue',
  onRegression: 'bisect',
});

function frozen<T extends object>(value: T): T {
  for (const member of Object.values(value))
    if (typeof member === 'object' && member !== null) frozen(member as object);
  return Object.freeze(value);
}
