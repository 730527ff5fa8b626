import { describe, expect, it } from 'vitest';
import { knip } from '../src/tools/knip.js';
import { readKnipArguments } from '../src/tools/knip/command-line.js';
import { repository, type Tree } from './rig.js';
import { findAll, openWith } from './project-tool-rig.js';

const json = (value: unknown): string => JSON.stringify(value);

/** A package in knip's place: it prints what a knip of that version printed, or does something else. */
function knipPackage(script: string): Tree {
  return {
    '.gitignore': 'node_modules\n',
    'node_modules/knip/package.json': json({
      name: 'knip',
      version: '6.44.2',
      type: 'module',
      bin: { knip: 'bin/knip.js' },
    }),
    'node_modules/knip/bin/knip.js': script,
  };
}

const ROWS = {
  issues: [
    { file: 'src/dead.ts', files: [{ name: 'src/dead.ts' }], exports: [], owners: [{ name: '@me' }] },
    {
      file: 'package.json',
      dependencies: [{ name: 'lodash', line: 3, col: 6, pos: 40 }],
      binaries: [{ name: 'rimraf' }],
    },
    {
      file: 'src/a.ts',
      exports: [{ name: 'b', line: 1, col: 32, pos: 31 }],
      types: [{ name: 'T', line: 2, col: 13, pos: 48 }],
      duplicates: [
        [
          { name: 'a', line: 1, col: 14 },
          { name: 'default', line: 1, col: 90 },
        ],
      ],
      enumMembers: { E: [{ name: 'A', line: 4, col: 2 }] },
      somethingNew: [{ name: 'x' }],
    },
  ],
};

const printing = (report: unknown, exitCode: number): string =>
  `console.log('a config says hello'); console.log(${JSON.stringify(json(report))}); process.exitCode = ${exitCode};`;

async function find(script: string, more: Tree = {}): Promise<string[]> {
  const root = repository({
    'package.json': json({ devDependencies: { knip: '6' } }),
    ...knipPackage(script),
    ...more,
  });
  const found = await findAll(knip, await openWith(knip, root));
  return found.map(
    ({ severity, rule, path, start, message }) =>
      `${severity} ${String(rule)} ${String(path)}:${start?.line ?? '-'}:${start?.column ?? '-'} ${message}`,
  );
}

describe('findings', () => {
  it('are those of the report, of whatever kind', async () => {
    expect((await find(printing(ROWS, 1))).sort()).toEqual([
      'error binaries package.json:-:- Unlisted binary rimraf',
      'error dependencies package.json:3:6 Unused dependency lodash',
      'error duplicates src/a.ts:1:14 Exported more than once: a, default',
      'error enumMembers src/a.ts:4:2 Unused enum member E.A',
      'error exports src/a.ts:1:32 Unused export b',
      'error files src/dead.ts:-:- Unused file',
      'error somethingNew src/a.ts:-:- somethingNew: x',
      'error types src/a.ts:2:13 Unused exported type T',
    ]);
  });

  it('before version 6 come with the unused files apart', async () => {
    expect(await find(printing({ files: ['src/dead.ts'], issues: [] }, 1))).toEqual([
      'error files src/dead.ts:-:- Unused file',
    ]);
  });

  it('that do not fail knip are warnings, and so are kinds that the config makes warnings', async () => {
    const report = { issues: [ROWS.issues[2]] };
    expect((await find(printing(report, 0))).every((line) => line.startsWith('warning'))).toBe(true);
    const mixed = await find(printing(report, 1), {
      'knip.jsonc': '{ /* no */ "rules": { "types": "warn", "files": "off" }, }',
    });
    expect(mixed.filter((line) => line.startsWith('warning'))).toEqual([
      'warning types src/a.ts:2:13 Unused exported type T',
    ]);
  });

  it('are none where there are none', async () => {
    expect(await find(printing({ issues: [] }, 0))).toEqual([]);
  });

  it.each([
    ['its own failure', 'console.error("bad config"); process.exitCode = 2;', 'tool-config'],
    ['an unknown exit code', printing({ issues: [] }, 7), 'tool-crashed'],
    ['no report', 'console.log("hello")', 'tool-output'],
    ['failure without a finding', printing({ issues: [] }, 1), 'tool-output'],
    ['rows without files', printing({ issues: [{}] }, 1), 'tool-output'],
  ])('cannot be had from %s', async (_, script, kind) => {
    await expect(find(script)).rejects.toMatchObject({ failure: { kind, tool: 'knip' } });
  });
});

describe('where knip runs', () => {
  const ECHO = printing({ issues: [] }, 0).replace(
    "console.log('a config says hello')",
    'process.stderr.write(process.argv.slice(2).join(" "))',
  );

  async function detect(tree: Tree): Promise<[string, unknown][]> {
    const { detection } = await openWith(knip, repository({ 'a.ts': '', ...knipPackage(ECHO), ...tree }));
    return detection.uses.map(({ id, options }) => [id, options.runs]);
  }

  it('is where the project runs it, with its flags', async () => {
    const scripts = {
      knip: 'knip --production --include files,exports --reporter compact',
      'knip:fix': 'knip --fix',
      watch: 'knip -w',
    };
    expect(await detect({ 'package.json': json({ scripts }) })).toEqual([
      ['knip@', [['--production', '--include', 'files,exports']]],
    ]);
    const two = { knip: 'knip', strict: 'knip --production --strict' };
    expect(await detect({ 'package.json': json({ scripts: two }) })).toEqual([
      ['knip@', [[], ['--production', '--strict']]],
    ]);
  });

  it('is beside its config, or where it is declared', async () => {
    expect(await detect({ 'knip.ts': '', 'package.json': '{}' })).toEqual([['knip@', [[]]]]);
    expect(await detect({ 'package.json': json({ devDependencies: { knip: '6' } }) })).toEqual([['knip@', [[]]]]);
    expect(await detect({ 'package.json': '{}' })).toEqual([]);
  });

  it('is missed when the project asks for it and it is not installed', async () => {
    const { detection } = await openWith(
      knip,
      repository({ 'package.json': json({ scripts: { knip: 'knip' } }), 'a.ts': '' }),
    );
    expect(detection.skips).toMatchObject([{ wanted: true, hint: 'npm install --save-dev knip' }]);
  });

  it('is not missed for a package beside the project that is not installed', async () => {
    const tree = { 'package.json': '{}', 'a.ts': '', 'bench/package.json': json({ devDependencies: { knip: '6' } }) };
    const { detection } = await openWith(knip, repository(tree));
    expect(detection.skips).toMatchObject([{ root: 'bench', wanted: false }]);
  });

  it('takes flags of every form', () => {
    expect(readKnipArguments(['-W', 'packages/*', '--tags=-x', '--no-progress', '--cache', '-D', 'sub'])).toEqual({
      flags: ['-W', 'packages/*', '--tags=-x'],
      directory: 'sub',
      fixes: false,
      isOther: false,
    });
  });
});
