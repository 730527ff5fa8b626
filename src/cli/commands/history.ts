import type { Command } from 'commander';
import type { RollbackFlags } from '../actions/history.js';
import type { RecoverFlags } from '../actions/recover.js';

export function addHistory(program: Command): void {
  program
    .command('diff')
    .description('show what a run changed, or a dry run would have, as a unified diff')
    .argument('[run]', 'its id or the beginning of it; the newest run with changes when absent')
    .action(async (id: string | undefined) => (await import('../actions/history.js')).showRunDiff(id));
  program
    .command('rollback')
    .description('bring the files back to what they were before a run')
    .argument('[run]', 'its id or the beginning of it; the newest run that wrote something when absent')
    .option(
      '--snapshot',
      'bring back everything as it was before the run, git’s index included, not just what the run changed',
    )
    .action(async (id: string | undefined, flags: RollbackFlags) =>
      (await import('../actions/history.js')).rollBackRun(id, flags),
    );
  program
    .command('runs')
    .description('list the runs that are kept here')
    .action(async () => (await import('../actions/history.js')).listRunsHere());
  program
    .command('recover')
    .description('take back what a run that was killed has left half done; every other command does so by itself')
    .option(
      '--force',
      'also what processes on other machines or in other containers have left; make sure that none of them is at work',
    )
    .action(async (flags: RecoverFlags) => (await import('../actions/recover.js')).recoverHere(flags));
}
