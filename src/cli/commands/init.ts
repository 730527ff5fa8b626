import type { Command } from 'commander';
import type { InitFlags } from '../actions/init.js';

export function addInit(program: Command): void {
  program
    .command('init')
    .description('propose a config that does what the project does already; written when you say yes')
    .option('-y, --yes', 'write it, and what is offered with it, without a question')
    .option('--dry-run', 'just show it')
    .option('--json', 'the proposal as data')
    .option('--no-hook', 'do not offer the pre-commit hook')
    .option('--no-github', 'do not offer a workflow for GitHub')
    .option('--replace', 'with the hook: take away what it replaces, such as lint-staged')
    .option('--no-color', 'no colours')
    .action(async (flags: InitFlags) => (await import('../actions/init.js')).init(flags));
}
