import type { Command } from 'commander';
import type { PlanFlags } from '../actions/plan.js';
import { type RunFlags, addPlanFlags, requestOf } from '../options.js';

export function addPlan(program: Command): void {
  const command = program
    .command('plan')
    .description('show exactly what run would do, with reasons; nothing is run')
    .argument('[paths...]', 'files, folders or globs');
  addPlanFlags(command)
    .option('--json', 'the plan as data')
    .option('--no-color', 'no colours')
    .action(async (paths: string[], flags: Partial<RunFlags> & PlanFlags) => {
      const { planCommand } = await import('../actions/plan.js');
      await planCommand(requestOf(paths, flags), flags);
    });
}
