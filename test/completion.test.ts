/** The completion scripts, asked as the shells ask them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMAND, quality } from './quality.js';
import { repository, temporaryFolder } from './rig.js';

const RUN = '20261121-120000-abcd';

/** A folder with one run in it, and `quality` on the path. */
function place(): { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly folder: string } {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'quality'), `#!/bin/sh\nexec "${process.execPath}" "${COMMAND}" "$@"\n`);
  chmodSync(join(folder, 'quality'), 0o755);
  const cwd = repository({ [`.quality/runs/${RUN}/events.jsonl`]: '' });
  return { folder, cwd, env: { ...process.env, PATH: `${folder}:${String(process.env.PATH)}` } };
}

const has = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;
const scriptFor = (shell: string): string => quality('.', 'completion', shell).out;

const QUESTIONS: readonly (readonly [words: readonly string[], answers: readonly string[]])[] = [
  [['rep'], ['report']],
  [['run', '--gat'], ['--gate']],
  [
    ['run', '--gate', ''],
    ['syntax', 'findings', 'tests'],
  ],
  [['report', '2026'], [RUN]],
  [['report', '--format', 's'], ['sarif']],
  [
    ['completion', ''],
    ['bash', 'zsh', 'fish'],
  ],
  [['cache', 'cl'], ['clear']],
];

describe('completion', () => {
  it.skipIf(!has('bash'))('answers bash', () => {
    const { folder, ...where } = place();
    writeFileSync(join(folder, 'script'), scriptFor('bash'));
    const ask = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _quality; echo "${COMPREPLY[*]}"';
    for (const [words, answers] of QUESTIONS) {
      const args = ['--norc', '-c', ask, 'bash', join(folder, 'script'), 'quality', ...words];
      expect(
        execFileSync('bash', args, { ...where, encoding: 'utf8' })
          .trim()
          .split(' '),
      ).toEqual(answers);
    }
  });

  it.skipIf(!has('fish'))('answers fish', () => {
    const { folder, ...where } = place();
    writeFileSync(join(folder, 'script'), scriptFor('fish'));
    for (const [words, answers] of QUESTIONS) {
      const asked = `source ${join(folder, 'script')}; complete -C "quality ${words.join(' ')}"`;
      const out = execFileSync('fish', ['--no-config', '-c', asked], { ...where, encoding: 'utf8' });
      const given = out
        .split('\n')
        .flatMap((line) => line.split('\t').slice(0, 1))
        .filter((word) => word !== '');
      expect(given.sort()).toEqual([...answers].sort());
    }
  });

  it.skipIf(!has('zsh'))('is a script that zsh reads', () => {
    const { folder } = place();
    writeFileSync(join(folder, 'script'), scriptFor('zsh'));
    expect(spawnSync('zsh', ['-n', join(folder, 'script')], { encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    });
  });

  it('names the shells that there are scripts for', () => expect(quality('.', 'completion', 'cmd').code).toBe(2));
});
