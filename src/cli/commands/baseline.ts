import type { Command } from 'commander';
import type { BaselineFlags } from '../actions/baseline.js';

const WORKFLOW = ['-w, --workflow <name>', 'whose findings; what verify finds when absent'] as const;

export function addBaseline(program: Command): void {
  const baseline = program
    .command('baseline')
    .description('findings that are accepted for now: runs fail for new ones');
  baseline
    .command('create')
    .description('write down every finding there is')
    .option(...WORKFLOW)
    .option('--force', 'write it anew where there is one')
    .action(async (flags: BaselineFlags) => (await import('../actions/baseline.js')).baselineCreate(flags));
  baseline
    .command('update')
    .description('drop what no longer occurs and follow what has moved')
    .option(...WORKFLOW)
    .option('--force', 'add new findings as well')
    .action(async (flags: BaselineFlags) => (await import('../actions/baseline.js')).baselineUpdate(flags));
  baseline
    .command('check')
    .description('exit 1 where there are new findings, or entries that no longer occur')
    .option(...WORKFLOW)
    .action(async (flags: BaselineFlags) => (await import('../actions/baseline.js')).baselineCheck(flags));
}
