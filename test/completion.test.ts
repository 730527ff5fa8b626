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
  [['expl'], ['explain']],
  [['run', '--stdin-'], ['--stdin-filepath']],
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
  [['plan', '--workflow', 'form'], ['format-only']],
  [['run', '--only', 'ded'], ['dedupe']],
];

/** Types each line and a tab into a shell on a terminal, then has it print what its line has become. */
const ASK_ZSH = `
zmodload zsh/zpty
script=$1; shift
zpty z zsh -f -i
zpty -w z "PS1=''; autoload -Uz compinit; compinit -u -D; source $script"
zpty -w z 'tell() { print -r -- "<<<$BUFFER>>>"; BUFFER=""; zle accept-line }; zle -N tell; bindkey "^T" tell; echo RE""ADY'
zpty -r -m z out '*READY*'
for line; do
  zpty -w -n z "$line"$'\\t\\x14'
  zpty -r -m z out '*<<<*>>>*'
  answer=\${\${out##*<<<}%%>>>*}
  print -r -- "$answer"
done
`;

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

  it.skipIf(!has('zsh'))('answers zsh, at its own prompt', () => {
    const { folder, ...where } = place();
    writeFileSync(join(folder, 'script'), scriptFor('zsh'));
    writeFileSync(join(folder, 'ask'), ASK_ZSH);
    const single = QUESTIONS.filter(([, answers]) => answers.length === 1);
    const lines = single.map(([words]) => `quality ${words.join(' ')}`);
    const out = execFileSync('zsh', ['-f', join(folder, 'ask'), join(folder, 'script'), ...lines], {
      ...where,
      encoding: 'utf8',
      timeout: 30_000,
    });
    const completed = out
      .trimEnd()
      .split('\n')
      .map((line) => line.trimEnd());
    expect(completed).toEqual(
      single.map(([words, answers]) => ['quality', ...words.slice(0, -1), ...answers].join(' ')),
    );
  });

  it('names the shells that there are scripts for', () => expect(quality('.', 'completion', 'cmd').code).toBe(2));
});
