/** The tasks of a step for people: one line for each tool or chain, however many folders it runs in. */
import type { PlannedStep, PlannedTask } from '../model/plan.js';
import type { ToolUse } from '../model/tool-use.js';
import { AS_CONFIGURED } from './plan-tools.js';
import { type Paint, count, groupBy, showFolders } from './text.js';

export function showTasks(step: PlannedStep, paint: Paint): readonly string[] {
  const groups = groupBy(step.tasks, (task) => JSON.stringify([task.check, nameOf(task), noteOf(task)]));
  return groups.map((tasks) => showGroup(tasks, paint));
}

function showGroup(tasks: readonly PlannedTask[], paint: Paint): string {
  const [first] = tasks;
  if (first === undefined) return '';
  const files = new Set(tasks.flatMap((task) => task.files));
  const size = first.check === 'types' ? AS_CONFIGURED : count(files.size, 'file');
  const folders = showFolders(tasks.map((task) => folderOf(task)));
  const check = first.check === undefined ? '' : `${first.check.padEnd(11)} `;
  return `${check}${nameOf(first)}${folders}  ${paint.dim(`${size}${noteOf(first)}`)}`;
}

/** A chain is its own reason. */
function nameOf({ action, check, links, reason }: PlannedTask): string {
  if (action === 'transform' && check === undefined) return reason;
  return links.map((link) => link.map((use) => use.tool).join(' or ')).join(' → ');
}

/** The reason, where neither the name nor the list of tools says it. */
function noteOf(task: PlannedTask): string {
  const use = task.links[0]?.[0];
  const isSaid = nameOf(task) === task.reason || (use?.evidence === task.reason && use.origin !== 'config');
  return isSaid ? '' : `, ${task.reason}`;
}

/** The folder that sets the task apart: a formatter of the whole repository may follow a linter of one package. */
function folderOf({ links, trigger }: PlannedTask): string {
  const uses: readonly ToolUse[] = [...links.flat(), ...(trigger === undefined ? [] : [trigger])];
  return uses.map(({ root }) => root).reduce((deepest, root) => (root.length > deepest.length ? root : deepest), '');
}
