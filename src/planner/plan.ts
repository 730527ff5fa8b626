/** Planning: pure, before any effect. The same request on the same facts and readings gives the same bytes. */
import { durationMs } from '../config/units.js';
import { isWithin } from '../host/paths.js';
import type { CommandSpec } from '../model/command.js';
import { compareText } from '../model/diagnostic.js';
import type { FileFacts } from '../model/file.js';
import type { JsonValue } from '../model/json.js';
import type {
  GateDepth,
  Plan,
  PlannedFiles,
  PlannedPhase,
  PlannedStep,
  PlannedTask,
  Precaution,
} from '../model/plan.js';
import { type Result, success } from '../model/result.js';
import type { ToolSkip } from '../model/tool-use.js';
import { createUseFinder } from './chains.js';
import { commandsOf } from './commands.js';
import type { PlanFacts, PlanRequest } from './facts.js';
import { assessRisk } from './risk.js';
import { type SequencedStep, sequenceSteps } from './sequence.js';
import { chooseStrategy } from './strategy.js';
import type { StepTasks, TaskContext } from './task-context.js';
import { tasksOf } from './tasks.js';

export function makePlan(request: PlanRequest, facts: PlanFacts): Result<Plan> {
  const commands = commandsOf(facts.config);
  const { depth, reason } = chooseGate(request, commands);
  const sequence = sequenceSteps(
    request.workflow,
    commands,
    request.mode === 'write' ? depth : 'none',
    request.priority === 'safety',
  );
  if (!sequence.ok) return sequence;
  const selected =
    request.selected === null ? facts.files : facts.files.filter((file) => request.selected?.has(file.path));
  const bytes = selected.reduce((sum, file) => sum + file.size, 0);
  const wishes = {
    priority: request.priority,
    maxParallel: request.maxParallel,
    parallelExecution: facts.config.parallelExecution,
  };
  const skips = skipsFor(selected, request, facts);
  const steps = planSteps(sequence.value.steps, { request, facts, selected, skips, depth });
  const writes = steps.some((step) => step.effect === 'writes');
  return success({
    version: 1,
    workflow: request.workflow.name,
    mode: request.mode,
    gate: depth,
    gateReason: reason,
    strategy: chooseStrategy({ files: selected.length, bytes }, facts.readings, wishes),
    readings: {
      cores: facts.readings.cores,
      loadPerCore: facts.readings.loadPerCore,
      availableMemoryMiB: Math.round(facts.readings.availableMemory / 1024 ** 2),
    },
    files: plannedFiles(selected, facts, bytes),
    ...(request.workflow.name === 'comprehensive' ? { risk: assessRisk(facts, selected.length, steps) } : {}),
    precautions: precautionsOf(writes && request.mode === 'write', request.snapshot),
    phases: phasesOf(steps),
    skips,
    // They are about the project's commands, not about the files that were asked for.
    findings: request.selected === null ? facts.findings : [],
    ...deferredBy(steps),
    notes: sequence.value.notes,
  });
}

/** A tool that is missing is in nobody's way who has asked for files that it would not look at. */
function skipsFor(asked: readonly FileFacts[], { selected }: PlanRequest, { skips }: PlanFacts): readonly ToolSkip[] {
  if (selected === null) return skips;
  const concerns = ({ root, languages }: ToolSkip): boolean =>
    languages === undefined ||
    asked.some(({ path, language }) => language !== null && languages.includes(language) && isWithin(root, path));
  return skips.map((skip) => (skip.wanted && !concerns(skip) ? { ...skip, wanted: false } : skip));
}

function chooseGate(
  request: PlanRequest,
  commands: ReadonlyMap<string, CommandSpec>,
): { depth: GateDepth; reason: string } {
  const writers = request.workflow.steps
    .map((step) => commands.get(step.command))
    .filter((spec) => spec?.effect === 'writes');
  if (writers.length === 0) return { depth: 'none', reason: 'nothing is written' };
  if (request.mode === 'staged') return { depth: 'syntax', reason: 'every changed file must still parse' };
  if (request.mode !== 'write') return { depth: 'none', reason: 'nothing is written in this mode' };
  if (request.gate !== null) return { depth: request.gate, reason: 'asked for with --gate' };
  if (
    writers.every((spec) => spec?.name === 'format') &&
    !request.workflow.steps.some((step) => step.command === 'verify')
  ) {
    return { depth: 'syntax', reason: 'only formatters write: every changed file must still parse' };
  }
  return { depth: 'findings', reason: 'edits that would cause a new finding are taken back' };
}

interface StepContext {
  readonly request: PlanRequest;
  readonly facts: PlanFacts;
  readonly selected: readonly FileFacts[];
  readonly skips: readonly ToolSkip[];
  readonly depth: GateDepth;
}

function planSteps(sequence: readonly SequencedStep[], context: StepContext): PlannedStep[] {
  const { facts, request } = context;
  const find = createUseFinder(facts.uses);
  const missing = context.skips.filter((skip) => skip.wanted && skip.ofMachine !== true);
  const steps: PlannedStep[] = [];
  for (const { id, spec, written, reason } of sequence) {
    const options = (written.options ?? {}) as Readonly<Record<string, JsonValue>>;
    const tasks: TaskContext = {
      config: facts.config,
      files: facts.files,
      selected: context.selected,
      uses: facts.uses,
      missing,
      find,
      stepId: id,
      options,
    };
    const gate = gateOf(spec, steps, context.depth);
    steps.push({
      id,
      command: spec.name,
      effect: spec.effect,
      reason,
      ...timeoutsOf(written.timeoutMs, context),
      ...(judgesNothing(spec, steps, request.mode)
        ? { tasks: [], skipped: NOTHING_WRITTEN }
        : ofGrain(ofChanged(tasksOf(spec, tasks), writableIn(spec, request)), request.grain)),
      ...(gate === undefined ? {} : { gate }),
      options,
    });
  }
  return steps;
}

/** Of a step that reads nothing is taken away. */
function writableIn({ effect }: CommandSpec, { writable = null }: PlanRequest): ReadonlySet<string> | null {
  return effect === 'writes' ? writable : null;
}

function ofChanged(all: StepTasks, writable: ReadonlySet<string> | null): StepTasks {
  if (writable === null || !all.tasks.some(({ action }) => action === 'transform')) return all;
  const narrowed = all.tasks.map((task) =>
    task.action === 'transform' ? { ...task, files: task.files.filter((path) => writable.has(path)) } : task,
  );
  const tasks = narrowed.filter(({ files }) => files.length > 0);
  return tasks.length > 0 ? { ...all, tasks } : { ...all, tasks, skipped: 'none of its files has changed' };
}

function ofGrain(all: StepTasks, grain: PlanRequest['grain']): StepTasks & Pick<PlannedStep, 'deferred'> {
  const tasks = all.tasks.filter((task) => grain === undefined || partOf(task) === grain);
  const deferred = all.tasks.filter((task) => !tasks.includes(task)).map(({ id }) => id);
  if (grain === undefined || deferred.length === 0) return all;
  return { tasks, deferred, ...(tasks.length === 0 ? { skipped: OTHER_GRAIN[grain] } : {}) };
}

/** In which part of a run it takes part that is made in two: of some files, and of the project as a whole. */
function partOf({ grain, ofSelected }: PlannedTask): PlannedTask['grain'] {
  return ofSelected === true ? 'file' : grain;
}

function deferredBy(steps: readonly PlannedStep[]): Pick<Plan, 'deferred'> {
  const deferred = steps.flatMap((step) => step.deferred ?? []);
  return deferred.length === 0 ? {} : { deferred };
}

const OTHER_GRAIN = {
  file: 'it looks at the project as a whole',
  project: 'it looks at files one by one',
} as const;

const FILE_JOB_MS = 5 * 60_000;

/** What looks at the whole project may take as long as its step, unless somebody has said how long a job may take. */
function timeoutsOf(
  written: number | undefined,
  { request, facts }: StepContext,
): Pick<PlannedStep, 'timeoutMs' | 'jobTimeoutMs'> {
  const { job, step } = facts.config.timeouts;
  const timeoutMs = written ?? durationMs(step);
  const wished = request.timeoutMs ?? (job === undefined ? undefined : durationMs(job));
  const jobTimeoutMs = {
    file: Math.min(timeoutMs, wished ?? FILE_JOB_MS),
    project: Math.min(timeoutMs, wished ?? timeoutMs),
  };
  return { timeoutMs, jobTimeoutMs };
}

const NOTHING_WRITTEN = 'nothing is written in this mode: the verify before stands';

function judgesNothing(spec: CommandSpec, before: readonly PlannedStep[], mode: Plan['mode']): boolean {
  if ((mode !== 'check' && mode !== 'dry-run') || spec.name !== 'verify') return false;
  return before.some((step) => step.effect === 'writes') && before.some((step) => step.command === 'verify');
}

/** A verify judges every writing step between it and the verify before it. */
function gateOf(spec: CommandSpec, before: readonly PlannedStep[], depth: GateDepth): PlannedStep['gate'] {
  if (spec.name !== 'verify' || depth === 'none' || depth === 'syntax') return undefined;
  const baseline = before.findLast((step) => step.command === 'verify');
  if (baseline === undefined) return undefined;
  const judges = before.slice(before.indexOf(baseline) + 1).filter((step) => step.effect === 'writes');
  return judges.length === 0 ? undefined : { baseline: baseline.id, judges: judges.map((step) => step.id) };
}

function plannedFiles(selected: readonly FileFacts[], facts: PlanFacts, bytes: number): PlannedFiles {
  const byLanguage: Record<string, number> = {};
  for (const { language } of selected) byLanguage[language ?? 'other'] = (byLanguage[language ?? 'other'] ?? 0) + 1;
  return {
    total: facts.files.length,
    selected: selected.length,
    bytes,
    byLanguage: Object.fromEntries(Object.entries(byLanguage).sort((a, b) => b[1] - a[1] || compareText(a[0], b[0]))),
    excluded: facts.excluded,
    protected: selected.flatMap(({ path, protection }) =>
      protection === undefined ? [] : [{ path, reason: `${protection.kind}: ${protection.evidence}` }],
    ),
  };
}

function precautionsOf(writes: boolean, snapshot: boolean): Precaution[] {
  if (!writes) return [{ name: 'memory', reason: 'below a floor of free memory the run does not start' }];
  return [
    { name: 'git-state', reason: 'no merge, rebase or bisect in progress, no conflict markers' },
    { name: 'disk', reason: 'room for snapshot, journal and edits' },
    { name: 'memory', reason: 'below a floor of free memory the run does not start' },
    { name: 'lock', reason: 'one writer at a time in this repository' },
    ...(snapshot ? [{ name: 'snapshot', reason: 'tree and index can be brought back whatever happens' } as const] : []),
    { name: 'integrity', reason: 'every changed file is one that an edit names, and still parses' },
  ];
}

/** Neighbours that only read share a phase; a step that writes has one of its own. */
function phasesOf(steps: readonly PlannedStep[]): PlannedPhase[] {
  const groups: PlannedStep[][] = [];
  for (const step of steps) {
    const last = groups.at(-1);
    if (last !== undefined && step.effect === 'reads' && last.every((other) => other.effect === 'reads'))
      last.push(step);
    else groups.push([step]);
  }
  return groups.map((group, index) => ({
    id: `phase-${String(index + 1)}`,
    mode: group.length > 1 ? 'parallel' : 'sequential',
    reason: phaseReason(group),
    steps: group,
  }));
}

function phaseReason(group: readonly PlannedStep[]): string {
  if (group.length > 1) return 'side by side: all of them only read';
  return group[0]?.effect === 'writes'
    ? 'sequential: it writes files that the others read'
    : 'sequential: nothing else reads at this point';
}
