/** The programs that everything else needs. */
import { ownEngines } from '../host/own-package.js';
import { git } from '../git/git.js';
import type { Repository } from '../git/repository.js';
import type { Finding } from './check.js';

export async function lookAtNode(): Promise<Finding> {
  const { default: semver } = await import('semver');
  const { node: wanted = '*' } = ownEngines();
  const { version, execPath } = process;
  const details = [execPath];
  if (semver.satisfies(version, wanted)) return { status: 'ok', summary: version, details };
  return {
    status: 'error',
    summary: `${version} is not supported: ${wanted}`,
    details,
    next: 'https://nodejs.org/en/download',
  };
}

/** `git rev-parse --path-format` is younger than the rest of what is asked of it. */
const OLDEST_GIT = '2.31.0';

export async function lookAtGit(cwd: string, repository: Repository | null): Promise<Finding> {
  const result = await git(cwd, ['--version']);
  const words = result.stdout.toString('utf8').trim();
  if (result.exitCode !== 0) {
    const next = 'Install it: https://git-scm.com/downloads';
    return { status: 'error', summary: 'not found: no snapshots, no hooks, no `--since`', next };
  }
  const { default: semver } = await import('semver');
  const version = semver.coerce(words)?.version ?? '0.0.0';
  const where = repository === null ? 'not in a repository' : `repository ${repository.workTree}`;
  if (semver.lt(version, OLDEST_GIT))
    return { status: 'error', summary: `${words} is too old: ${OLDEST_GIT} or later is needed`, details: [where] };
  return { status: 'ok', summary: version, details: [where] };
}
