import type { Command } from 'commander';
import type { ExplainFlags } from '../actions/explain.js';

const EXAMPLES = `
Examples:
  quality explain eslint/no-undef   what a rule wants, what fixes it, how to silence it
  quality explain TS2322            a code of the compiler
  quality explain src/a.ts:12       what was found there, which tools look at the file, who decides
  quality explain 20261121          what a run did, and why`;

export function addExplain(program: Command): void {
  program
    .command('explain')
    .description('say what a rule is, what is known of a file or a line, or what a run did and why')
    .argument('[what]', 'a rule, a file or file:line, or the id of a run; the newest run when absent')
    .option('--json', 'as data')
    .option('--config <file>', 'config file to use instead of the project’s own')
    .option('--no-color', 'no colours')
    .addHelpText('after', EXAMPLES)
    .action(async (what: string | undefined, flags: ExplainFlags) =>
      (await import('../actions/explain.js')).explainHere(what, flags),
    );
}
