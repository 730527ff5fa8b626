/** Looks at everything that a run needs, without a run. */
import type { Failure } from '../model/failure.js';
import { type Result, failed, success } from '../model/result.js';
import { type Prepared, openTarget, prepare } from '../open.js';
import { findTarget } from '../target.js';
import { type Check, type Health, type Look, healthOf, lookInto, reasonsFor } from './check.js';
import { lookAtHooks } from './hooks.js';
import { type MachineState, lookAtConcurrency, lookAtMachine, lookAtSpeed, readMachineState } from './machine.js';
import { lookAtGit, lookAtNode } from './programs.js';
import { lookAtCloneProgram, lookAtConfig, lookAtTools } from './project.js';
import { lookAtCache, lookAtLocks, lookAtRuns, lookAtSnapshots } from './state.js';

export interface Diagnosis {
  readonly health: Health;
  /** Why it is not healthy, the worst first. */
  readonly reasons: readonly string[];
  readonly root: string;
  readonly checks: readonly Check[];
  readonly machine: MachineState;
}

export interface DoctorRequest {
  readonly cwd: string;
  readonly configFile?: string;
  /** Do what is safe about what is found. */
  readonly fix: boolean;
}

/** The runs that are kept where the config does not say, as it does not load. */
const KEEP_RUNS = 20;

export async function examine(request: DoctorRequest): Promise<Result<Diagnosis, readonly Failure[]>> {
  const found = await findTarget(request.cwd);
  if (!found.ok) return failed([found.failure]);
  const target = found.value;
  const { root, repository } = target;
  const opened = await openTarget(request, target);
  const prepared = opened.ok ? await prepare(opened.value, { ...request, cwd: root, mode: 'check' }) : null;
  const ready: Prepared | null = prepared?.ok === true ? prepared.value : null;
  const machine = await readMachineState(target, ready);
  const keepRuns = opened.ok ? opened.value.config.keepRuns : KEEP_RUNS;
  const looks: Readonly<Record<string, Look>> = {
    node: lookAtNode,
    git: () => lookAtGit(root, repository),
    config: () => lookAtConfig(opened),
    tools: () => lookAtTools(prepared),
    jscpd: () => lookAtCloneProgram(root),
    hooks: () => lookAtHooks(root),
    runs: () => lookAtRuns(target),
    locks: () => lookAtLocks(target),
    cache: () => lookAtCache(target),
    snapshots: () => lookAtSnapshots(target, keepRuns),
    machine: () => Promise.resolve(lookAtMachine(machine)),
    concurrency: () => Promise.resolve(lookAtConcurrency(machine)),
    speed: () => Promise.resolve(lookAtSpeed(ready)),
  };
  const checks: Check[] = [];
  for (const [name, look] of Object.entries(looks)) checks.push(await lookInto(name, look, request.fix));
  return success({ health: healthOf(checks), reasons: reasonsFor(checks), root, checks, machine });
}
