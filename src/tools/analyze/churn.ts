import { runProcess } from '../../host/process.js';

/** How many commits of the last year touched each file, by path relative to `root`; empty where git has nothing to say. */
export async function churnOf(root: string, signal?: AbortSignal): Promise<ReadonlyMap<string, number>> {
  const args = ['log', '--since=1.year', '--format=', '--name-only', '-z', '--no-renames', '--relative', '--', '.'];
  const env = { GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };
  const result = await runProcess('git', args, { cwd: root, env, ...(signal === undefined ? {} : { signal }) });
  const counts = new Map<string, number>();
  if (result.end !== 'exit' || result.exitCode !== 0) return counts;
  for (const path of result.stdout.toString('utf8').split('\0')) {
    const name = path.replace(/^\n/, '');
    if (name !== '') counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}
