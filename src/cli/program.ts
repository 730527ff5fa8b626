import { Command } from 'commander';
import { ownVersion } from '../host/own-package.js';
import { addBaseline } from './commands/baseline.js';
import { addCache } from './commands/cache.js';
import { addDoctor } from './commands/doctor.js';
import { addCompletion } from './commands/completion.js';
import { addExplain } from './commands/explain.js';
import { addHistory } from './commands/history.js';
import { addHook } from './commands/hook.js';
import { addInit } from './commands/init.js';
import { addMcp } from './commands/mcp.js';
import { addPlan } from './commands/plan.js';
import { addReport } from './commands/report.js';
import { addRun, addShortcuts } from './commands/run.js';

const EXAMPLES = `
Examples:
  quality run                      verify, format, clean up, verify again
  quality run --check              write nothing; exit 1 where there is something to do
  quality run --dry-run src        print the diff of what would change in src
  quality format src/a.ts          just format one file
  quality plan                     what would run, and why
  quality rollback                 undo the newest run
  quality report --format html     what the newest run found, as a page to look at

Exit codes: 0 nothing left to do, 1 findings or changes remain, 2 usage or config, 3 bug in quality,
4 edits that would have made things worse were taken back, 5 could not restore, 128+n interrupted by signal n`;

export function createProgram(): Command {
  const program = new Command('quality')
    .description('Formats, cleans, dedupes and verifies a codebase, and never leaves it worse than it found it.')
    .version(ownVersion(), '-V, --version')
    .showSuggestionAfterError()
    .showHelpAfterError('Run `quality --help` for the commands and flags.')
    .addHelpText('after', EXAMPLES)
    .exitOverride();
  addRun(program);
  addPlan(program);
  addShortcuts(program);
  addReport(program);
  addExplain(program);
  addHistory(program);
  addCache(program);
  addCompletion(program);
  addHook(program);
  addBaseline(program);
  addDoctor(program);
  addInit(program);
  addMcp(program);
  for (const command of program.commands)
    command
      .exitOverride()
      .showSuggestionAfterError()
      .showHelpAfterError('Run `quality --help` for the commands and flags.');
  return program;
}
