import { type Command, Option } from 'commander';
import { FORMATS } from '../../reporters/registry.js';
import type { ReportFlags } from '../actions/report.js';

const EXAMPLES = `
Examples:
  quality report                              what the newest run found, once more
  quality report --verbose                    with every finding and its source
  quality report --timing                     where the time went
  quality report --format html -o report.html the whole run as a page to look at
  quality report 20261121 --format sarif      an earlier run, for code scanning`;

export function addReport(program: Command): void {
  program
    .command('report')
    .description('what a run found and did, as text or for other programs')
    .argument('[run]', 'its id or the beginning of it; the newest run when absent')
    .addOption(new Option('-f, --format <name>', 'form of the report (text)').choices(Object.keys(FORMATS)))
    .option(
      '-o, --output <file>',
      'write it to this file; a page is written into the folder of the run when nothing takes it',
    )
    .addOption(new Option('-q, --quiet', 'findings only, a line for each'))
    .addOption(new Option('--verbose', 'long lists whole').conflicts('quiet'))
    .addOption(
      new Option('--timing', 'how long each tool took in each step, and what bounds the run').conflicts('format'),
    )
    .addOption(new Option('--trend', 'how it went over the runs so far').conflicts(['format', 'timing']))
    .option('--no-color', 'no colours')
    .addHelpText('after', EXAMPLES)
    .action(async (id: string | undefined, flags: ReportFlags) =>
      (await import('../actions/report.js')).reportOnRun(id, flags),
    );
}
