import type { Command } from 'commander';
import type { HookRunFlags } from '../actions/hook-run.js';
import type { InstallFlags, StatusFlags } from '../actions/hook-install.js';

const NAMES = 'such as pre-commit, pre-push or commit-msg';

export function addHook(program: Command): void {
  const hook = program.command('hook').description('git hooks: what is committed is clean');
  hook
    .command('install')
    .description('have git start quality; hooks of others stay as they are')
    .argument('[hooks...]', `${NAMES}; pre-commit when absent`)
    .option('--optional', 'let git go on where the package is not installed')
    .option('--direct', 'write git’s own hook even where lefthook or another program writes them')
    .action(async (names: string[], flags: InstallFlags) =>
      (await import('../actions/hook-install.js')).hookInstall(names, flags),
    );
  hook
    .command('uninstall')
    .description('take away what install has added, and nothing else')
    .argument('[hooks...]', `${NAMES}; all when absent`)
    .action(async (names: string[]) => (await import('../actions/hook-install.js')).hookUninstall(names));
  hook
    .command('status')
    .description('which hooks are installed, whose they are, and whether they would work')
    .option('--json', 'as data')
    .action(async (flags: StatusFlags) => (await import('../actions/hook-install.js')).showHookStatus(flags));
  hook
    .command('run')
    .description('do what the hook does; git starts it through the installed hook')
    .argument('<hook>', NAMES)
    .argument('[args...]', 'what git gives the hook')
    .option('--no-fix', 'check only')
    .option('--allow-empty', 'let a commit pass of which the fixes leave nothing')
    .action(async (name: string, args: string[], flags: HookRunFlags) =>
      (await import('../actions/hook-run.js')).hookRun(name, args, flags),
    );
}
