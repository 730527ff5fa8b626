/** git as the harness and its users call it, without anybody's own settings. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';

const GIT_ENV = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_AUTHOR_NAME: 'Test',
  GIT_AUTHOR_EMAIL: 'test@example.invalid',
  GIT_COMMITTER_NAME: 'Test',
  GIT_COMMITTER_EMAIL: 'test@example.invalid',
  GIT_LITERAL_PATHSPECS: '1',
};

export function environment({ temp }: { readonly temp: string }, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const without = { CI: undefined, FORCE_COLOR: undefined, GIT_LITERAL_PATHSPECS: undefined };
  return { ...process.env, ...GIT_ENV, ...without, NO_COLOR: '1', TMPDIR: temp, ...more };
}

export function git(cwd: string, args: readonly string[], input?: string | Buffer): string {
  return execFileSync('git', args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...GIT_ENV },
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(input === undefined ? {} : { input }),
  });
}

/** git's name for this content. */
export function hashOf(bytes: Uint8Array): string {
  return createHash('sha1')
    .update(`blob ${String(bytes.byteLength)}\0`)
    .update(bytes)
    .digest('hex');
}
