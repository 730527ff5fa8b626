/** The tasks of `verify`: every check that was asked for, by every tool that the project has for it. */
import type { FileFacts } from '../model/file.js';
import type { JsonValue } from '../model/json.js';
import type { PlannedTask } from '../model/plan.js';
import type { ToolUse } from '../model/tool-use.js';
import { toolOf } from '../tools/registry.js';
import { linksFor } from './chains.js';
import { type StepTasks, type TaskContext, ownUse } from './task-context.js';

export function verifyTasks(context: TaskContext): StepTasks {
  const checks = listOption(context.options.checks) ?? context.config.verify.checks;
  const tasks = [...checks.flatMap((check) => CHECK_TASKS[check]?.(context) ?? []), ...testTasks(context)];
  if (tasks.length > 0 || context.missing.length > 0) return { tasks };
  return { tasks, skipped: 'the project uses no tool that could check anything' };
}

const CHECK_TASKS: Readonly<Record<string, (context: TaskContext) => PlannedTask[]>> = {
  format: formatChecks,
  lint: (context) => checksByRole('lint', 'lint', context),
  types: (context) => checksByRole('types', 'types', context),
  'dead-code': (context) => checksByRole('dead-code', 'dead-code', context),
  duplication: (context) => checksByRole('duplication', 'duplication', context),
  syntax: (context) => checksByRole('syntax', 'syntax', context),
};

/** A formatter is asked what it would make of each file; the answer is kept, so that formatting needs no second look. */
function formatChecks(context: TaskContext): PlannedTask[] {
  const groups = new Map<string, { use: ToolUse; files: string[] }>();
  for (const file of context.selected) {
    for (const [use] of linksFor(file, context.config, context.find)) {
      if (use?.roles[0] !== 'format') continue;
      const group = groups.get(use.id) ?? { use, files: [] };
      group.files.push(file.path);
      groups.set(use.id, group);
    }
  }
  return [...groups.values()].map(({ use, files }) => ({
    id: `${context.stepId}/format/${use.id}`,
    action: 'transform',
    links: [[use]],
    files,
    grain: 'file',
    check: 'format',
    reason: use.evidence,
  }));
}

function checksByRole(check: string, role: ToolUse['roles'][number], context: TaskContext): PlannedTask[] {
  return context.uses
    .filter((use) => use.roles.includes(role))
    .map((use): PlannedTask => {
      const { grain } = toolOf(use);
      const files = filesOfUse(use, context, grain);
      return {
        id: `${context.stepId}/${check}/${use.id}`,
        action: 'check',
        links: [[use]],
        files,
        grain,
        check,
        reason: use.evidence,
      };
    })
    .filter((task) => task.files.length > 0);
}

function filesOfUse(use: ToolUse, context: TaskContext, grain: 'file' | 'project'): string[] {
  const candidates = grain === 'project' ? context.files : context.selected;
  const takes =
    grain === 'project'
      ? (file: FileFacts) => toolOf(use).takes(use, file)
      : (file: FileFacts) => context.find(use.tool, file)?.id === use.id;
  return candidates.filter(takes).map((file) => file.path);
}

function testTasks(context: TaskContext): PlannedTask[] {
  const tests = linesOption(context.options.tests) ?? context.config.verify.tests;
  return tests.map((run): PlannedTask => {
    const use = ownUse(`test:${run.join(' ')}`, 'check', { run: [...run] }, 'config verify.tests');
    return {
      id: `${context.stepId}/tests/${use.id}`,
      action: 'check',
      links: [[use]],
      files: context.files.map((file) => file.path),
      grain: 'project',
      check: 'tests',
      reason: use.evidence,
    };
  });
}

/** Command lines, each an argument list. */
function linesOption(value: JsonValue | undefined): readonly (readonly string[])[] | null {
  return Array.isArray(value) ? value.map((line: JsonValue) => listOption(line) ?? []) : null;
}

function listOption(value: JsonValue | undefined): readonly string[] | null {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : null;
}
