/** `quality plan` for people: the steps in short, then each tool once, with its version, its files and its reason. */
import { type Plan, type PlannedPhase, type PlannedStep, stepsOf } from '../model/plan.js';
import type { ToolSkip } from '../model/tool-use.js';
import { showTasks } from './plan-tasks.js';
import { showTools } from './plan-tools.js';
import { type Paint, count, groupBy, paintFor, showPath, some } from './text.js';

const MOST_EXAMPLES = 3;
const MOST_LANGUAGES = 6;

export function showPlan(plan: Plan, color: boolean): string {
  const paint = paintFor(color);
  const tasks = new Map(stepsOf(plan).map((step) => [step.id, showTasks(step, paint)]));
  const sections = [
    head(plan, paint),
    ...plan.phases.map((phase) => showPhase(phase, tasks, paint)),
    showTools(plan, paint),
    section(
      'already found',
      plan.findings.map(({ tool, message }) => `${tool}: ${message}`),
      paint,
    ),
    section(
      'skipped tools',
      groupBy(plan.skips, ({ reason }) => reason).flatMap((group) => showSkips(group, paint)),
      paint,
    ),
    section('left out', leftOut(plan), paint),
    section('notes', plan.notes, paint),
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

function section(title: string, lines: readonly string[], paint: Paint): string {
  return lines.length === 0 ? '' : [paint.bold(title), ...lines.map((line) => `  ${line}`)].join('\n');
}

function head(plan: Plan, paint: Paint): string {
  const { files, strategy, readings } = plan;
  const languages = Object.entries(files.byLanguage).map(([language, number]) => `${String(number)} ${language}`);
  const part = files.selected === files.total ? '' : ` of ${String(files.total)}`;
  const lines = [
    `${paint.bold(plan.workflow)}${plan.mode === 'write' ? '' : ` (${plan.mode}: nothing is written)`}`,
    `files      ${String(files.selected)}${part}: ${some(languages, MOST_LANGUAGES)}`,
    `strategy   ${strategy.name}: ${strategy.reason}`,
    `parallel   ${String(strategy.parallel)}${upTo(strategy)}: ${strategy.parallelReason}`,
    `machine    ${count(readings.cores, 'core')}, load ${readings.loadPerCore.toFixed(2)} for each, ${String(readings.availableMemoryMiB)} MiB available`,
    `gate       ${plan.gate}: ${plan.gateReason}`,
    ...(plan.risk === undefined
      ? []
      : [`risk       ${plan.risk.level}${plan.risk.reasons.map((reason) => `; ${reason}`).join('')}`]),
    ...plan.precautions.map(
      (precaution, index) => `${(index === 0 ? 'before' : '').padEnd(10)} ${precaution.name}: ${precaution.reason}`,
    ),
  ];
  return lines.join('\n');
}

function upTo({ parallel, mostParallel }: Plan['strategy']): string {
  return mostParallel > parallel ? ` to begin with, up to ${String(mostParallel)}` : '';
}

type TaskLines = ReadonlyMap<string, readonly string[]>;

function showPhase(phase: PlannedPhase, tasks: TaskLines, paint: Paint): string {
  return [
    `${paint.bold(phase.id)}  ${paint.dim(phase.reason)}`,
    ...phase.steps.flatMap((step) => showStep(step, tasks, paint)),
  ].join('\n');
}

function showStep(step: PlannedStep, tasks: TaskLines, paint: Paint): string[] {
  const judged = step.gate === undefined ? '' : `; judges ${step.gate.judges.join(', ')} against ${step.gate.baseline}`;
  const first = `  ${step.id}  ${paint.dim(`${step.effect}, ${step.reason}${judged}`)}`;
  if (step.skipped !== undefined) return [first, `    – ${step.skipped}`];
  const lines = tasks.get(step.id) ?? [];
  const same = [...tasks].find(([, others]) => others.join('\n') === lines.join('\n'))?.[0] ?? step.id;
  const shown = same === step.id || lines.length < 2 ? lines : [`the same as ${same}`];
  return [first, ...shown.map((line) => `    ${line}`)];
}

/** Skips for one reason. */
function showSkips(group: readonly ToolSkip[], paint: Paint): string[] {
  const names = group.map(
    ({ tool, root, wanted }) => `${tool}${root === '' ? '' : ` in ${root}`}${wanted ? paint.red(' (missing)') : ''}`,
  );
  const [first] = group;
  if (first === undefined) return [];
  const hints = new Set(group.map(({ hint }) => hint));
  if (hints.size === 1) return [`${names.join(', ')}: ${first.reason}. ${first.hint}`];
  const each = new Set(group.map(({ tool, hint }) => `  ${tool}: ${hint}`));
  return [`${names.join(', ')}: ${first.reason}`, ...each];
}

function leftOut({ files }: Plan): string[] {
  const all = [
    ...files.excluded.map(({ path, reason, detail }) => ({ path, why: reason, detail })),
    ...files.protected.map(({ path, reason }) => ({ path, why: 'never written', detail: reason })),
  ];
  return groupBy(all, ({ why }) => why).map((group) => {
    const examples = group.map(({ path, detail }) => `${showPath(path)} (${detail})`);
    return `${group[0]?.why ?? ''}: ${count(group.length, 'file')}: ${some(examples, MOST_EXAMPLES)}`;
  });
}
