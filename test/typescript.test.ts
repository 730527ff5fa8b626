import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { type Diagnostic, newDiagnostics } from '../src/model/diagnostic.js';
import { tsc } from '../src/tools/typescript.js';
import { readCompilerArguments } from '../src/tools/typescript/command-line.js';
import { parseCompilerOutput } from '../src/tools/typescript/output.js';
import { git, repository, temporaryFolder, type Tree, writeTree } from './rig.js';
import { OWN_MODULES, findAll, openWith, runUse } from './project-tool-rig.js';

const TYPESCRIPT = { link: join(OWN_MODULES, 'typescript') };
const json = (value: unknown): string => JSON.stringify(value);
const manifest = (more: object = {}): string => json({ devDependencies: { typescript: '*' }, ...more });
const OPTIONS = { strict: true, module: 'nodenext', target: 'es2022', types: [], lib: ['es5'] };

function project(tree: Tree): string {
  return repository({
    '.gitignore': 'node_modules\ndist\n*.tsbuildinfo\n',
    'package.json': manifest(),
    'tsconfig.json': json({ compilerOptions: OPTIONS }),
    'node_modules/typescript': TYPESCRIPT,
    ...tree,
  });
}

/** What the compiler itself prints there, whatever its exit code. */
function ownWords(cwd: string, ...args: string[]): string {
  try {
    return execFileSync('node', [join(OWN_MODULES, 'typescript/bin/tsc'), ...args, '--pretty', 'false'], {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

function shown({ path, start, rule, message }: Diagnostic): string {
  const place = path === null ? '' : `${path}(${String(start?.line)},${String(start?.column)}): `;
  return `${place}error ${String(rule)}: ${message}`;
}

function sorted(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .sort();
}

function expectSame(found: readonly Diagnostic[], words: string): void {
  expect(sorted(found.map(shown).join('\n'))).toEqual(sorted(words));
  expect(found.length).toBeGreaterThan(0);
}

/** Everything but what is in .git: nothing may come or go. */
function untouched(root: string): string {
  return git(root, 'status', '--short', '--ignored');
}

const BROKEN = {
  'src/a.ts': 'export const é😀: number = 1;\nexport const wide = "é😀"; export const text: string = 1;\n',
  'src/deep.ts':
    'type A = { x: { y: { z: string } } };\nexport const a: A = { x: { y: { z: 1 } } };\nexport const f: (a: string) => void = (n: number) => n;\n',
  'src/syntax.mts': 'export const = 1;\n',
  'src/b.js': 'export const b = 1;\n',
};

describe('findings', () => {
  it('equal those of the command line, one by one, and nothing is written', async () => {
    const root = project(Object.fromEntries(Object.entries(BROKEN).filter(([path]) => !path.endsWith('.mts'))));
    const before = untouched(root);
    const opened = await openWith(tsc, root);
    const words = ownWords(root, '--noEmit');
    expectSame(await findAll(tsc, opened), words);
    expectSame(await findAll(tsc, opened), words);
    expect(untouched(root)).toBe(before);
  });

  it('are the syntax errors alone while there are any', async () => {
    const root = project(BROKEN);
    expectSame(await findAll(tsc, await openWith(tsc, root)), ownWords(root, '--noEmit'));
  });

  it('follow the text from run to run although state is kept', async () => {
    const root = project({
      'src/a.ts': 'export const a: string = 1;\n',
      'src/b.ts': "import { a } from './a.js';\nexport const b: string = a;\n",
    });
    expect((await findAll(tsc, await openWith(tsc, root))).map(({ path }) => path)).toEqual(['src/a.ts']);
    const opened = await openWith(tsc, root);
    await findAll(tsc, opened);
    writeTree(root, { 'src/a.ts': 'export const a: number = 1;\n' });
    expect((await findAll(tsc, opened)).map(({ path, rule }) => [path, rule])).toEqual([['src/b.ts', 'TS2322']]);
    writeTree(root, { 'src/a.ts': "export const a: string = '';\n" });
    expect(await findAll(tsc, opened)).toEqual([]);
  });

  it('are nobody’s when they are about the config', async () => {
    const root = project({
      'tsconfig.json': json({ compilerOptions: { ...OPTIONS, nothingLikeIt: true } }),
      'a.ts': 'export {};\n',
    });
    const [finding] = await findAll(tsc, await openWith(tsc, root));
    expect(finding).toMatchObject({ path: 'tsconfig.json', rule: 'TS5023', severity: 'error' });
    const empty = project({ 'a.txt': '' });
    expect(await findAll(tsc, await openWith(tsc, empty))).toMatchObject([{ path: null, rule: 'TS18003' }]);
  });

  it('outside of the workspace are named in the message', () => {
    const output = '../up/x.ts(3,4): error TS1: No.\nin(2).ts(1,2): error TS2: First\n  second\n';
    const found = parseCompilerOutput(output, { tool: 'tsc', root: '/w', cwd: '/w' });
    expect(found).toMatchObject([
      { path: null, message: '../up/x.ts:3:4: No.' },
      { path: 'in(2).ts', start: { line: 1, column: 2 }, message: 'First\n  second' },
    ]);
  });
});

const REFERENCED = { ...OPTIONS, skipLibCheck: true, composite: true, outDir: 'dist', rootDir: 'src' };
const MONOREPO: Tree = {
  'package.json': manifest({ workspaces: ['packages/*'], scripts: { build: 'tsc -b' } }),
  'tsconfig.json': json({ files: [], references: [{ path: 'packages/a' }, { path: 'packages/b' }] }),
  'packages/a/package.json': json({ name: '@x/a', type: 'module', types: 'dist/index.d.ts', main: 'dist/index.js' }),
  'packages/a/tsconfig.json': json({ compilerOptions: REFERENCED, include: ['src'] }),
  'packages/a/src/index.ts': "export * from './more.js';\nexport const a: number = 1;\nexport const bad: string = 2;\n",
  'packages/a/src/more.ts': 'export const more = 1;\n',
  'packages/b/package.json': json({ name: '@x/b', type: 'module' }),
  'packages/b/tsconfig.json': json({ compilerOptions: REFERENCED, include: ['src'], references: [{ path: '../a' }] }),
  'packages/b/src/index.ts':
    "import { a, more } from '@x/a';\nimport { bad } from '../../a/src/index.js';\nexport const b: string = a;\nexport const c: number = bad;\nexport const d: string = more;\n",
  'node_modules/@x/a': { link: '../../packages/a' },
  'node_modules/@x/b': { link: '../../packages/b' },
};

describe('project references', () => {
  it('give what tsc -b gives, without its output in the target', async () => {
    const root = project(MONOREPO);
    const copy = join(temporaryFolder(), 'copy');
    cpSync(root, copy, { recursive: true, verbatimSymlinks: true });
    const words = ownWords(copy, '-b');
    expect(existsSync(join(copy, 'packages/a/dist/index.d.ts'))).toBe(true);
    const before = untouched(root);
    const opened = await openWith(tsc, root);
    expect(opened.detection.uses.map(({ id }) => id)).toEqual(['tsc@']);
    expectSame(await findAll(tsc, opened), words);
    expectSame(await findAll(tsc, opened), words);
    expect(untouched(root)).toBe(before);
  });

  it('of many packages are built once for all, and what they share is said once', async () => {
    const composite = { ...OPTIONS, composite: true, rootDir: 'src', outDir: 'dist' };
    const member = (name: string, references: readonly string[], source: string): Tree => ({
      [`packages/${name}/package.json`]: manifest({ scripts: { 'test:types': 'tsc --build' } }),
      [`packages/${name}/tsconfig.json`]: json({
        compilerOptions: composite,
        include: ['src'],
        references: references.map((path) => ({ path })),
      }),
      [`packages/${name}/src/index.ts`]: source,
    });
    const root = project({
      'package.json': manifest({ workspaces: ['packages/*'] }),
      ...member('core', [], 'export const one: string = 1;\n'),
      ...member('a', ['../core'], "import { one } from '../../core/src/index.js';\nexport const a: number = one;\n"),
      ...member('b', ['../core'], 'export const b: number = 1;\nexport const c: string = b;\n'),
    });
    const opened = await openWith(tsc, root);
    expect(
      opened.detection.uses.map(({ id, options }) => [id, options.config, options.others, options.references]),
    ).toEqual([['tsc@', 'packages/a/tsconfig.json', ['packages/b/tsconfig.json'], ['packages/core/tsconfig.json']]]);
    const found = await findAll(tsc, opened);
    expect(found.map(({ path, rule }) => [path, rule]).sort()).toEqual([
      ['packages/a/src/index.ts', 'TS2322'],
      ['packages/b/src/index.ts', 'TS2322'],
      ['packages/core/src/index.ts', 'TS2322'],
    ]);
    expect(untouched(root)).not.toContain('dist');
    // The project's own tools pass over node_modules alone.
    const kept = readdirSync(opened.context.stateFolder, { recursive: true, encoding: 'utf8' });
    const sources = kept.filter((path) => /\.[cm]?[jt]s$/.test(path));
    expect(sources.length).toBeGreaterThan(3);
    expect(sources.filter((path) => !path.startsWith(join('node_modules', 'build-')))).toEqual([]);
  });

  it('are built anew when a source is gone', async () => {
    const root = project(MONOREPO);
    const opened = await openWith(tsc, root);
    await findAll(tsc, opened);
    rmSync(join(root, 'packages/a/src/more.ts'));
    const again = await openWith(tsc, root);
    const found = await findAll(tsc, { ...again, context: opened.context });
    expect(found.filter(({ rule }) => rule === 'TS2307').map(({ path }) => path)).toEqual(['packages/a/src/index.ts']);
  });

  it('are left as they are by a call that builds nothing, before their build and after it', async () => {
    const root = project({
      ...MONOREPO,
      'package.json': manifest({ workspaces: ['packages/*'] }),
      'packages/b/package.json': json({ name: '@x/b', type: 'module', scripts: { typecheck: 'tsc --noEmit' } }),
    });
    const folder = join(root, 'packages/b');
    const words = (): string => ownWords(folder, '--noEmit').replace(/^(?=src)/gm, 'packages/b/');
    const opened = await openWith(tsc, root);
    expect(opened.detection.uses.map(({ id, options }) => [id, options.mode])).toEqual([['tsc@packages/b', 'project']]);
    expect(opened.detection.uses.map((use) => tsc.reach?.(use))).toEqual(['world']);
    const unbuilt = words();
    expect(unbuilt).toContain('TS6305');
    expectSame(await findAll(tsc, opened), unbuilt);
    ownWords(folder, '-b');
    const built = words();
    expect(built).not.toContain('TS6305');
    expectSame(await findAll(tsc, opened), built);
  });

  it('are built by a call of a config that checks nothing by itself', async () => {
    const members = { 'package.json': manifest({ scripts: { typecheck: 'tsc --noEmit' } }) };
    expect(await usesOf({ ...MONOREPO, ...members })).toEqual(['tsc build tsconfig.json']);
  });
});

/** `compiler mode config` of each use. */
async function usesOf(tree: Tree): Promise<string[]> {
  const { detection } = await openWith(tsc, project({ 'a.ts': '', ...tree }));
  return detection.uses.map(
    ({ options }) => `${options.compiler as string} ${options.mode as string} ${options.config as string}`,
  );
}

describe('what is checked', () => {
  const scripts = (lines: Record<string, string>): Tree => ({ 'package.json': manifest({ scripts: lines }) });
  const config = json({ compilerOptions: OPTIONS });

  it('is what the scripts check, rather than what they build', async () => {
    const extra = { 'tsconfig.build.json': config, 'tsconfig.test.json': config };
    expect(
      await usesOf({ ...extra, ...scripts({ build: 'tsc -p tsconfig.build.json', types: 'tsc --noEmit' }) }),
    ).toEqual(['tsc project tsconfig.json']);
    expect(await usesOf({ ...extra, ...scripts({ build: 'rimraf dist && tsc -p tsconfig.build.json' }) })).toEqual([
      'tsc project tsconfig.build.json',
    ]);
    expect(
      await usesOf({
        ...extra,
        ...scripts({ typecheck: 'tsc -p tsconfig.build.json && tsc --noEmit -p tsconfig.test.json' }),
      }),
    ).toEqual(['tsc project tsconfig.build.json', 'tsc project tsconfig.test.json']);
    expect(await usesOf(scripts({ init: 'tsc --init', version: 'tsc -v', dev: 'tsc -w' }))).toEqual([
      'tsc project tsconfig.json',
    ]);
  });

  it('is every tsconfig.json of the workspace where no script says', async () => {
    const members = {
      'package.json': manifest({ workspaces: ['packages/*'] }),
      'packages/a/package.json': '{}',
      'packages/a/tsconfig.json': config,
    };
    const sample = { 'test/fixture/package.json': '{}', 'test/fixture/tsconfig.json': config };
    expect(await usesOf({ ...members, ...sample })).toEqual([
      'tsc project tsconfig.json',
      'tsc project packages/a/tsconfig.json',
    ]);
  });

  it('is a solution as a whole', async () => {
    expect(await usesOf({ ...MONOREPO, 'package.json': manifest({ workspaces: ['packages/*'] }) })).toEqual([
      'tsc build tsconfig.json',
    ]);
  });

  it('is a jsconfig.json only if it asks for it', async () => {
    const root = async (jsconfig: object): Promise<number> => {
      const folder = repository({
        'package.json': manifest(),
        'node_modules/typescript': TYPESCRIPT,
        'a.js': '',
        'jsconfig.json': json(jsconfig),
        '.gitignore': 'node_modules',
      });
      return (await openWith(tsc, folder)).detection.uses.length;
    };
    expect(await root({ compilerOptions: { checkJs: true } })).toBe(1);
    expect(await root({})).toBe(0);
  });

  it('is nothing where the config is for editors only, with the reason', async () => {
    const { detection } = await openWith(
      tsc,
      repository({ 'package.json': '{}', 'tsconfig.json': config, 'a.ts': '' }),
    );
    expect(detection.uses).toEqual([]);
    expect(detection.skips).toMatchObject([{ wanted: false, hint: 'npm install --save-dev typescript' }]);
  });

  it('is left to a checker that knows more than TypeScript', async () => {
    const own = scripts({ check: 'svelte-kit sync && svelte-check --tsconfig ./tsconfig.json' });
    const { detection } = await openWith(tsc, project({ 'a.ts': '', ...own }));
    expect(detection.uses).toEqual([]);
    expect(detection.skips).toMatchObject([{ wanted: false, hint: 'add ["npm","run","check"] to verify.tests' }]);
  });

  it('is missed where typescript is declared and not installed', async () => {
    const { detection } = await openWith(
      tsc,
      repository({ 'package.json': manifest(), 'tsconfig.json': config, 'a.ts': '' }),
    );
    expect(detection.uses).toEqual([]);
    expect(detection.skips).toMatchObject([
      { wanted: true, reason: 'typescript is declared but not installed', hint: 'npm install' },
    ]);
  });

  it('keeps flags that change findings, and leaves output to us', () => {
    const read = readCompilerArguments([
      '-p',
      'x',
      '--strict',
      '--noEmit',
      '--outDir',
      'o',
      '--lib',
      'es2022,dom',
      '--skipLibCheck',
      'false',
      '-w',
    ]);
    expect(read).toMatchObject({
      projects: ['x'],
      flags: ['--strict', '--lib', 'es2022,dom', '--skipLibCheck', 'false'],
      checksOnly: true,
      watches: true,
      files: [],
    });
    expect(readCompilerArguments(['-b', 'a', 'b', '--verbose'])).toMatchObject({
      build: true,
      projects: ['a', 'b'],
      flags: [],
    });
    expect(readCompilerArguments(['a.ts', '--target', 'es5'])).toMatchObject({
      files: ['a.ts'],
      flags: ['--target', 'es5'],
    });
  });
});

/** A package that stands where the compiler is looked for. */
function fakeCompiler(script: string): Tree {
  return {
    'package.json': manifest(),
    'tsconfig.json': '{}',
    'a.ts': '',
    'node_modules/typescript/package.json': json({ name: 'typescript', version: '6.0.0', bin: { tsc: 'bin/tsc.js' } }),
    'node_modules/typescript/bin/tsc.js': script,
  };
}

describe('a compiler that fails', () => {
  const fault = async (script: string): Promise<unknown> => {
    const opened = await openWith(tsc, repository({ '.gitignore': 'node_modules', ...fakeCompiler(script) }));
    return findAll(tsc, opened).catch((error: unknown) => (error as { failure?: { kind: string } }).failure?.kind);
  };

  it.each([
    ['an exception', 'throw new Error("no")', 'tool-crashed'],
    ['an exit code without findings', 'process.exit(1)', 'tool-output'],
    ['an unknown exit code', 'console.log("a.ts(1,1): error TS1: x"); process.exit(9)', 'tool-output'],
    ['something else printed', 'console.log("hello"); process.exit(2)', 'tool-output'],
    ['errors and success', 'console.log("a.ts(1,1): error TS1: x")', 'tool-output'],
    ['a signal', 'process.kill(process.pid, "SIGKILL")', 'tool-crashed'],
    [
      'a panic after findings',
      'console.log("a.ts(1,1): error TS1: x"); console.error("panic: oh"); process.exit(2)',
      'tool-crashed',
    ],
  ])('is a fault: %s', async (_, script, kind) => {
    expect(await fault(script)).toBe(kind);
  });

  it('is read the same where the environment asks for colours', async () => {
    vi.stubEnv('FORCE_COLOR', '1');
    expect(await fault('throw new Error("no")')).toBe('tool-crashed');
    vi.unstubAllEnvs();
  });

  it('is not one when it says nothing and succeeds', async () => {
    expect(await fault('')).toEqual([]);
  });
});

it('refuses texts that are not on disk', async () => {
  const opened = await openWith(tsc, project({ 'a.ts': '' }));
  const [use] = opened.detection.uses;
  const sourcesOf: typeof opened.sourcesOf = async (one) =>
    (await opened.sourcesOf(one)).map((source) => ({ ...source, virtual: true }));
  await expect(runUse(tsc, use!, { ...opened, sourcesOf })).rejects.toThrow('is not what stands there');
});

it('never loses a word of a command line', () => {
  const word = fc.constantFrom('-p', '--strict', 'a.ts', '--lib', '--noEmit', 'true', '--outDir', '-b', 'x.json');
  fc.assert(
    fc.property(fc.array(word), (args) => {
      const { flags, files, projects } = readCompilerArguments(args);
      expect(args).toEqual(expect.arrayContaining([...flags, ...files, ...projects]));
    }),
  );
});

describe('a finding', () => {
  it('is another one when other words stand behind a blank line, and the same one when only its explanation differs', () => {
    const said = (message: string): Diagnostic => ({
      tool: 'own',
      rule: null,
      severity: 'error',
      message,
      path: 'a.ts',
    });
    expect(newDiagnostics([said('fails\n\nat one')], [said('fails\n\nat another')])).toHaveLength(1);
    expect(newDiagnostics([said('fails\n  at one')], [said('fails\n  at another')])).toEqual([]);
  });

  it('is the same one when the compiler meets the parts of a union in another order', async () => {
    const imports = "import type { One } from './one.js';\nimport type { Other } from './other.js';\n";
    const tree = {
      'one.ts': 'export interface One { one: 1 }\n',
      'other.ts': 'export interface Other { other: 2 }\n',
      'z.ts': `${imports}declare const one: One, other: Other, is: boolean;\nexport const z = (is ? one : other).method;\n`,
    };
    const foundWith = async (first: string): Promise<readonly Diagnostic[]> => {
      const root = project({ ...tree, 'a.ts': first });
      return findAll(tsc, await openWith(tsc, root));
    };
    const found = await foundWith('export const a = 1;\n');
    const again = await foundWith("import type { Other } from './other.js';\n");
    expect(found.map(({ message }) => message)).not.toEqual(again.map(({ message }) => message));
    expect(newDiagnostics(found, again)).toEqual([]);
    const otherwise = await foundWith('export const a = 1;\nexport const b: string = a;\n');
    expect(newDiagnostics(found, otherwise).map(({ path }) => path)).toEqual(['a.ts']);
  });
});
