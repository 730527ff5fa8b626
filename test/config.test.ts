import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import fc from 'fast-check';
import { parse } from 'jsonc-parser';
import { format } from 'prettier';
import { describe, expect, it } from 'vitest';
import { checkConfig } from '../src/config/check.js';
import { DEFAULT_CONFIG } from '../src/config/default.js';
import { configDocsText } from '../src/config/docs.js';
import { exampleText } from '../src/config/example.js';
import { excerpt, positionAt } from '../src/config/excerpt.js';
import { jsonSchemaText } from '../src/config/json-schema.js';
import { loadConfig, type KnownNames } from '../src/config/load.js';
import { type Config, configSchema, defaultConfig } from '../src/config/schema.js';
import { editDistance, nearest } from '../src/config/suggest.js';
import { durationMs, sizeBytes } from '../src/config/units.js';
import type { Failure } from '../src/model/failure.js';
import { temporaryFolder, type Tree } from './rig.js';

const ROOT = join(import.meta.dirname, '..');

const KNOWN: KnownNames = {
  commands: ['analyze', 'verify', 'format', 'cleanup', 'dedupe'],
  workflows: ['standard', 'comprehensive', 'format-only', 'cleanup-only', 'verify-only'],
  tools: ['eslint', 'prettier', 'biome', 'ruff', 'black', 'isort', 'gofmt'],
  after: { format: ['verify'], cleanup: ['verify', 'format'], dedupe: ['verify', 'cleanup', 'format'] },
};

async function load(tree: Tree, file?: string): ReturnType<typeof loadConfig> {
  const root = temporaryFolder(tree);
  return loadConfig({
    root,
    known: () => Promise.resolve(KNOWN),
    ...(file === undefined ? {} : { file: join(root, file) }),
  });
}

async function failuresOf(tree: Tree, file?: string): Promise<readonly Failure[]> {
  const loaded = await load(tree, file);
  return loaded.ok ? [] : loaded.failure;
}

/** Failures of one config text, as they are printed. */
async function mistakesIn(text: string): Promise<readonly string[]> {
  return (await failuresOf({ '.quality-config.json': text })).map(({ message }) =>
    message.replace('.quality-config.json:', ''),
  );
}

async function only(text: string): Promise<Failure> {
  const failures = await failuresOf({ '.quality-config.json': text });
  expect(failures.map(({ message }) => message)).toHaveLength(1);
  return failures[0]!;
}

async function configOf(tree: Tree): Promise<Config> {
  const loaded = await load(tree);
  if (!loaded.ok) throw new Error(loaded.failure.map(({ message }) => message).join('\n'));
  return loaded.value.config;
}

describe('sources', () => {
  it('is the defaults where there is no config', async () => {
    const loaded = await load({ 'package.json': '{ "name": "x", "scripts": { "quality": "quality run" } }' });
    expect(loaded).toEqual({ ok: true, value: { config: DEFAULT_CONFIG, source: null, path: null } });
  });

  it('reads .quality-config.json with comments and trailing commas, and fills in the defaults', async () => {
    const loaded = await load({
      '.quality-config.json': '// hello\n{ "keepRuns": 3, /* why */ "verify": { "tests": [["x"],], }, }',
    });
    expect(loaded).toEqual({
      ok: true,
      value: {
        config: { ...defaultConfig(), keepRuns: 3, verify: { ...defaultConfig().verify, tests: [['x']] } },
        source: '.quality-config.json',
        path: '.quality-config.json',
      },
    });
  });

  it('reads "quality" of package.json, with positions in that file and its own path', async () => {
    const text = '{\n  "name": "x",\n  "quality": { "keepRuns": 0, "maxParalel": 3 }\n}\n';
    const failures = await failuresOf({ 'package.json': text });
    expect(failures).toEqual([
      {
        kind: 'config-invalid',
        message: 'package.json:3:28: quality.keepRuns: expected a whole number of at least 1, got 0',
        detail: '3 |   "quality": { "keepRuns": 0, "maxParalel": 3 }\n  |                            ^',
      },
      {
        kind: 'config-invalid',
        message: 'package.json:3:31: quality.maxParalel: unknown key',
        detail:
          '3 |   "quality": { "keepRuns": 0, "maxParalel": 3 }\n  |                               ^^^^^^^^^^^^\ndid you mean `maxParallel`?',
      },
    ]);
    const loaded = await load({ 'package.json': '{ "quality": { "keepRuns": 4 } }' });
    expect(loaded).toMatchObject({
      ok: true,
      value: { config: { keepRuns: 4 }, source: 'package.json', path: 'package.json' },
    });
  });

  it.each([
    ['a comment', '{\n  // no\n  "quality": {}\n}', 'package.json:2:3: comments are not allowed in this file'],
    ['a trailing comma', '{ "quality": { "keepRuns": 3, } }', 'package.json:1:31: expected a key in double quotes'],
    ['a key that is no object', '{ "quality": "yes" }', 'package.json:1:14: quality: expected an object, got "yes"'],
  ])('refuses %s in package.json', async (_, text, message) => {
    expect((await failuresOf({ 'package.json': text })).map((failure) => failure.message)[0]).toContain(message);
  });

  it('does not care about a package.json without the key, whatever is wrong with it', async () => {
    expect(await configOf({ 'package.json': '{ broken' })).toEqual(defaultConfig());
    expect(await configOf({ 'package.json': '["quality"]' })).toEqual(defaultConfig());
    expect(await configOf({ 'package.json': null })).toEqual(defaultConfig());
  });

  it('refuses two configs at once, and tells what else is wrong in both', async () => {
    const failures = await failuresOf({
      '.quality-config.json': '{ "keepRun": 1 }',
      'package.json': '{ "quality": { "keepRuns": "1" } }',
    });
    expect(failures.map(({ message }) => message)).toEqual([
      '.quality-config.json:1:3: keepRun: unknown key',
      'package.json:1:3: there is a config here and another in .quality-config.json; keep one of the two',
      'package.json:1:28: quality.keepRuns: expected a whole number of at least 1, got "1"',
    ]);
  });

  it('takes --config alone, from anywhere', async () => {
    const tree = {
      'a/my.json': '{ "keepRuns": 7 }',
      '.quality-config.json': 'broken',
      'package.json': '{ "quality": 1 }',
    };
    expect(await load(tree, 'a/my.json')).toMatchObject({
      ok: true,
      value: { config: { keepRuns: 7 }, path: 'a/my.json' },
    });
    const file = join(temporaryFolder({ 'x.json': '{}' }), 'x.json');
    const loaded = await loadConfig({ root: temporaryFolder(), file, known: () => Promise.resolve(KNOWN) });
    expect(loaded).toEqual({ ok: true, value: { config: defaultConfig(), source: file, path: null } });
  });

  it('takes --config package.json by its key', async () => {
    expect(await load({ 'package.json': '{ "quality": { "keepRuns": 9 } }' }, 'package.json')).toMatchObject({
      ok: true,
      value: { config: { keepRuns: 9 } },
    });
    expect((await failuresOf({ 'package.json': '{}' }, 'package.json'))[0]?.message).toBe(
      'package.json:1:1: expected a key "quality" here',
    );
  });

  it('names a file nearby when --config names none', async () => {
    expect(await failuresOf({ 'conf/note.json': '{}', 'conf/other.txt': '' }, 'conf/nope.json')).toEqual([
      {
        kind: 'config-invalid',
        message: 'conf/nope.json: there is no such file',
        detail: 'did you mean `conf/note.json`?',
        next: 'Name an existing file with `--config`.',
      },
    ]);
    expect((await failuresOf({}, 'no/such/folder.json'))[0]?.message).toBe(
      'no/such/folder.json: there is no such file',
    );
  });

  it.each<[string, Tree, string]>([
    ['a folder', { '.quality-config.json': null }, 'this is a folder, not a file'],
    ['a dangling link', { '.quality-config.json': { link: 'gone.json' } }, 'this link leads nowhere'],
    ['a link in a circle', { '.quality-config.json': { link: '.quality-config.json' } }, 'this link leads nowhere'],
    ['UTF-16', { '.quality-config.json': Buffer.from('\ufeff{}', 'utf16le') }, 'this is not UTF-8 text'],
  ])('never goes on without a config that is there but cannot be read: %s', async (_, tree, problem) => {
    const failure = { kind: 'config-invalid', message: `.quality-config.json: ${problem}` };
    expect(await failuresOf(tree)).toEqual([failure]);
    expect(await failuresOf(tree, '.quality-config.json')).toEqual([failure]);
  });

  it.skipIf(process.platform !== 'linux')('gives the system’s reason when a config cannot be read', async () => {
    const loaded = await loadConfig({
      root: temporaryFolder(),
      file: '/proc/self/mem',
      known: () => Promise.resolve(KNOWN),
    });
    expect(loaded).toMatchObject({ ok: false, failure: [{ message: '/proc/self/mem: it cannot be read (EIO)' }] });
  });

  it.skipIf(process.getuid?.() === 0)('says so when it may not read the config', async () => {
    const root = temporaryFolder({ '.quality-config.json': '{}' });
    chmodSync(join(root, '.quality-config.json'), 0o000);
    const loaded = await loadConfig({ root, known: () => Promise.resolve(KNOWN) });
    expect(loaded).toMatchObject({
      ok: false,
      failure: [{ message: '.quality-config.json: it cannot be read (EACCES)' }],
    });
  });
});

describe('syntax', () => {
  it.each([
    ['', ['1:1: expected a value']],
    ['// only a comment', ['1:18: expected a value']],
    ['{ "keepRuns": 1 "priority": "speed" }', ['1:17: expected a comma']],
    ['{ keepRuns: 1 }', ['1:3: expected "keepRuns" in double quotes']],
    ["{ 'keepRuns': 1 }", ['1:3: expected double quotes, not single ones']],
    ['{\n  "keepRuns": \n', ['3:1: expected a value']],
    ['{\n  "keepRuns": 1', ['2:16: expected a closing brace `}`']],
    ['{ "excludedPatterns": ["a" }', ['1:28: expected a comma']],
    ['{ "priority": fast }', ['1:15: expected a value or a comma, got fast']],
    ['{ "priority": "speed\n}', ['1:15: this string has no end on its line']],
    ['{}\n}', ['2:1: expected nothing more after the end of the config']],
    [
      '{\n  keepRuns: 1,\n  "priority" "speed"\n}',
      ['2:3: expected "keepRuns" in double quotes', '3:14: expected a colon'],
    ],
    ['/* no end', ['1:1: this comment has no end']],
    ['{ "priority": "\\q" }', ['1:15: this escape is none that JSON has']],
  ])('%j', async (text, expected) => {
    expect(await mistakesIn(text)).toEqual(expected);
  });

  it('marks where something is missing at the end of a line', async () => {
    expect((await only('{\n  "keepRuns": 1')).detail).toBe('2 |   "keepRuns": 1\n  |                ^');
  });

  it('refuses keys that stand twice, at any depth, and the one that objects cannot have', async () => {
    expect(
      await mistakesIn('{\n  "keepRuns": 1,\n  "verify": { "tests": [], "tests": [] },\n  "keepRuns": 2 }'),
    ).toEqual([
      '3:28: verify.tests: this key stands twice; keep one of them',
      '4:3: keepRuns: this key stands twice; keep one of them',
    ]);
    expect(await mistakesIn('{ "commands": { "__proto__": { "run": ["x"] } } }')).toEqual([
      '1:17: commands.__proto__: this name cannot be used',
    ]);
  });
});

describe('schema', () => {
  it.each([
    ['[]', ['1:1: expected an object, got an empty list']],
    ['"x"', ['1:1: expected an object, got "x"']],
    ['null', ['1:1: expected an object, got null']],
    ['{ "maxParallel": "many" }', ['1:18: maxParallel: expected a whole number from 1 to 256, got "many"']],
    ['{ "maxParallel": 257 }', ['1:18: maxParallel: expected a whole number from 1 to 256, got 257']],
    ['{ "maxParallel": 1.5 }', ['1:18: maxParallel: expected a whole number from 1 to 256, got 1.5']],
    ['{ "keepRuns": 1e999 }', ['1:15: keepRuns: expected a whole number of at least 1, got 1e999']],
    ['{ "dedupe": { "threshold": -1 } }', ['1:28: dedupe.threshold: expected a number from 0 to 100, got -1']],
    ['{ "parallelExecution": "yes" }', ['1:24: parallelExecution: expected true or false, got "yes"']],
    ['{ "excludedPatterns": [""] }', ['1:24: excludedPatterns[0]: expected a string that is not empty, got ""']],
    ['{ "excludedPatterns": "dist" }', ['1:23: excludedPatterns: expected a list of strings, got "dist"']],
    ['{ "verify": null }', ['1:13: verify: expected an object, got null']],
    [
      '{ "verify": { "tests": ["npm test"] } }',
      ['1:25: verify.tests[0]: expected a list of at least one string, got "npm test"'],
    ],
    ['{ "commands": { "docs": {} } }', ['1:17: commands.docs.run: missing: expected a list of at least one string']],
    [
      '{ "workflows": { "w": { "steps": [{ "after": [] }] } } }',
      ['1:35: workflows.w.steps[0].command: missing: expected a name of lower-case letters, digits and dashes'],
    ],
    [
      '{ "workflows": { "w": { "steps": [["verify"]] } } }',
      [
        '1:35: workflows.w.steps[0]: expected the name of a command or a step such as {"command": "verify"}, got a list',
      ],
    ],
    [
      '{ "workflows": { "My Flow": { "steps": ["verify"] } } }',
      ['1:18: workflows["My Flow"]: expected a name of lower-case letters, digits and dashes, got "My Flow"'],
    ],
    [
      '{ "formatters": { "go": [["gofmt", 3], 4, []] } }',
      [
        '1:36: formatters.go[0][1]: expected a string, got 3',
        '1:40: formatters.go[1]: expected the name of a formatter or a list of alternatives, got 4',
        '1:43: formatters.go[2]: expected the name of a formatter or a list of alternatives, got an empty list',
      ],
    ],
  ])('%s', async (text, expected) => {
    expect(await mistakesIn(text)).toEqual(expected);
  });

  it.each(['"10 minutes"', '"10"', '"0s"', '0', '-5', 'true', '[]', 'null', '1.5'])(
    'refuses the duration %s',
    async (value) => {
      const [message] = await mistakesIn(`{ "timeouts": { "job": ${value} } }`);
      expect(message).toContain(
        '1:24: timeouts.job: expected a duration such as "90s", "10m" or "1h", or milliseconds as a number, got ',
      );
    },
  );

  it.each(['"10MB"', '"big"', '"0MiB"', '0', '{}'])('refuses the size %s', async (value) => {
    expect((await mistakesIn(`{ "maxFileSize": ${value} }`))[0]).toContain(
      '1:18: maxFileSize: expected a size such as "512KiB" or "10MiB", or bytes as a number, got ',
    );
  });

  it.each([
    ['{ "createSnapshot": true }', 'createSnapshot: unknown key', 'did you mean `createSnapshots`?'],
    ['{ "create-snapshots": true }', '["create-snapshots"]: unknown key', 'did you mean `createSnapshots`?'],
    ['{ "minLines": 3 }', 'minLines: unknown key', 'did you mean `dedupe.minLines`?'],
    [
      '{ "verify": { "priority": 3 } }',
      'verify.priority: unknown key',
      '`priority` belongs to the top level of the config',
    ],
    ['{ "timeouts": { "zzz": 1 } }', 'timeouts.zzz: unknown key', 'known here: job, step'],
    [
      '{ "priority": "sped" }',
      'priority: expected one of "speed", "balanced", "safety", "thorough", got "sped"',
      'did you mean `speed`?',
    ],
    [
      '{ "formatters": { "pyhton": [] } }',
      'formatters.pyhton: expected the name of a language, got "pyhton"',
      'did you mean `python`?',
    ],
    [
      '{ "workflows": { "w": { "steps": [{ "command": "verify", "timout": "1m" }] } } }',
      'workflows.w.steps[0].timout: unknown key',
      'did you mean `timeout`?',
    ],
    [
      '{ "workflows": { "w": { "steps": [{ "command": "verify", "options": { "check": [] } }] } } }',
      'workflows.w.steps[0].options.check: unknown key',
      'did you mean `checks`?',
    ],
    [
      '{ "workflows": { "w": { "steps": [{ "command": "verify", "options": { "checks": ["typs"] } }] } } }',
      'workflows.w.steps[0].options.checks[0]: expected one of "format", "lint", "types", "dead-code", "duplication", "syntax", got "typs"',
      'did you mean `types`?',
    ],
  ])('knows the nearest right name: %s', async (text, message, hint) => {
    const failure = await only(text);
    expect(failure.message.replace(/^.*?:\d+:\d+: /, '')).toBe(
      message.replace(/^\["create-snapshots"\]/, 'create-snapshots'),
    );
    expect(failure.detail?.split('\n').slice(2)).toEqual([hint]);
  });

  it('tells all mistakes at once, in the order of the text, those of the rules among them', async () => {
    const text = `{
  "maxParallel": "many",
  "defaultWorkflow": "standart",
  "createSnapshot": true,
  "commands": { "docs": { "run": [], "after": ["fromat"] } }
}`;
    expect(await mistakesIn(text)).toEqual([
      '2:18: maxParallel: expected a whole number from 1 to 256, got "many"',
      '3:22: defaultWorkflow: there is no workflow "standart"',
      '4:3: createSnapshot: unknown key',
      '5:34: commands.docs.run: expected a list of at least one string, got an empty list',
      '5:48: commands.docs.after[0]: there is no command "fromat"',
    ]);
  });
});

describe('rules', () => {
  const commands = (text: string): string => `{ "commands": { ${text} } }`;
  const workflow = (steps: string, more = ''): string => `{ ${more} "workflows": { "w": { "steps": [${steps}] } } }`;

  it('accepts the config of the documentation', async () => {
    const config = await configOf({
      '.quality-config.json': `{
        "defaultWorkflow": "nightly",
        "commands": { "docs": { "run": ["node", "docs.mjs"], "effect": "writes", "files": ["docs/**"], "after": ["format"], "timeout": "2m" } },
        "workflows": { "nightly": { "steps": ["verify", "format", "docs", { "command": "verify", "timeout": "10m" }] } },
        "formatters": { "javascript": ["eslint", ["prettier", "biome"]], "python": [["ruff", "isort"], ["ruff", "black"]] },
        "verify": { "checks": ["types", "lint", "format"], "tests": [] }
      }`,
    });
    expect(config.commands.docs).toMatchObject({ effect: 'writes', timeout: '2m', cwd: '', output: 'exit-code' });
    expect(config.workflows.nightly?.steps).toEqual([
      'verify',
      'format',
      'docs',
      { command: 'verify', timeout: '10m' },
    ]);
  });

  it.each([
    [
      'a step',
      workflow('"verfy"'),
      '1:36: workflows.w.steps[0]: there is no command "verfy"',
      'did you mean `verify`?',
    ],
    [
      'a step’s name that the schema refuses too',
      workflow('{ "command": "Verify" }'),
      '1:49: workflows.w.steps[0].command: there is no command "Verify"',
      'did you mean `verify`?',
    ],
    [
      'a step’s after',
      workflow('"verify", { "command": "format", "after": ["verfy"] }'),
      '1:79: workflows.w.steps[1].after[0]: there is no command "verfy"',
      'did you mean `verify`?',
    ],
    [
      'a step’s after that is no step',
      workflow('{ "command": "format", "after": ["cleanup"] }'),
      '1:69: workflows.w.steps[0].after[0]: "cleanup" is no step of the workflow "w"',
      'steps: format',
    ],
    [
      'a command’s after',
      commands('"docs": { "run": ["x"], "after": ["zzz"] }'),
      '1:51: commands.docs.after[0]: there is no command "zzz"',
      'commands: analyze, cleanup, dedupe, docs, format, verify',
    ],
    [
      'the workflow',
      '{ "defaultWorkflow": "verify" }',
      '1:22: defaultWorkflow: there is no workflow "verify"',
      'workflows: ',
    ],
    [
      'a formatter',
      '{ "formatters": { "go": [["gofmt", "pretier"]] } }',
      '1:36: formatters.go[0][1]: there is no tool "pretier"',
      'did you mean `prettier`?',
    ],
  ])('knows the names: %s', async (_, text, message, hint) => {
    const failure = await only(text);
    expect(failure.message).toBe(`.quality-config.json:${message}`);
    expect(failure.detail?.split('\n')[2]).toContain(hint);
  });

  it('keeps the built-in names', async () => {
    const text =
      '{ "commands": { "format": { "run": ["x"], "after": ["cleanup"] } },\n"workflows": { "standard": { "steps": ["verify"] } } }';
    expect(await mistakesIn(text)).toEqual([
      '1:17: commands.format: this is the name of a built-in command; choose another',
      '2:16: workflows.standard: this is the name of a built-in workflow; choose another',
    ]);
  });

  it('shows a whole circle, with a place for each edge', async () => {
    const failure = await only(`{ "commands": {
  "one": { "run": ["x"], "after": ["two"] },
  "two": { "run": ["x"], "after": ["format", "three"] },
  "three": { "run": ["x"], "after": ["one"] }
} }`);
    expect(failure.message).toBe(
      '.quality-config.json:2:36: commands.one.after[0]: these wait for each other: one → two → three → one',
    );
    expect(failure.detail).toBe(`2 |   "one": { "run": ["x"], "after": ["two"] },
  |                                    ^^^^^
.quality-config.json:3:46: two comes after three
3 |   "two": { "run": ["x"], "after": ["format", "three"] },
  |                                              ^^^^^^^
.quality-config.json:4:38: three comes after one
4 |   "three": { "run": ["x"], "after": ["one"] }
  |                                      ^^^^^`);
  });

  it('finds a command that waits for itself, and separate circles', async () => {
    const text = commands(
      '"a": { "run": ["x"], "after": ["a"] }, "b": { "run": ["x"], "after": ["c"] }, "c": { "run": ["x"], "after": ["b"] }',
    );
    expect((await mistakesIn(text)).map((message) => message.replace(/^.*: /, ''))).toEqual(['a → a', 'b → c → b']);
  });

  it('finds circles that a workflow makes with the steps’ own after, built-in edges included', async () => {
    const docs = '"commands": { "docs": { "run": ["x"], "after": ["format"] } },';
    const short = await only(workflow('"docs", { "command": "format", "after": ["docs"] }', docs));
    expect(short.message).toContain('these wait for each other: docs → format → docs');
    expect(short.detail?.split('\n')[2]).toMatch(/^\.quality-config\.json:1:\d+: format comes after docs$/);
    const long = await only(
      workflow('{ "command": "format", "after": ["docs"] }, "cleanup", "docs"', docs.replace('format', 'cleanup')),
    );
    expect(long.message).toContain('these wait for each other: docs → cleanup → format → docs');
    expect(long.detail?.split('\n').at(2)).toBe('cleanup comes after format: built in');
  });

  it('finds a step that waits for itself, unless there is another one of that name', async () => {
    const alone = await only(workflow('{ "command": "format", "after": ["format"] }'));
    expect(alone.message).toContain('workflows.w.steps[0].after[0]: these wait for each other: format → format');
    const two = workflow('{ "command": "format", "after": ["format"] }, "cleanup", "format"');
    expect(await mistakesIn(two)).toEqual([]);
  });

  it.each([
    ['"format", { "command": "verify", "after": ["format"] }'],
    ['"verify", "format", { "command": "verify", "after": ["format"] }'],
    ['"cleanup", { "command": "format", "after": ["verify"] }, "verify", "format"'],
  ])('takes no verify further down for a circle: %s', async (steps) => {
    expect(await mistakesIn(workflow(steps))).toEqual([]);
  });

  it.each(['..', '../x', 'a/../../b', '/tmp', 'C:\\\\x', '..\\\\x'])('refuses the folder %s', async (cwd) => {
    const [message, ...others] = await mistakesIn(commands(`"docs": { "run": ["x"], "cwd": "${cwd}" }`));
    expect(message).toBe(`1:48: commands.docs.cwd: expected a folder inside the workspace, got "${cwd}"`);
    expect(others).toEqual([]);
  });

  it.each(['', '.', 'a', 'a/../b', '..a', './a'])('accepts the folder %j', async (cwd) => {
    expect(await mistakesIn(commands(`"docs": { "run": ["x"], "cwd": "${cwd}" }`))).toEqual([]);
  });

  it.each([
    ['/dist/**', 'expected a glob relative to the workspace, got "/dist/**"'],
    ['../x', 'expected a glob relative to the workspace, got "../x"'],
    ['!/x', 'expected a glob relative to the workspace, got "!/x"'],
    ['C:/x', 'expected a glob relative to the workspace, got "C:/x"'],
    ['a[', 'this is no valid glob: Missing closing: "]"'],
    ['{a,b', 'this is no valid glob: Missing closing: "}"'],
    ['[z-a]', 'this is no valid glob: Invalid regular expression'],
  ])('refuses the glob %s, wherever globs stand', async (glob, problem) => {
    const text = `{ "excludedPatterns": ["${glob}"], "commands": { "c": { "run": ["x"], "files": ["a", "${glob}"], "inputs": ["${glob}"] } } }`;
    const failures = await mistakesIn(text);
    expect(failures.map((message) => message.split(': ')[1])).toEqual([
      'excludedPatterns[0]',
      'commands.c.files[1]',
      'commands.c.inputs[0]',
    ]);
    for (const message of failures) expect(message).toContain(problem);
  });

  it('accepts ordinary globs', async () => {
    const globs = [
      '**/*.ts',
      '!dist',
      'a/{b,c}/*',
      '[ab]?.js',
      'pages/[id].tsx',
      'pages/[[...slug]].tsx',
      '@(a|b)',
      '..a',
      '\\\\[x',
    ];
    expect(await mistakesIn(`{ "excludedPatterns": [${globs.map((glob) => `"${glob}"`).join(', ')}] }`)).toEqual([]);
  });
});

describe('places', () => {
  it('counts no byte order mark', async () => {
    expect((await failuresOf({ '.quality-config.json': '\ufeff{ "x": 1 }' }))[0]).toMatchObject({
      message: '.quality-config.json:1:3: x: unknown key',
    });
  });

  it('counts CRLF as one line end and leaves it out of the excerpt', async () => {
    const failure = await only('{\r\n  "keepRuns": 1,\r\n  "priority": "fast"\r\n}\r\n');
    expect(failure.message).toContain('.quality-config.json:3:15: priority: ');
    expect(failure.detail).toContain('3 |   "priority": "fast"\n  |               ^^^^^^');
    expect(failure.detail).not.toContain('\r');
  });

  it('counts UTF-16 code units, as editors do, and marks by what a terminal shows', () => {
    const text = '{ "日本": "👍🏽", "é": 1 }'.normalize('NFD');
    const offset = text.indexOf('1');
    expect(positionAt(text, offset)).toEqual({ line: 1, column: offset + 1 });
    const [line, marker] = excerpt(text, { offset, length: 1 }).split('\n');
    expect(line).toBe(`1 | ${text}`);
    // Two columns for each of 日, 本 and the emoji, none for the accent.
    expect(marker).toBe(`  | ${' '.repeat('{ "xxxx": "xx", "e": '.length)}^`);
  });

  it('shows tabs as two columns in both lines', () => {
    expect(excerpt('\t"a":\t1', { offset: 6, length: 1 })).toBe('1 |   "a":  1\n  |         ^');
  });

  it('cuts a long line around the marker', () => {
    const text = `${'x'.repeat(1_000_000)}"here"${'y'.repeat(1_000_000)}`;
    const [line, marker] = excerpt(text, { offset: 1_000_000, length: 6 }).split('\n');
    expect(line).toBe(`1 | …${'x'.repeat(60)}"here"${'y'.repeat(34)}…`);
    expect(marker).toBe(`  | ${' '.repeat(61)}^^^^^^`);
  });

  it('marks a range over several lines on its first one, and lets nothing steer the terminal', () => {
    expect(excerpt('a\n{\n}\n', { offset: 2, length: 3 })).toBe('2 | {\n  | ^');
    expect(excerpt('"\u001b[31m\u202e"', { offset: 0, length: 1 })).toBe('1 | "\ufffd[31m\ufffd"\n  | ^');
  });

  it('never shows a control character of the config', async () => {
    const failure = await only('{ "priority": "\\u001b[2J\\u009b\\u202e" }');
    expect(`${failure.message}${failure.detail ?? ''}`).not.toMatch(/[\u001b\u009b\u202e]/);
  });

  it('finds the line and column of every offset', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', '\n', '\r', '\r\n', '👍')), fc.nat(30), (parts, at) => {
        const text = parts.join('');
        const offset = Math.min(at, text.length);
        const before = text.slice(0, offset);
        // Between CR and LF is still the line that they end.
        const lines = (before.endsWith('\r') && text[offset] === '\n' ? before.slice(0, -1) : before).split(
          /\r\n|\r|\n/,
        );
        expect(positionAt(text, offset).line).toBe(lines.length);
        expect(excerpt(text, { offset, length: 1 }).split('\n')).toHaveLength(2);
      }),
    );
  });
});

describe('suggestions', () => {
  it.each([
    ['fromat', 'format'],
    ['FORMAT', 'format'],
    ['formt', 'format'],
    ['clean-up', 'cleanup'],
    ['verify-onyl', 'verify-only'],
    ['x', null],
    ['', null],
    ['deploy', null],
    ['format', null],
  ])('%s → %s', (word, expected) => {
    const names = word === 'format' ? ['format'] : ['verify', 'format', 'cleanup', 'verify-only', 'dedupe'];
    expect(nearest(word, names)).toBe(expected);
  });

  it('takes the nearest, and the first of equals', () => {
    expect(nearest('teste', ['tests', 'test', 'toast'])).toBe('tests');
    expect(nearest('tets', ['test', 'tests'])).toBe('test');
  });

  it('measures a distance: symmetric, zero only for equals, one for each edit', () => {
    const word = fc.string({ maxLength: 12 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
        expect(editDistance(a, `${a}x`)).toBe(1);
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
    expect(editDistance('ab', 'ba')).toBe(1);
  });
});

describe('units', () => {
  it.each([
    ['500ms', 500],
    ['1.5s', 1500],
    ['10m', 600_000],
    ['1h', 3_600_000],
    [250, 250],
    ['0.1ms', 1],
    ['9999h', 2 ** 31 - 1],
  ])('duration %s is %d ms', (text, milliseconds) => {
    expect(durationMs(text)).toBe(milliseconds);
  });

  it.each([
    ['10', 10],
    ['1B', 1],
    ['512 KiB', 524_288],
    ['1.5MiB', 1_572_864],
    ['1GiB', 1_073_741_824],
    [77, 77],
  ])('size %s is %d bytes', (text, bytes) => {
    expect(sizeBytes(text)).toBe(bytes);
  });
});

/** The example with its samples put to use: one level of comment taken off every line that is none in words. */
const SAMPLE = exampleText().replace(/^(\s*)\/\/ (?=\s*(?:["{}\]]|\/\/))/gm, '$1');

describe('what is made from the schema', () => {
  const UPDATE = 'made from src/config/schema.ts; update it with `npx vitest run test/config.test.ts --update`';

  it('the default config has not drifted, and is frozen', async () => {
    expect(DEFAULT_CONFIG).toEqual(defaultConfig());
    expect(Object.isFrozen(DEFAULT_CONFIG.verify.checks)).toBe(true);
    expect(await configOf({})).toBe(DEFAULT_CONFIG);
  });

  it('quality-config.schema.json has not drifted', async () => {
    await expect(jsonSchemaText(), UPDATE).toMatchFileSnapshot(join(ROOT, 'quality-config.schema.json'));
  });

  it('.quality-config.example.json has not drifted', async () => {
    await expect(exampleText(), UPDATE).toMatchFileSnapshot(join(ROOT, '.quality-config.example.json'));
  });

  it('docs/configuration.md has not drifted', async () => {
    const text = await format(configDocsText(), { parser: 'markdown', printWidth: 120, singleQuote: true });
    await expect(text, UPDATE).toMatchFileSnapshot(join(ROOT, 'docs/configuration.md'));
  });

  it('the example is exactly the default config', async () => {
    const text = exampleText();
    expect(await configOf({ '.quality-config.json': text })).toEqual(defaultConfig());
    expect(configSchema.parse(parse(text))).toEqual(parse(text));
  });

  it('the example shows every key of every level, and what is commented out is right too', async () => {
    const config = await configOf({ '.quality-config.json': SAMPLE });
    expect(Object.keys(config).sort()).toEqual(Object.keys(configSchema.shape).sort());
    expect(Object.keys(config.commands.docs ?? {})).toHaveLength(8);
    expect(config.workflows.nightly?.steps.at(-1)).toMatchObject({
      command: 'verify',
      after: ['docs'],
      timeout: '10m',
    });
    expect(config.formatters).toHaveProperty('python');
  });
});

describe('robustness', () => {
  const check = async (text: string): Promise<void> => {
    const name = 'c.json';
    const checked = await checkConfig({ name, text, base: [] }, KNOWN);
    if (checked.ok) return;
    expect(checked.failure).not.toHaveLength(0);
    const lines = text.split('\n');
    for (const { message, kind, detail } of checked.failure) {
      expect(kind).toBe('config-invalid');
      const [, line, column] = /^c\.json:(\d+):(\d+): ./.exec(message) ?? [];
      expect(lines.length).toBeGreaterThanOrEqual(Number(line));
      expect(Number(column)).toBeLessThanOrEqual((lines[Number(line) - 1]?.length ?? -1) + 1);
      expect(detail).toMatch(/\^/);
    }
  };

  const keys = [...SAMPLE.matchAll(/"([\w$-]+)":/g)].map(({ index, 1: key }) => ({
    index: index + 1,
    length: key?.length ?? 0,
  }));

  it('a key renamed or deleted is a success or a mistake with its place, never an exception', async () => {
    const rename = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString', 'steps', 'after', ''));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...keys), rename, async ({ index, length }, name) => {
        await check(SAMPLE.slice(0, index) + JSON.stringify(name).slice(1, -1) + SAMPLE.slice(index + length));
      }),
      { numRuns: 200 },
    );
  });

  it('so is any value in any place', async () => {
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.constantFrom('verify', 'docs', ['docs'], { command: 'docs' }),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...keys), value, async ({ index, length }, json) => {
        const colon = SAMPLE.indexOf(':', index + length);
        await check(`${SAMPLE.slice(0, colon + 1)} ${JSON.stringify(json)}, "keepRuns": ${SAMPLE.slice(colon + 1)}`);
      }),
      { numRuns: 200 },
    );
  });

  it('so is any character deleted, doubled or put in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(SAMPLE.length),
        fc.nat(2),
        fc.constantFrom('', '"', '{', ']', ',', '\n', '\\', '/*'),
        async (at, cut, put) => {
          await check(SAMPLE.slice(0, at) + put + SAMPLE.slice(at + cut));
        },
      ),
      { numRuns: 200 },
    );
  });
});

it('a project without a config starts without zod and without a parser', async () => {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['src/config/load.ts'],
    outdir: 'out',
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
  });
  const loaded = new Set<string>();
  const follow = (output: string): void => {
    for (const { path, kind } of metafile.outputs[output]?.imports ?? []) {
      if (kind !== 'import-statement' || loaded.has(path)) continue;
      loaded.add(path);
      follow(path);
    }
  };
  const [entry] = Object.entries(metafile.outputs).find(([, output]) => output.entryPoint === 'src/config/load.ts')!;
  follow(entry);
  const packages = [...loaded].filter((name) => !name.startsWith('node:') && !name.startsWith('out/'));
  expect(loaded).toContain('node:fs/promises');
  expect(packages).toEqual([]);
});
