/** git's hooks. */
import { hookStatus } from '../hook/install-status.js';
import type { Finding } from './check.js';

export async function lookAtHooks(cwd: string): Promise<Finding> {
  const status = await hookStatus(cwd);
  if (!status.ok) return { status: 'note', summary: status.failure.message };
  const { hooks, problems } = status.value;
  const details = hooks.map(({ hook, path, by }) => `${hook}: ${by.join(', ')} (${path})`);
  if (problems.length > 0)
    return {
      status: 'warning',
      summary: problems[0] ?? '',
      details: [...problems.slice(1), ...details],
      next: 'quality hook status',
    };
  const isOurs = hooks.some(({ by }) => by.some((one) => one.startsWith('quality')));
  return isOurs
    ? { status: 'ok', summary: `quality runs in ${hooks.map(({ hook }) => hook).join(', ')}`, details }
    : { status: 'note', summary: 'none of quality', details, next: 'quality hook install' };
}
