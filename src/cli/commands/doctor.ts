import type { Command } from 'commander';
import type { DoctorFlags } from '../actions/doctor.js';

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('look at everything that a run needs: programs, config, tools, hooks, locks, cache, machine')
    .option('--fix', 'do what is safe: take away stale locks, damaged cache entries, old snapshots')
    .option('--json', 'what was found as data')
    .option('--config <file>', 'config file to use instead of the project’s own')
    .option('--no-color', 'no colours')
    .action(async (flags: DoctorFlags) => (await import('../actions/doctor.js')).doctor(flags));
}
