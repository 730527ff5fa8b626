/** Any other hook: the workflow of its name in the config, if there is one. */
import { success } from '../model/result.js';
import { openTarget } from '../open.js';
import { runOpened } from '../quality.js';
import type { Answered, Asked } from './asked.js';
import { fixesOfOwn } from './fixes.js';
import { usualRequest } from './wishes.js';

export async function runOwnWorkflow(asked: Asked): Promise<Answered> {
  const { request, hooks, target } = asked;
  const workflow = request.workflow ?? request.hook;
  const wishes = { ...usualRequest(asked), workflow, mode: request.fix ? 'write' : 'check' } as const;
  const opened = await openTarget(wishes, target);
  if (!opened.ok) return opened;
  const base = { fixed: [], leftAlone: [], fixes: [] };
  if (!Object.hasOwn(opened.value.config.workflows, workflow))
    return success({
      ...base,
      kind: 'nothing',
      exitCode: 0,
      what: `the config has no workflow "${workflow}"`,
      reports: [],
    });
  tellCommands(asked);
  const run = await runOpened(wishes, hooks, { opened: opened.value, tree: null });
  if (!run.ok) return run;
  const { exitCode, report } = run.value;
  const told = { ...base, what: workflow, exitCode, reports: [report] };
  if (exitCode !== 0) return success({ ...told, kind: 'blocked', fixes: fixesOfOwn(request, report) });
  return success({ ...told, kind: 'passed', fixed: report.changes.map(({ path }) => path) });
}

/** `commit-msg` is given the file with the message: commands of one's own find it in their environment. */
function tellCommands({ request: { hook, args } }: Asked): void {
  process.env.QUALITY_HOOK = hook;
  for (const [index, arg] of args.entries()) process.env[`QUALITY_HOOK_ARG_${String(index + 1)}`] = arg;
}
