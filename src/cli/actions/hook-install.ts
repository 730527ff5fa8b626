import { installHooks } from '../../hook/install.js';
import { hookNames } from '../../hook/install-names.js';
import type { InstallOutcomes } from '../../hook/install-outcome.js';
import { uninstallHooks } from '../../hook/install-remove.js';
import { type HookState, type HookStatus, type Reach, hookStatus } from '../../hook/install-status.js';
import { count, showPath } from '../../reporters/text.js';
import { refuse } from '../terminal.js';

export interface InstallFlags {
  readonly optional?: true;
  readonly direct?: true;
}

export interface StatusFlags {
  readonly json?: true;
}

export async function hookInstall(words: readonly string[], { optional, direct }: InstallFlags): Promise<void> {
  const hooks = hookNames(words.length === 0 ? ['pre-commit'] : words);
  const done = hooks.ok
    ? await installHooks({
        cwd: process.cwd(),
        hooks: hooks.value,
        optional: optional === true,
        direct: direct === true,
      })
    : hooks;
  if (done.ok) show(done.value);
  else refuse(done.failure);
}

export async function hookUninstall(words: readonly string[]): Promise<void> {
  const hooks = hookNames(words);
  const done = hooks.ok ? await uninstallHooks(process.cwd(), hooks.value) : hooks;
  if (!done.ok) refuse(done.failure);
  else if (done.value.outcomes.length === 0) process.stdout.write('No hook of quality’s is installed here\n');
  else show(done.value);
}

function show({ outcomes, notices }: InstallOutcomes): void {
  for (const { hook, detail, lines = [] } of outcomes)
    process.stdout.write([`${hook}: ${showPath(detail)}`, ...lines.map((line) => `  ${line}`), ''].join('\n'));
  for (const notice of notices) process.stderr.write(`${showPath(notice)}\n`);
  if (outcomes.some(({ done }) => done === 'left')) process.exitCode = 1;
}

export async function showHookStatus({ json }: StatusFlags): Promise<void> {
  const status = await hookStatus(process.cwd());
  if (!status.ok) {
    refuse([status.failure]);
    return;
  }
  process.stdout.write(json === true ? `${JSON.stringify(status.value, null, 2)}\n` : showStatus(status.value));
  if (status.value.problems.length > 0) process.exitCode = 1;
}

function showStatus(status: HookStatus): string {
  const { folder, manager, hooks, launcher, here, problems } = status;
  const lines = [
    ...(manager === null ? [] : [`${manager.name} writes the hooks here (${manager.file})`]),
    ...(hooks.length === 0 ? [`No hooks in ${showPath(folder)}`] : hooks.map(showHook)),
    ...(launcher === 'missing' ? [] : [`launcher: ${launcher}; ${showReach(here)}`]),
    ...problems.map((problem) => `✗ ${showPath(problem)}`),
    ...(problems.length > 0
      ? [`${count(problems.length, 'problem')}: \`quality hook install\` puts most of it right`]
      : []),
  ];
  return `${lines.join('\n')}\n`;
}

function showHook({ hook, path, by, optional }: HookState): string {
  return `${hook.padEnd(18)} ${by.join(' + ')}${optional ? ' (optional)' : ''}  ${showPath(path)}`;
}

function showReach({ node, program }: Reach): string {
  return `starts ${showPath(node ?? '(no node)')} ${showPath(program ?? '(no package)')}`;
}
