import type { Command } from 'commander';
import { plan } from '../../quality.js';
import { showPlan } from '../../reporters/plan-text.js';
import { type RunFlags, addPlanFlags, requestOf } from '../options.js';
import { refuse, wantsColor } from '../terminal.js';

export function addPlan(program: Command): void {
  const command = program
    .command('plan')
    .description('show exactly what run would do, with reasons; nothing is run')
    .argument('[paths...]', 'files, folders or globs');
  addPlanFlags(command)
    .option('--json', 'the plan as data')
    .option('--no-color', 'no colours')
    .action(async (paths: string[], flags: Partial<RunFlags> & { json?: true }) => {
      const prepared = await plan(requestOf(paths, flags));
      if (!prepared.ok) refuse(prepared.failure);
      else if (flags.json === true) process.stdout.write(`${JSON.stringify(prepared.value.plan, null, 2)}\n`);
      else process.stdout.write(showPlan(prepared.value.plan, wantsColor(flags.color, process.stdout)));
    });
}
