import type { Command } from 'commander';
import { BUILT_IN_COMMANDS } from '../../planner/commands.js';
import { type RunFlags, addRunFlags, requestOf } from '../options.js';
import { runCommand } from './run.js';

/** `quality format` is `quality run --only format`, and so on. */
export function addShortcuts(program: Command): void {
  for (const { name, description } of BUILT_IN_COMMANDS) {
    const command = program.command(name).description(description).argument('[paths...]', 'files, folders or globs');
    addRunFlags(command, 'shortcut').action((paths: string[], flags: RunFlags) =>
      runCommand({ ...requestOf(paths, flags), only: [name] }, flags),
    );
  }
}
