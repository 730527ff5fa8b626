/** Commits in repositories of every kind, under settings of every kind, given up, short of room: what has to hold of each. */
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, readdirSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { PRETTIER, blobsIn, commit, everywhere, gitState, hooked, installHook, run } from './hook-rig.js';
import { quality, treeOf } from './quality.js';
import { git, read, repository, temporaryFolder, writeTree } from './rig.js';

const M = 'export const a   =  1\n';
const N = 'export const a = 1;\n';
const B = 'export const a   =  1\n\nfunction f() {}\n\nfunction g() {}\n\nfunction h() {}\n';
const BN = B.replace(M, N);
const crlf = (text: string): string => text.replaceAll('\n', '\r\n');

/** `a.js` staged as a whole, `part.js` changed once more. */
function stageBoth(folder: string, ends = (text: string): string => text): void {
  writeTree(folder, { 'a.js': ends(M), 'é.js': ends(M), 'part.js': ends(B) });
  expect(run(folder, ['add', 'a.js', 'é.js', 'part.js'])).toMatchObject({ code: 0 });
  appendFileSync(join(folder, 'part.js'), ends('mine()\n'));
}

function expectBoth(folder: string, ends = (text: string): string => text): void {
  for (const path of ['a.js', 'é.js']) expect(everywhere(folder, path)).toEqual([N, N, ends(N)]);
  expect(everywhere(folder, 'part.js')).toEqual([BN, BN, ends(`${BN}mine()\n`)]);
  expect(run(folder, ['status', '--porcelain', '--', 'a.js', 'part.js']).out).toMatch(/^ M \S*part\.js\n$/);
}

describe('settings', () => {
  const SETTINGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'changes shown in other ways, another kind of file system': {
      'diff.external': 'exit 1;',
      'diff.mnemonicPrefix': 'true',
      'diff.noprefix': 'true',
      'diff.renames': 'copies',
      'diff.submodule': 'log',
      'diff.ignoreSubmodules': 'none',
      'color.ui': 'always',
      'apply.whitespace': 'error',
      'status.relativePaths': 'false',
      'status.branch': 'true',
      'core.pager': 'exit 1;',
      'core.quotePath': 'false',
      'log.showSignature': 'true',
    },
    'an index kept in other ways': {
      'core.splitIndex': 'true',
      'index.version': '4',
      'core.untrackedCache': 'true',
      'core.fsmonitor': '.git/watch',
      'feature.manyFiles': 'true',
      'core.ignoreCase': 'true',
      'core.fileMode': 'false',
      'core.precomposeUnicode': 'true',
      'core.trustctime': 'false',
      'core.checkStat': 'minimal',
      'core.sharedRepository': 'group',
    },
    'CR LF turned when it is added': { 'core.autocrlf': 'input', 'core.safecrlf': 'warn' },
    'CR LF on disk everywhere': { 'core.autocrlf': 'true', 'core.safecrlf': 'true' },
  };

  it.each(Object.entries(SETTINGS))('%s', (_, settings) => {
    const folder = hooked();
    writeFileSync(join(folder, '.git/watch'), '#!/bin/sh\nprintf "token\\0/\\0"\n');
    chmodSync(join(folder, '.git/watch'), 0o755);
    for (const [name, value] of Object.entries(settings)) git(folder, 'config', name, value);
    const ends = 'core.autocrlf' in settings ? crlf : undefined;
    stageBoth(folder, ends);
    expect(commit(folder)).toMatchObject({ code: 0 });
    expectBoth(folder, ends);
  });

  it('what the environment asks of git; no input, and nobody who reads what is said', () => {
    const folder = hooked({ 'package.json': '{}\n' });
    const hook = join(folder, '.git/hooks/pre-commit');
    writeFileSync(hook, readFileSync(hook, 'utf8').replace('\n', '\nexec <&- >&- 2>&-\n'));
    stageBoth(folder);
    const env = {
      GIT_LITERAL_PATHSPECS: '1',
      GIT_EXTERNAL_DIFF: 'false',
      GIT_TRACE: '1',
      GIT_PAGER: 'false',
      GIT_DIFF_OPTS: '--unified=0',
      LC_ALL: 'de_DE.UTF-8',
      LANGUAGE: 'de',
      HOME: undefined,
      NODE_ENV: 'production',
      CDPATH: '/',
    };
    expect(run(folder, ['commit', '--quiet', '-m', 'x'], env)).toMatchObject({ code: 0 });
    expectBoth(folder);
  });
});

describe('repositories', () => {
  it('a clone that borrows its objects; one without history and without old contents', () => {
    const origin = repository({ ...PRETTIER, 'a.js': 'old();\n', 'other.js': M });
    git(origin, 'config', 'uploadpack.allowFilter', 'true');
    for (const how of [['--shared'], ['--depth=1', '--filter=blob:none']]) {
      const folder = join(temporaryFolder(), 'clone');
      git(
        origin,
        'clone',
        '--quiet',
        ...how,
        `file://${origin}`.replace(how.includes('--shared') ? 'file://' : '', ''),
        folder,
      );
      installHook(join(folder, '.git'));
      git(folder, 'checkout', '--quiet', '--detach');
      stageBoth(folder);
      expect(commit(folder)).toMatchObject({ code: 0 });
      expectBoth(folder);
    }
  });

  it('a linked work tree, from a folder in it, with -a; named by -C, by GIT_DIR, by --git-dir', () => {
    const main = hooked({ 'sub/a.js': 'old();\n' });
    const linked = join(temporaryFolder(), 'linked');
    git(main, 'worktree', 'add', '--quiet', linked);
    const before = gitState(main);
    writeTree(linked, { 'sub/a.js': `${M}1\n` });
    expect(commit(join(linked, 'sub'), '-a')).toMatchObject({ code: 0 });
    expect(everywhere(linked, 'sub/a.js')).toEqual(Array(3).fill(`${N}1;\n`));
    expect(gitState(main).replace(/[0-9a-f]{40} commit\\trefs\/heads\/linked/, '')).toBe(
      before.replace(/[0-9a-f]{40} commit\\trefs\/heads\/linked/, ''),
    );
    const ways: readonly [cwd: string, args: readonly string[], env: NodeJS.ProcessEnv][] = [
      [temporaryFolder(), ['-C', join(main, 'sub')], {}],
      [join(main, 'sub'), [], { GIT_DIR: '../.git', GIT_WORK_TREE: '..' }],
      [temporaryFolder(), [`--git-dir=${main}/.git`, `--work-tree=${main}`], {}],
    ];
    for (const [number, [cwd, args, env]] of ways.entries()) {
      writeTree(main, { 'sub/a.js': `${M}${String(number)}\n` });
      git(main, 'add', 'sub/a.js');
      expect(run(cwd, [...args, 'commit', '--quiet', '-m', 'x'], env)).toMatchObject({ code: 0 });
      expect(everywhere(main, 'sub/a.js')).toEqual(Array(3).fill(`${N}${String(number)};\n`));
    }
  });

  it('in a submodule, around one that has moved, and in a repository within another', () => {
    const inner = repository({ ...PRETTIER, 'a.js': 'old();\n' });
    const folder = hooked();
    run(folder, ['-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner, 'sub']);
    git(folder, 'commit', '--quiet', '--no-verify', '--message=sub');
    installHook(join(folder, '.git/modules/sub'));
    const sub = join(folder, 'sub');
    stageBoth(sub);
    expect(commit(sub)).toMatchObject({ code: 0 });
    expectBoth(sub);
    stageBoth(folder);
    git(folder, 'add', 'sub');
    expect(commit(folder)).toMatchObject({ code: 0 });
    expectBoth(folder);
    expectBoth(sub);
    expect(blobsIn(folder, 'HEAD').sub).toBe(`160000 ${git(sub, 'rev-parse', 'HEAD').trim()}`);
    const nested = join(folder, 'nested');
    mkdirSync(nested);
    git(nested, 'init', '--quiet');
    installHook(join(nested, '.git'));
    writeTree(nested, PRETTIER);
    stageBoth(nested);
    expect(commit(nested)).toMatchObject({ code: 0 });
    expectBoth(nested);
  });

  it('thousands of files, with names that no command line could hold', () => {
    const count = 5000;
    const folder = hooked();
    // One of a hundred is of a language that somebody formats.
    const name = (number: number): string =>
      `${'a-long-name-'.repeat(15)}${String(number)}.${number % 100 < 2 ? 'json' : 'txt'}`;
    writeTree(folder, Object.fromEntries(Array.from({ length: count }, (_, number) => [name(number), '{}\n'])));
    writeTree(folder, { [name(100)]: '{"a":1}' });
    git(folder, 'add', '--all');
    writeTree(folder, { [name(101)]: '{"mine":1}' });
    expect(commit(folder)).toMatchObject({
      code: 0,
      out: expect.stringContaining(`${String(count)} staged files, 1 fixed`) as string,
    });
    expect(everywhere(folder, name(100))).toEqual(Array(3).fill('{ "a": 1 }\n'));
    expect(git(folder, 'status', '--porcelain')).toBe(` M ${name(101)}\n`);
  });
});

describe('commits of other kinds', () => {
  it('squashed, of a revert, to be folded into another one, in the middle of a rebase', () => {
    const folder = hooked({ 'a.js': 'old();\n' });
    git(folder, 'checkout', '--quiet', '-b', 'topic');
    writeTree(folder, { 'a.js': M });
    git(folder, 'commit', '--quiet', '--no-verify', '--all', '--message=one');
    git(folder, 'checkout', '--quiet', 'main');
    git(folder, 'merge', '--quiet', '--squash', 'topic');
    expect(commit(folder)).toMatchObject({ code: 0 });
    expect(everywhere(folder, 'a.js')).toEqual([N, N, N]);
    git(folder, 'revert', '--no-commit', 'HEAD');
    appendFileSync(join(folder, 'a.js'), 'more()\n');
    git(folder, 'add', 'a.js');
    expect(commit(folder, '--fixup', 'HEAD')).toMatchObject({ code: 0 });
    expect(everywhere(folder, 'a.js')).toEqual(Array(3).fill('old();\nmore();\n'));
    const edit = { GIT_SEQUENCE_EDITOR: "sed -i 's/^pick/edit/'" };
    expect(run(folder, ['rebase', '--quiet', '--interactive', 'HEAD~1'], edit).code).toBe(0);
    writeTree(folder, { 'a.js': M });
    expect(commit(folder, '--all', '--amend').code).toBe(0);
    expect(run(folder, ['rebase', '--continue']).code).toBe(0);
    expect(everywhere(folder, 'a.js')).toEqual([N, N, N]);
  });

  it('of conflicts over names: deleted here and changed there, called like something of git’s', () => {
    const folder = hooked({ 'a.js': 'old();\n', MERGE_HEAD: 'old', 'HEAD.js': 'old();\n' });
    git(folder, 'checkout', '--quiet', '-b', 'topic');
    writeTree(folder, { 'a.js': M, 'HEAD.js': 'theirs( )\n' });
    git(folder, 'commit', '--quiet', '--no-verify', '--all', '--message=theirs');
    git(folder, 'checkout', '--quiet', 'main');
    writeTree(folder, { 'HEAD.js': 'ours( )\n' });
    git(folder, 'rm', '--quiet', 'a.js');
    git(folder, 'commit', '--quiet', '--no-verify', '--all', '--message=ours');
    expect(run(folder, ['merge', '--quiet', 'topic']).code).toBe(1);
    expect(quality(folder, 'run', '--staged')).toMatchObject({
      code: 2,
      err: expect.stringContaining('2 files have unresolved') as string,
    });
    writeTree(folder, { 'HEAD.js': 'both( )\n' });
    git(folder, 'add', 'a.js', 'HEAD.js');
    expect(commit(folder)).toMatchObject({ code: 0 });
    // Taken as they committed it.
    expect(everywhere(folder, 'a.js')).toEqual([M, M, M]);
    expect(everywhere(folder, 'HEAD.js')).toEqual(Array(3).fill('both();\n'));
  });
});

describe('git itself fails', () => {
  const ASKED = ['rev-parse', 'diff-index', 'cat-file', 'ls-files', 'check-attr', 'hash-object', 'update-index'];

  it('whatever it is asked: nothing is taken for done that was not', () => {
    const folder = hooked({ '.gitattributes': '*.rot.js filter=rot\n' });
    git(folder, 'config', 'filter.rot.clean', 'cat');
    const hook = join(folder, '.git/hooks/pre-commit');
    const tools = temporaryFolder({
      git: '#!/bin/sh\nfor word; do [ "$word" != "$FAILING" ] || exit 128; done\nexec /usr/bin/env PATH="$REST" git "$@"\n',
    });
    chmodSync(join(tools, 'git'), 0o755);
    writeFileSync(hook, readFileSync(hook, 'utf8').replace('\n', `\nexport REST="$PATH" PATH="${tools}:$PATH"\n`));
    writeTree(folder, { 'gone.rot.js': M });
    git(folder, 'add', 'gone.rot.js');
    rmSync(join(folder, 'gone.rot.js'));
    stageBoth(folder);
    const before = [gitState(folder), treeOf(folder)];
    for (const failing of ASKED) {
      const ended = run(folder, ['commit', '--quiet', '-m', 'x'], { FAILING: failing });
      expect([failing, ended.code, ended.out]).toEqual([failing, 1, expect.stringContaining('QUALITY=0 git commit')]);
      expect([gitState(folder), treeOf(folder)]).toEqual(before);
    }
    expect(commit(folder)).toMatchObject({ code: 0 });
    expectBoth(folder);
    expect(everywhere(folder, 'gone.rot.js')).toEqual([M, M, null]);
  });
});

describe('given up after the hook', () => {
  it.each([['-a'], ['--only part.js'], ['']])('in the editor: commit %s', (words) => {
    const args = words.split(' ').filter((word) => word !== '');
    const folder = hooked({ 'part.js': 'old();\n' });
    stageBoth(folder);
    const index = blobsIn(folder, '');
    const disk = [M, `${B}mine()\n`];
    expect(run(folder, ['commit', '--quiet', ...args], { GIT_EDITOR: 'false' }).code).toBe(1);
    expect(git(folder, 'rev-list', '--count', 'HEAD')).toBe('1\n');
    // git has forgotten the index that it had made for the commit, or it is ours.
    const after = blobsIn(folder, '');
    if (args.length > 0) expect(after).toEqual(index);
    else expect([after['a.js'], after['part.js']]).toEqual([`100644 ${N}`, `100644 ${BN}`]);
    const [id = ''] = readdirSync(join(folder, '.quality/runs'));
    expect(quality(folder, 'rollback', id).code).toBe(0);
    expect([read(folder, 'a.js'), read(folder, 'part.js')]).toEqual(disk);
  });

  it('by another hook; and once more', () => {
    const folder = hooked();
    const hook = join(folder, '.git/hooks/commit-msg');
    writeFileSync(hook, '#!/bin/sh\nexit 1\n');
    chmodSync(hook, 0o755);
    stageBoth(folder);
    expect(commit(folder).code).toBe(1);
    rmSync(hook);
    expect(commit(folder)).toMatchObject({ code: 0, out: expect.stringContaining('clean as before') as string });
    expectBoth(folder);
  });
});

describe('a full disk', () => {
  const mounts: string[] = [];
  afterAll(() => {
    for (const mount of mounts) execFileSync('umount', ['--lazy', mount]);
  });

  function smallDisk(): string | null {
    const folder = temporaryFolder();
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=80m', 'tmpfs', folder]).status === 0;
    if (mounted) mounts.push(folder);
    return mounted ? folder : null;
  }

  /** When all has been made sure of and the run goes on, nothing but this is left. */
  const FILL = `import { existsSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
const create = () => {
  // A worker that begins early, on an empty file, may have filled it already.
  if (existsSync('../filler')) return {};
  const { bsize, bavail } = statfsSync('.');
  writeFileSync('../filler', Buffer.alloc(bsize * bavail - 1024 * Number(readFileSync('../free', 'utf8'))));
  return {};
};
export default [{ files: ['**/*.js'], plugins: { own: { rules: { rule: { create } } } }, rules: { 'own/rule': 'error' } }];
`;

  it('in the middle of it: all is as before, or all is done', (context) => {
    const disk = process.platform === 'linux' ? smallDisk() : null;
    if (disk === null) {
      context.skip('needs a file system of its own, which only root can mount');
      return;
    }
    const folder = join(disk, 'repository');
    writeTree(folder, { ...PRETTIER, 'eslint.config.mjs': FILL });
    git(folder, 'init', '--quiet');
    git(folder, 'add', '--all');
    git(folder, 'commit', '--quiet', '--message=start');
    installHook(join(folder, '.git'));
    const long = 'f(12345678);\n\n'.repeat(2000);
    const results = [112, 2048].map((free) => {
      writeTree(folder, { 'a.js': `${M}${long}// ${String(free)}\n` });
      git(folder, 'add', 'a.js');
      appendFileSync(join(folder, 'a.js'), '\nmine()\n');
      const before = [gitState(folder), treeOf(folder)];
      writeFileSync(join(disk, 'free'), String(free));
      const { code } = commit(folder);
      rmSync(join(disk, 'filler'), { force: true });
      if (code !== 0) expect(quality(folder, 'runs').code).toBe(0);
      if (code !== 0) expect([gitState(folder), treeOf(folder)]).toEqual(before);
      else expect(everywhere(folder, 'a.js').map((one) => one?.startsWith(N))).toEqual([true, true, true]);
      expect(read(folder, 'a.js').endsWith('mine()\n')).toBe(true);
      expect(readdirSync(join(folder, '.git')).filter((name) => /quality-|\.lock$/.test(name))).toEqual([]);
      git(folder, 'reset', '--quiet', '--hard');
      return code;
    });
    expect(results).toEqual([1, 0]);
  });
});
