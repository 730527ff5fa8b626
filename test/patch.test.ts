/** `quality diff` and the patch of a dry run: what git would say of the same changes, modes too. */
import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configOf } from './fixtures-tools/rig.js';
import { quality, treeOf } from './quality.js';
import { git, repository, temporaryFolder } from './rig.js';

const DEEDS = [
  'chmod +x plain.sh',
  'echo more >> runs.sh',
  'echo more >> both.sh; chmod +x both.sh',
  'chmod -x was.sh',
  'echo made > made.txt',
  ': > empty.txt',
  'echo run > made.sh; chmod +x made.sh',
  'rm gone.txt gone.sh',
  'printf "\\\\0new" > data.bin',
  'printf "no end" > "with space.txt"',
  'printf "\\\\351t\\\\351" > latin.txt',
  'echo 2 >> secret.txt',
];

function scene(): string {
  const folder = repository({
    ...configOf({ commands: { own: { run: ['sh', '-c', DEEDS.join(' && ')], effect: 'writes' } } }),
    'plain.sh': 'plain\n',
    'runs.sh': 'runs\n',
    'both.sh': 'both\n',
    'was.sh': 'was\n',
    'gone.txt': 'gone\n',
    'gone.sh': 'gone\n',
    'data.bin': Buffer.from([0, 1]),
    'with space.txt': 'no end yet\n',
    'latin.txt': Buffer.from([0xe9, 0x0a]),
    'secret.txt': '1\n',
  });
  for (const name of ['runs.sh', 'was.sh', 'gone.sh']) chmodSync(join(folder, name), 0o755);
  chmodSync(join(folder, 'secret.txt'), 0o600);
  git(folder, 'commit', '--quiet', '--all', '--message=modes');
  return folder;
}

/** What a diff says of modes and of bytes that are no text, by file. */
function told(diff: string): string[] {
  const lines = diff.split('\n').filter((line) => /^(?:diff|old|new|deleted|Binary) /.test(line));
  return lines
    .join('\n')
    .split(/^(?=diff )/m)
    .map((part) => part.trim())
    .sort();
}

const asGit = (folder: string): string => git(folder, 'diff', '--no-renames', '--cached', 'HEAD');

describe('the diff of a run', () => {
  it('tells modes as git does, and git applies it', () => {
    const folder = scene();
    const dry = quality(folder, 'run', '--only', 'own', '--dry-run');
    expect(quality(folder, 'run', '--only', 'own').code).toBe(0);
    const patch = quality(folder, 'diff').out;
    expect(dry.out).toBe(patch);
    const after = treeOf(folder);
    git(folder, 'add', '--all');
    // Old encodings are no text to us, lest they be mangled.
    expect(told(patch)).toEqual(
      told(asGit(folder).replace('--- a/latin.txt', 'Binary files a/latin.txt and b/latin.txt differ')),
    );
    git(folder, 'reset', '--quiet', '--hard');
    const file = join(temporaryFolder(), 'patch');
    writeFileSync(file, patch.replace(/^diff .*(?:latin\.txt|data\.bin).*\nBinary .*\n/gm, ''));
    git(folder, 'apply', file);
    expect({ ...treeOf(folder), 'data.bin': '', 'latin.txt': '' }).toEqual({
      ...after,
      'data.bin': '',
      'latin.txt': '',
    });
  });

  it('of a symlink that is deleted, or replaced by a file, has its text', () => {
    const diff = [
      ...['--- a/link', '+++ /dev/null', '@@ -1 +0,0 @@', '-real'],
      ...['--- a/other', '+++ /dev/null', '@@ -1 +0,0 @@', '-real', ''],
    ].join('\n');
    const more = { run: ['sh', '-c', 'echo file > other'], effect: 'writes', after: ['own'] };
    const folder = repository({
      real: 'real\n',
      link: { link: 'real' },
      other: { link: 'real' },
      ...configOf({
        commands: { own: { run: ['printf', '%s', diff], effect: 'writes', output: 'unified-diff' }, more },
      }),
    });
    const { out } = quality(folder, 'run', '--only', 'own,more');
    expect(out).not.toContain('changed by someone else');
    expect(readdirSync(folder)).not.toContain('link');
    const patch = quality(folder, 'diff').out;
    git(folder, 'add', '--all');
    expect(told(patch)).toEqual(told(asGit(folder)));
    const after = treeOf(folder);
    git(folder, 'reset', '--quiet', '--hard');
    writeFileSync(join(folder, '.git/patch'), patch);
    git(folder, 'apply', '.git/patch');
    expect(treeOf(folder)).toEqual(after);
  });
});
