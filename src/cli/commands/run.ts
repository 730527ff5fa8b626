import type { Command } from 'commander';
import { BUILT_IN_COMMANDS } from '../../planner/commands.js';
import type { Request } from '../../open.js';
import { type RunFlags, addRunFlags, requestOf } from '../options.js';

export function addRun(program: Command): void {
  const command = program
    .command('run')
    .description('run a workflow on the repository, or on some of its files')
    .argument('[paths...]', 'files, folders or globs');
  addRunFlags(command, 'run').action((paths: string[], flags: RunFlags) => {
    if (flags.stdin === true) return goStdin(paths, flags);
    return flags.staged === true ? goStaged(flags) : go(requestOf(paths, flags), flags);
  });
}

/** `quality format` is `quality run --only format`, and so on. */
export function addShortcuts(program: Command): void {
  for (const { name, description } of BUILT_IN_COMMANDS) {
    const command = program.command(name).description(description).argument('[paths...]', 'files, folders or globs');
    addRunFlags(command, 'shortcut').action((paths: string[], flags: RunFlags) =>
      go({ ...requestOf(paths, flags), only: [name] }, flags),
    );
  }
}

async function goStaged(flags: RunFlags): Promise<void> {
  const { hookRun } = await import('../actions/hook-run.js');
  await hookRun('pre-commit', [], { ...flags, fix: flags.fix !== false && flags.check !== true });
}

async function goStdin(paths: readonly string[], flags: RunFlags): Promise<void> {
  const { runOnStandardInput } = await import('../actions/stdin.js');
  await runOnStandardInput(requestOf(paths, flags), flags);
}

async function go(request: Request, flags: RunFlags): Promise<void> {
  const { runCommand } = await import('../actions/run.js');
  await runCommand(request, flags);
}
