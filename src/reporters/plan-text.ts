/** `quality plan` for people. */
import { type Plan, type PlannedPhase, type PlannedStep, type PlannedTask, usesOf } from '../model/plan.js';
import { type Paint, count, paintFor, showPath } from './text.js';

const MOST_EXAMPLES = 5;

export function showPlan(plan: Plan, color: boolean): string {
  const paint = paintFor(color);
  const sections = [
    head(plan, paint),
    ...plan.phases.map((phase) => showPhase(phase, paint)),
    tools(plan, paint),
    skips(plan, paint),
    leftOut(plan, paint),
    notes(plan, paint),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function head(plan: Plan, paint: Paint): string {
  const { files, strategy, readings } = plan;
  const languages = Object.entries(files.byLanguage).map(([language, number]) => `${String(number)} ${language}`);
  const lines = [
    `${paint.bold(plan.workflow)}${plan.mode === 'write' ? '' : ` (${plan.mode}: nothing is written)`}`,
    `files      ${String(files.selected)} of ${String(files.total)}: ${languages.join(', ')}`,
    `strategy   ${strategy.name}: ${strategy.reason}`,
    `parallel   ${String(strategy.parallel)}: ${strategy.parallelReason}`,
    `machine    ${String(readings.cores)} cores, load ${readings.loadPerCore.toFixed(2)} for each, ${String(readings.availableMemoryMiB)} MiB available`,
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

function showPhase(phase: PlannedPhase, paint: Paint): string {
  return [
    `${paint.bold(phase.id)}  ${paint.dim(phase.reason)}`,
    ...phase.steps.flatMap((step) => showStep(step, paint)),
  ].join('\n');
}

function showStep(step: PlannedStep, paint: Paint): string[] {
  const judged = step.gate === undefined ? '' : `; judges ${step.gate.judges.join(', ')} against ${step.gate.baseline}`;
  const first = `  ${step.id}  ${paint.dim(`${step.effect}, ${step.reason}${judged}`)}`;
  if (step.skipped !== undefined) return [first, `    – ${step.skipped}`];
  return [first, ...step.tasks.map((task) => `    ${showTask(task, paint)}`)];
}

function showTask(task: PlannedTask, paint: Paint): string {
  const chain = task.links.map((link) => link.map((use) => use.id).join(' or '));
  const names = [...(task.trigger === undefined ? [] : [task.trigger.id]), ...chain].join(' → ');
  const scope = task.links[0]?.[0]?.scope;
  const from = scope === null || scope === undefined ? '' : `, scope from ${scope.from}: ${scope.include.join(' ')}`;
  return `${task.check === undefined ? '' : `${task.check.padEnd(9)} `}${names}  ${paint.dim(`${count(task.files.length, 'file')}, ${task.reason}${from}`)}`;
}

function tools(plan: Plan, paint: Paint): string {
  const uses = usesOf(plan).filter((use) => use.origin !== 'config');
  if (uses.length === 0) return '';
  const lines = uses.map((use) => `  ${use.id.padEnd(24)} ${use.version.padEnd(10)} ${use.origin}`);
  return [paint.bold('tools'), ...lines].join('\n');
}

function skips(plan: Plan, paint: Paint): string {
  if (plan.skips.length === 0) return '';
  const lines = plan.skips.map(
    ({ tool, root, reason, hint, wanted }) =>
      `  ${tool}${root === '' ? '' : ` in ${root}`}${wanted ? paint.red(' (missing)') : ''}: ${reason}. ${hint}`,
  );
  return [paint.bold('skipped tools'), ...lines].join('\n');
}

function leftOut(plan: Plan, paint: Paint): string {
  const groups = new Map<string, string[]>();
  for (const { path, reason, detail } of plan.files.excluded)
    groups.set(reason, [...(groups.get(reason) ?? []), `${showPath(path)} (${detail})`]);
  for (const { path, reason } of plan.files.protected)
    groups.set('never written', [...(groups.get('never written') ?? []), `${showPath(path)} (${reason})`]);
  if (groups.size === 0) return '';
  const lines = [...groups].map(([reason, paths]) => {
    const rest = paths.length - MOST_EXAMPLES;
    return `  ${reason}: ${count(paths.length, 'file')}: ${paths.slice(0, MOST_EXAMPLES).join(', ')}${rest > 0 ? `, and ${String(rest)} more` : ''}`;
  });
  return [paint.bold('left out'), ...lines].join('\n');
}

function notes(plan: Plan, paint: Paint): string {
  return plan.notes.length === 0 ? '' : [paint.bold('notes'), ...plan.notes.map((note) => `  ${note}`)].join('\n');
}
