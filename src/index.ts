/**
 * The library: `import { run, plan } from 'quality-orchestrator'` does what the command does.
 *
 * ```ts
 * const result = await run({ cwd: process.cwd(), workflow: 'standard', mode: 'check' });
 * if (result.ok) console.log(result.value.exitCode, result.value.report.findings);
 * else console.error(result.failure);
 * ```
 */
export { plan } from './quality.js';
export { rollback } from './rollback.js';
export { fixBuffer } from './buffer.js';
export type { BufferOutcome, Buffered } from './buffer.js';
export { run } from './run.js';
export type { Hooks, RunResult } from './run.js';
export type { Opened, Prepared, Request } from './open.js';
export { changesOf, findRun, pastRuns, patchOfRun } from './history.js';
export type { PastRun, RolledBack } from './history.js';
export type { RollbackRequest, RolledBackRun } from './rollback.js';
export type { Config, ConfigInput } from './config/schema.js';
export type { Diagnostic, Position, Severity } from './model/diagnostic.js';
export type { EditRecord } from './model/edit.js';
export type { Event, EventBody, EventType } from './model/event.js';
export type { Failure, FailureKind } from './model/failure.js';
export type { Plan, PlannedPhase, PlannedStep, PlannedTask, Strategy } from './model/plan.js';
export type { Report } from './model/report.js';
export type { Result } from './model/result.js';
