/** `quality hook install`: git itself starts the hooks, with whatever environment it is given. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { readBlock, withBlock, withoutBlock } from '../src/hook/install-block.js';
import type { HookStatus } from '../src/hook/install-status.js';
import { type Ended, PACKAGE_FOLDER, quality } from './quality.js';
import { GIT_ENV, type Tree, git, temporaryFolder, writeTree } from './rig.js';

/** Stands for the package that the project has installed: writes down how it was started. */
const INSTALLED = `import { appendFileSync, readFileSync } from 'node:fs';
const [, , , , hook] = process.argv;
const input = hook === 'pre-push' ? readFileSync(0, 'utf8') : '';
const { STARTED, FAIL } = process.env;
appendFileSync(STARTED, JSON.stringify({ args: process.argv.slice(2), input, path: process.env.PATH.split(':')[0] }) + '\\n');
process.exit(Number(FAIL ?? 0));
`;
const PACKAGE: Tree = {
  'node_modules/quality-orchestrator/package.json': '{"name":"quality-orchestrator","type":"module"}',
  'node_modules/quality-orchestrator/bin/quality.js': INSTALLED,
  '.gitignore': 'node_modules\n',
};
const ODD_NAME = `it's "a" $repo \`x\``;

interface Started {
  readonly args: readonly string[];
  readonly input: string;
  readonly path: string;
}

interface World {
  readonly root: string;
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
}

const tools: { folder: string } = { folder: '' };
/** A PATH with git and the few programs that scripts need, without node. */
beforeAll(() => {
  tools.folder = temporaryFolder();
  for (const name of ['git', 'sh', 'cat', 'env', 'dirname', 'basename', 'python3', 'bash', 'true']) {
    const found = ['/usr/bin', '/bin', '/usr/local/bin'].map((folder) => join(folder, name)).find(existsSync);
    if (found !== undefined) symlinkSync(found, join(tools.folder, name));
  }
});

/** A repository in a folder with a difficult name; nothing of this machine's environment is seen in it. */
function world(tree: Tree = PACKAGE, name = ODD_NAME): World {
  const folder = temporaryFolder({ home: null, [name]: null });
  const root = join(folder, name);
  writeTree(root, tree);
  const home = join(folder, 'home');
  const env = { ...GIT_ENV, HOME: home, PATH: tools.folder, STARTED: join(folder, 'started') };
  gitIn({ root, home, env }, 'init', '--quiet', '--initial-branch=main');
  return { root, home, env };
}

function gitIn({ root, env }: World, ...args: string[]): Ended {
  const { status, stdout, stderr } = spawnSync(join(tools.folder, 'git'), args, { cwd: root, env, encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

const commit = (at: World, ...args: string[]): Ended => gitIn(at, 'commit', '--allow-empty', '--message=x', ...args);
const commits = (at: World): number => Number(gitIn(at, 'rev-list', '--count', '--all').out);

/** What was started since the last look. */
function started({ env }: World): Started[] {
  const file = env.STARTED ?? '';
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  rmSync(file);
  return lines.map((line) => JSON.parse(line) as Started);
}

const hook = ({ root }: World, ...args: string[]): Ended => quality(root, 'hook', ...args);
const status = (at: World): HookStatus => JSON.parse(hook(at, 'status', '--json').out) as HookStatus;

/** Names, kinds, modes and bytes of everything in a folder. */
function picture(folder: string): Record<string, string> {
  if (!existsSync(folder)) return {};
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => !path.endsWith('.sample') && !/^(?:objects|logs|refs|index|COMMIT_EDITMSG)/.test(path))
      .sort()
      .map((path) => {
        const stat = lstatSync(join(folder, path));
        const link = stat.isSymbolicLink() ? readlinkSync(join(folder, path)) : '';
        const bytes = stat.isFile() ? readFileSync(join(folder, path), 'latin1') : link;
        return [path, `${stat.mode.toString(8)} ${bytes}`];
      }),
  );
}

function put(root: string, path: string, text: string | Buffer, mode = 0o755): void {
  writeTree(root, { [path]: text });
  chmodSync(join(root, path), mode);
}

const HOOKS = '.git/hooks';
const PRE_COMMIT = `${HOOKS}/pre-commit`;

describe('install', () => {
  it('has git start the project’s own quality; twice is once; uninstall leaves the bytes of before', () => {
    const at = world();
    const before = picture(join(at.root, '.git'));
    expect(hook(at, 'install')).toMatchObject({ code: 0, out: `pre-commit: installed as ${PRE_COMMIT}\n` });
    const once = picture(join(at.root, '.git'));
    expect(hook(at, 'install')).toMatchObject({ code: 0, out: `pre-commit: already installed as ${PRE_COMMIT}\n` });
    expect(picture(join(at.root, '.git'))).toEqual(once);
    expect(commit(at).code).toBe(0);
    expect(started(at)).toEqual([
      { args: ['hook', 'run', 'pre-commit', '--'], input: '', path: dirname(process.execPath) },
    ]);
    expect(status(at)).toMatchObject({
      launcher: 'current',
      problems: [],
      hooks: [{ hook: 'pre-commit', by: ['quality'] }],
    });
    expect(hook(at, 'uninstall')).toMatchObject({ code: 0, out: `pre-commit: removed ${PRE_COMMIT}\n` });
    expect(picture(join(at.root, '.git'))).toEqual(before);
    expect(hook(at, 'uninstall')).toMatchObject({ code: 0, out: 'No hook of quality’s is installed here\n' });
    expect(hook(at, 'uninstall', 'pre-push')).toMatchObject({ code: 0, out: 'pre-push: not installed\n' });
  });

  it('stops the commit when quality says no, and is skipped by QUALITY=0 without starting node', () => {
    const at = world();
    hook(at, 'install');
    expect(commit({ ...at, env: { ...at.env, FAIL: '1' } }).code).not.toBe(0);
    expect(started(at)).toHaveLength(1);
    expect(commit({ ...at, env: { ...at.env, QUALITY: '0', FAIL: '1' } }).code).toBe(0);
    expect(commit({ ...at, env: { ...at.env, FAIL: '1' } }, '--no-verify').code).toBe(0);
    expect(started(at)).toEqual([]);
    expect(commits(at)).toBe(2);
  });

  it('hands over arguments and input, and the input to a hook of somebody else as well', () => {
    const at = world();
    put(at.root, `${HOOKS}/pre-push`, '#!/bin/sh\ncat >"$STARTED.other"\necho "$1" >>"$STARTED.other"\n');
    expect(hook(at, 'install', 'pre-push', 'commit-msg').code).toBe(0);
    commit(at);
    expect(started(at)).toMatchObject([{ args: ['hook', 'run', 'commit-msg', '--', '.git/COMMIT_EDITMSG'] }]);
    const remote = temporaryFolder();
    git(remote, 'init', '--quiet', '--bare');
    expect(gitIn(at, 'push', remote, 'main').code).toBe(0);
    const line = `refs/heads/main ${gitIn(at, 'rev-parse', 'main').out.trim()} refs/heads/main ${'0'.repeat(40)}\n`;
    expect(started(at)).toMatchObject([{ args: ['hook', 'run', 'pre-push', '--', remote, remote], input: line }]);
    expect(readFileSync(`${at.env.STARTED ?? ''}.other`, 'utf8')).toBe(`${line}${remote}\n`);
    // With nothing to push there is no line at all.
    expect(gitIn(at, 'push', remote, 'main').code).toBe(0);
    expect(started(at)).toMatchObject([{ input: '' }]);
    expect(readFileSync(`${at.env.STARTED ?? ''}.other`, 'utf8')).toBe(`${remote}\n`);
  });

  it('says what is wrong: no repository, a hook that git does not have, hooks switched off', () => {
    const outside = quality(temporaryFolder(), 'hook', 'install');
    expect(outside.code).toBe(2);
    expect(outside.err).toContain('is in no git repository');
    const at = world();
    const unknown = hook(at, 'install', 'pre-comit');
    expect(unknown).toMatchObject({ code: 2, out: '' });
    expect(unknown.err).toContain('Did you mean pre-commit?');
    gitIn(at, 'config', 'core.hooksPath', '/dev/null');
    const off = hook(at, 'install');
    expect(off.code).toBe(2);
    expect(off.err).toContain('core.hooksPath is /dev/null');
  });

  it('says in status what would not work', () => {
    const at = world();
    expect(hook(at, 'status')).toMatchObject({ code: 0, out: `No hooks in ${join(at.root, HOOKS)}\n` });
    hook(at, 'install', '--optional');
    expect(hook(at, 'status').out).toContain('quality (optional)  .git/hooks/pre-commit');
    put(at.root, `${HOOKS}/quality-hook`, '# Starts quality for a git hook\nexit 1\n');
    chmodSync(join(at.root, PRE_COMMIT), 0o644);
    const broken = hook(at, 'status');
    expect(broken.code).toBe(1);
    expect(broken.out).toContain('is not executable: git does not run it');
    expect(broken.out).toContain('the launcher is of another version');
    expect(hook(at, 'install', '--optional').out).toContain('brought up to date');
    expect(hook(at, 'status').code).toBe(0);
    rmSync(join(at.root, HOOKS, 'quality-hook'));
    expect(hook(at, 'status')).toMatchObject({ code: 1 });
    // Nothing fails open.
    expect(commit(at).code).not.toBe(0);
  });
});

describe('a hook that is there already', () => {
  const SAYS = 'echo other >>"$STARTED.other"\n';
  const SCRIPTS: Readonly<Record<string, string | Buffer>> = {
    'a script of sh': `#!/bin/sh\n# mine\n${SAYS}exit 0\n`,
    'bash that ends in exec, without a line end': `#!/usr/bin/env bash\nset -euo pipefail\n${SAYS}exec true`,
    'no first line of its own, comments in Latin-1 and UTF-8': Buffer.from(`# \xe9 \xc3\xa9\n${SAYS}`, 'latin1'),
    'husky 8': `#!/usr/bin/env sh\n. "$(dirname -- "$0")/_/husky.sh"\n\n${SAYS}`,
    'nothing but a first line': '#!/bin/sh',
    'an empty file': '',
  };

  it.each(Object.entries(SCRIPTS))('%s: gets one block, both run, and comes back byte for byte', (name, text) => {
    const at = world();
    put(at.root, PRE_COMMIT, text, 0o755);
    if (name === 'husky 8') put(at.root, `${HOOKS}/_/husky.sh`, HUSKY_8);
    const before = picture(join(at.root, '.git'));
    expect(hook(at, 'install').out).toContain('added at the beginning of');
    const done = commit(at);
    expect(done, done.err).toMatchObject({ code: 0 });
    expect(started(at)).toHaveLength(1);
    expect(existsSync(`${at.env.STARTED ?? ''}.other`)).toBe(text.includes('other'));
    expect(commit({ ...at, env: { ...at.env, FAIL: '1' } }).code).not.toBe(0);
    hook(at, 'uninstall');
    expect(picture(join(at.root, '.git'))).toEqual(before);
  });

  const PROGRAM = '#!/usr/bin/env python3\nimport os\nopen(os.environ["STARTED"] + ".other", "a").write("other")\n';

  it.each(['a script for python', 'a link'])('%s: is kept beside, runs first, and comes back', (what) => {
    const at = world();
    if (what === 'a link') {
      put(at.root, 'scripts/check', `#!/bin/sh\n${SAYS}`);
      symlinkSync('../../scripts/check', join(at.root, PRE_COMMIT));
    } else put(at.root, PRE_COMMIT, PROGRAM);
    const before = picture(at.root);
    expect(hook(at, 'install').out).toContain('now pre-commit.before-quality, and runs first');
    expect(hook(at, 'install').out).toContain('already installed');
    expect(commit(at).code).toBe(0);
    expect(started(at)).toHaveLength(1);
    expect(existsSync(`${at.env.STARTED ?? ''}.other`)).toBe(true);
    hook(at, 'uninstall');
    gitIn(at, 'update-ref', '-d', 'HEAD');
    expect(picture(join(at.root, HOOKS))).toEqual(
      Object.fromEntries(
        Object.entries(before).flatMap(([path, text]) =>
          path.startsWith(`${HOOKS}/`) ? [[path.slice(HOOKS.length + 1), text]] : [],
        ),
      ),
    );
  });

  it('is left alone, with the line to add, where it cannot be added to: by its own name, or not executable', () => {
    const at = world();
    put(at.root, PRE_COMMIT, '#!/usr/bin/env ruby\nhook = File.basename($0)\n');
    put(at.root, `${HOOKS}/commit-msg`, '#!/bin/sh\nexit 1\n', 0o644);
    const before = picture(join(at.root, '.git'));
    const done = hook(at, 'install', 'pre-commit', 'commit-msg');
    expect(done.code).toBe(1);
    expect(done.out).toContain('a script for /usr/bin/env ruby');
    expect(done.out).toContain('  npx --no-install quality hook run pre-commit');
    expect(done.out).toContain('commit-msg: .git/hooks/commit-msg is not executable');
    expect(picture(join(at.root, '.git'))).toEqual(before);
  });

  it('keeps lines that somebody has added to our file, before and behind the block', () => {
    const at = world();
    hook(at, 'install');
    const text = readFileSync(join(at.root, PRE_COMMIT), 'utf8');
    put(at.root, PRE_COMMIT, `${text}echo mine\n`);
    expect(hook(at, 'install', '--optional').out).toContain('brought up to date');
    expect(hook(at, 'install', '--optional').out).toContain('already installed');
    hook(at, 'uninstall');
    expect(readFileSync(join(at.root, PRE_COMMIT), 'utf8')).toBe('#!/bin/sh\necho mine\n');
    expect(withoutBlock(text.replaceAll('\n', '\r\n'))).toEqual({ text: '', made: true });
    const block = { hook: 'pre-commit', optional: false, shared: false, kept: null };
    expect(withBlock('#!/bin/sh\r\nx\r\n', block)).toMatch(/^#!\/bin\/sh\r\n# >>> /);
  });

  it('is refused where somebody has torn the block apart', () => {
    const at = world();
    hook(at, 'install');
    const text = readFileSync(join(at.root, PRE_COMMIT), 'utf8');
    put(at.root, PRE_COMMIT, text.replace('# <<< quality hook\n', ''));
    const before = picture(join(at.root, HOOKS));
    expect(hook(at, 'install')).toMatchObject({ code: 1 });
    expect(hook(at, 'uninstall')).toMatchObject({ code: 1 });
    expect(picture(join(at.root, HOOKS))).toEqual(before);
  });

  it('whatever a script holds, taking the block out gives the script', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\n', '#!/bin/sh', '#!/bin/sh\n', '\r\n', '. x/husky.sh\n'),
    );
    const block = fc.record({
      hook: fc.constantFrom('pre-commit', 'pre-push'),
      optional: fc.boolean(),
      shared: fc.boolean(),
      kept: fc.constant(null),
    });
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 6 }).map((all) => all.join('')),
        block,
        (script, one) => {
          const text = withBlock(script, one);
          expect(readBlock(text)).toEqual(one);
          expect(withoutBlock(text)).toEqual({ text: script, made: false });
        },
      ),
    );
  });
});

describe('the launcher', () => {
  /** A node that says where it was started from. */
  const nodeAt = (folder: string, ...places: string[]): void => {
    for (const place of places)
      put(folder, place, `#!/bin/sh\necho "$0" >>"$STARTED.node"\nexec '${process.execPath}' "$@"\n`);
  };
  const nodesStarted = (at: World): string[] => {
    const file = `${at.env.STARTED ?? ''}.node`;
    const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
    rmSync(file, { force: true });
    return lines;
  };
  const remember = (at: World, node: string, program: string): void =>
    writeTree(at.root, { '.git/quality/hooks': `${node}\n${program}\npre-commit\n\n` });
  /** As on a machine that has no node where systems put it. */
  const hideSystemNodes = ({ root }: World): void => {
    const path = join(root, HOOKS, 'quality-hook');
    put(root, `${HOOKS}/quality-hook`, readFileSync(path, 'utf8').replace(/ \/(?:usr|opt)\/\S+/g, ' /nowhere'));
  };

  it('takes node from PATH, from the time of installing, or from where version managers keep it', () => {
    const at = world();
    hook(at, 'install');
    nodeAt(at.home, 'path/node', 'then/node', '.volta/bin/node', '.nvm/versions/node/v8.17.0/bin/node');
    nodeAt(at.home, '.nvm/versions/node/v22.1.0/bin/node', '.nvm/versions/node/v9.0.0/bin/node');
    nodeAt(at.home, '.local/share/mise/installs/node/lts/bin/node');
    const take = (env: NodeJS.ProcessEnv = {}): string[] => {
      const done = commit({ ...at, env: { ...at.env, ...env } });
      expect(done, done.err).toMatchObject({ code: 0 });
      return nodesStarted(at).map((path) => path.slice(at.home.length + 1));
    };
    remember(at, join(at.home, 'then/node'), '');
    expect(take({ PATH: `${tools.folder}:${join(at.home, 'path')}` })).toEqual(['path/node']);
    expect(take()).toEqual(['then/node']);
    remember(at, '/gone/node', '');
    expect(take()).toEqual(['.volta/bin/node']);
    rmSync(join(at.home, '.volta'), { recursive: true });
    expect(take()).toEqual(['.nvm/versions/node/v22.1.0/bin/node']);
    const managers = [
      '.local/share/mise/installs/node/22.3.0',
      '.asdf/installs/nodejs/20.1.0',
      '.local/share/fnm/node-versions/v22.0.0/installation',
      '.nodenv/versions/24.0.0',
    ];
    const paths = started(at).map(({ path }) => path.slice(at.home.length + 1));
    for (const folder of managers) {
      rmSync(join(at.home, '.nvm'), { recursive: true, force: true });
      nodeAt(at.home, `${folder}/bin/node`);
      expect(take()).toEqual([`${folder}/bin/node`]);
      rmSync(join(at.home, folder), { recursive: true });
    }
    expect(paths).toEqual([expect.any(String), 'then', '.volta/bin', '.nvm/versions/node/v22.1.0/bin']);
  });

  it('takes the project’s package, or the one that has installed it, and otherwise blocks, unless it is optional', () => {
    const at = world();
    hook(at, 'install');
    writeTree(at.home, { 'first/package.json': '{"type":"module"}', 'first/quality.js': INSTALLED });
    rmSync(join(at.root, 'node_modules'), { recursive: true });
    remember(at, process.execPath, join(at.home, 'first/quality.js'));
    expect(commit(at).code).toBe(0);
    expect(started(at)).toHaveLength(1);
    remember(at, process.execPath, '/gone/quality.js');
    const blocked = commit(at);
    expect(blocked.code).not.toBe(0);
    expect(blocked.err).toContain('quality: the package quality-orchestrator is not installed here\n');
    expect(blocked.err).toContain('npm install');
    put(at.root, 'node_modules/.bin/quality', '#!/bin/sh\necho "$@" >"$STARTED.bin"\n');
    expect(commit(at).code).toBe(0);
    expect(readFileSync(`${at.env.STARTED ?? ''}.bin`, 'utf8')).toBe('hook run pre-commit --\n');
    rmSync(join(at.root, 'node_modules'), { recursive: true });
    expect(hook(at, 'install', '--optional').code).toBe(0);
    remember(at, process.execPath, '/gone/quality.js');
    const passed = commit(at);
    expect(passed.code).toBe(0);
    expect(passed.err).toContain('is not installed here; going on without it');
  });

  it('says that there is no node', () => {
    const at = world();
    hook(at, 'install');
    hideSystemNodes(at);
    remember(at, '', '');
    const blocked = commit(at);
    expect(blocked.code).not.toBe(0);
    expect(blocked.err).toContain('quality: Node.js was not found\n');
    const bare = commit({ ...at, env: { ...GIT_ENV, PATH: tools.folder, GIT_CONFIG_COUNT: '0' } });
    expect(bare.err).toContain('quality: Node.js was not found\n');
  });
});

const HUSKY_8 = `#!/usr/bin/env sh
if [ -z "$husky_skip_init" ]; then
  readonly hook_name="$(basename -- "$0")"
  if [ "$HUSKY" = "0" ]; then exit 0; fi
  readonly husky_skip_init=1
  export husky_skip_init
  sh -e "$0" "$@"
  exitCode="$?"
  exit $exitCode
fi
`;
const HUSKY_9 = `#!/usr/bin/env sh
n=$(basename "$0")
s=$(dirname "$(dirname "$0")")/$n
[ ! -f "$s" ] && exit 0
export PATH="node_modules/.bin:$PATH"
sh -e "$s" "$@"
c=$?
[ $c != 0 ] && echo "husky - $n script failed (code $c)"
exit $c
`;

describe('where the hooks are', () => {
  it('husky 9: the hook goes into the project’s own file', () => {
    const at = world({ ...PACKAGE, '.husky/pre-commit': 'echo other >>"$STARTED.other"\n', '.husky/_/h': HUSKY_9 });
    put(at.root, '.husky/_/pre-commit', '#!/usr/bin/env sh\n. "$(dirname "$0")/h"');
    put(at.root, '.husky/_/commit-msg', '#!/usr/bin/env sh\n. "$(dirname "$0")/h"');
    const before = picture(join(at.root, '.husky'));
    expect(hook(at, 'install').err).toContain('husky is not switched on here yet');
    gitIn(at, 'config', 'core.hooksPath', '.husky/_');
    expect(hook(at, 'install', 'pre-commit', 'commit-msg').out).toBe(
      'pre-commit: already installed as .husky/pre-commit\ncommit-msg: installed as .husky/commit-msg\n',
    );
    const done = commit(at);
    expect(done, done.err).toMatchObject({ code: 0 });
    expect(started(at).map(({ args }) => args[2])).toEqual(['pre-commit', 'commit-msg']);
    expect(existsSync(`${at.env.STARTED ?? ''}.other`)).toBe(true);
    expect(status(at)).toMatchObject({ husky: 'awake', problems: [] });
    hook(at, 'uninstall');
    expect(picture(join(at.root, '.husky'))).toEqual(before);
  });

  it('core.hooksPath in the project: works in a clone where nothing was installed', () => {
    const at = world();
    gitIn(at, 'config', 'core.hooksPath', 'tools/hooks');
    expect(hook(at, 'install').out).toBe('pre-commit: installed as tools/hooks/pre-commit\n');
    gitIn(at, 'add', '--all');
    commit(at);
    expect(started(at)).toHaveLength(1);
    const clone = world({}, 'a clone');
    gitIn(clone, 'pull', '--quiet', at.root, 'main');
    writeTree(clone.root, PACKAGE);
    gitIn(clone, 'config', 'core.hooksPath', 'tools/hooks');
    expect(commit(clone).code).toBe(0);
    expect(started(clone)).toHaveLength(1);
    hook(at, 'uninstall');
    expect(existsSync(join(at.root, 'tools/hooks'))).toBe(false);
  });

  it('a folder that other repositories use: those that have not asked are left in peace', () => {
    const at = world();
    const other = world();
    const shared = join(at.home, 'hooks');
    for (const one of [at, other]) gitIn(one, 'config', 'core.hooksPath', shared);
    const done = hook(at, 'install');
    expect(done.out).toBe(`pre-commit: installed as ${join(shared, 'pre-commit')}\n`);
    expect(done.err).toContain('serves other repositories too');
    expect([commit(at).code, commit(other).code]).toEqual([0, 0]);
    expect([started(at).length, started(other).length]).toEqual([1, 0]);
    hook(at, 'uninstall');
    expect(existsSync(shared)).toBe(false);
  });

  it('linked work trees share them, and what was found when they were installed', () => {
    const at = world();
    commit(at);
    const linked = { ...at, root: join(at.home, 'linked tree') };
    gitIn(at, 'worktree', 'add', '--quiet', '-b', 'other', linked.root);
    const first = hook(linked, 'install');
    expect(first.out).toBe(`pre-commit: installed as ${join(at.root, PRE_COMMIT)}\n`);
    writeTree(at.home, { 'first/package.json': '{"type":"module"}', 'first/quality.js': INSTALLED });
    const known = `${process.execPath}\n${join(at.home, 'first/quality.js')}\npre-commit\n\n`;
    writeTree(at.root, { '.git/quality/hooks': known });
    expect([commit(at).code, commit(linked).code]).toEqual([0, 0]);
    expect(started(at)).toHaveLength(2);
    hook(linked, 'uninstall');
    expect(existsSync(join(at.root, PRE_COMMIT))).toBe(false);
  });
});

describe('a program that writes the hooks', () => {
  it('lefthook: a job is added where its file has none for the hook, and taken out again', () => {
    const text = '# ours\npre-push:\n  commands:\n    test:\n      run: npm test';
    const at = world({ ...PACKAGE, 'lefthook.yml': text });
    const done = hook(at, 'install');
    expect(done).toMatchObject({ code: 0 });
    expect(done.out).toContain('added to lefthook.yml');
    expect(readFileSync(join(at.root, 'lefthook.yml'), 'utf8')).toContain('    quality:\n      run: npx');
    expect(hook(at, 'install').out).toBe('pre-commit: lefthook.yml starts it already\n');
    const push = hook(at, 'install', 'pre-push');
    expect(push.code).toBe(1);
    expect(push.out).toContain('add this to lefthook.yml');
    expect(existsSync(join(at.root, PRE_COMMIT))).toBe(false);
    hook(at, 'uninstall');
    expect(readFileSync(join(at.root, 'lefthook.yml'), 'utf8')).toBe(text);
  });

  it.each([
    ['pre-commit', '.pre-commit-config.yaml', 'repos: []\n', '      - id: quality'],
    ['simple-git-hooks', 'package.json', '{"simple-git-hooks": {"pre-push": "x"}}', '  "pre-commit": "npx'],
    ['husky 4', 'package.json', '{"husky": {"hooks": {}}}', '  "pre-commit": "npx'],
    ['lefthook', 'lefthook.yml', 'pre-commit: { commands: {} }\n', '    quality:'],
    ['lefthook', 'lefthook.toml', '[pre-push]\n', '  [pre-commit.commands.quality]\n  run = "npx'],
    ['lefthook', '.lefthook.json', '{}\n', '  "pre-commit": { "commands": { "quality": { "run": "npx'],
    ['prek', 'prek.toml', '\n', '  entry = "npx'],
    ['yorkie', 'package.json', '{"gitHooks": {"pre-push": "x"}}', '  "pre-commit": "npx'],
  ])('%s: says what to add to %s, and writes git’s own hook only when told to', (name, file, text, line) => {
    const at = world({ ...PACKAGE, [file]: text });
    const done = hook(at, 'install');
    expect(done.code).toBe(1);
    expect(done.out).toContain(`${name} writes the hooks here; add this to ${file}`);
    expect(done.out).toContain(line);
    expect(readFileSync(join(at.root, file), 'utf8')).toBe(text);
    expect(existsSync(join(at.root, PRE_COMMIT))).toBe(false);
    if (name !== 'husky 4') return;
    expect(hook(at, 'install', '--direct').code).toBe(0);
    expect(existsSync(join(at.root, PRE_COMMIT))).toBe(true);
  });
});

it('is a launcher that a POSIX shell reads', () => {
  const { status: code } = spawnSync('/bin/sh', ['-n', join(PACKAGE_FOLDER, 'bin', 'hook-launcher.sh')]);
  expect(code).toBe(0);
});
