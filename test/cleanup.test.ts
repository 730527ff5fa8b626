import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProjectView, SourceText, Transformed } from '../src/tools/tool.js';
import { cleanup } from '../src/tools/cleanup.js';
import { defaultConfig } from '../src/config/schema.js';
import type { FileOutcome } from '../src/model/job.js';
import type { FileFacts } from '../src/model/file.js';
import type { ToolUse } from '../src/model/tool-use.js';
import { IMPORTS, INITIALISERS, JSX, LOCALS, MEMBERS, UNREACHABLE } from './cleanup/cases.js';
import type { Case } from './cleanup/cases.js';
import { commented } from './cleanup/commented.js';
import { COMMENTS, EXPLAINED, NOT_EXPLAINED, ON_PURPOSE } from './cleanup/comment-cases.js';
import { observe, program } from './cleanup/programs.js';
import { report } from './quality.js';
import { read, repository, temporaryFolder, writeTree } from './rig.js';
import type { Tree } from './rig.js';

const USE: ToolUse = {
  id: 'cleanup@',
  tool: 'cleanup',
  roles: ['cleanup'],
  version: '1',
  origin: 'bundled',
  root: '',
  entry: '',
  evidence: '',
  scope: null,
  configFiles: [],
  options: { level: 'safe', organizeImports: false },
};

function source(path: string, text: string): SourceText {
  return { path, absolutePath: `/${path}`, hash: 'h', text, virtual: true };
}

interface Setup {
  readonly tree?: Tree;
  readonly organizeImports?: boolean;
}

interface Cleaner {
  readonly check: (path: string, text: string) => Promise<FileOutcome>;
  readonly transform: (path: string, text: string) => Promise<Transformed>;
}

async function engine(options: Setup = {}): Promise<Cleaner> {
  const root = temporaryFolder(options.tree ?? {});
  const use = { ...USE, options: { level: 'safe', organizeImports: options.organizeImports ?? false } };
  const opened = await cleanup.open(use, { root, stateFolder: root, timeoutMs: 60_000 });
  return {
    async check(path: string, text: string) {
      const outcome = await opened.check!([source(path, text)]);
      return outcome.files[0]!;
    },
    async transform(path: string, text: string) {
      const results = await opened.transform!([source(path, text)]);
      return results[0]!;
    },
  };
}

const FORMS: readonly [string, (text: string) => string][] = [
  ['LF', (text) => text],
  ['CRLF', (text) => text.replaceAll('\n', '\r\n')],
  ['BOM', (text) => `\uFEFF${text}`],
  ['CRLF and BOM', (text) => `\uFEFF${text.replaceAll('\n', '\r\n')}`],
  ['no newline at the end', (text) => text.replace(/\n$/, '')],
];

function table(title: string, cases: readonly Case[], forms = FORMS): void {
  describe(title, () => {
    it.each(cases.map((one) => [one.name, one] as const))(
      '%s',
      async (_name, { path = 'a.ts', tsconfig, before, after = before }) => {
        const tree: Tree =
          tsconfig === undefined ? {} : { 'tsconfig.json': JSON.stringify({ compilerOptions: tsconfig }) };
        const { check, transform } = await engine({ tree });
        for (const [form, shape] of forms) {
          const result = await transform(path, shape(before));
          expect(result.failure, form).toBeUndefined();
          const [got, wanted] = form.startsWith('no newline')
            ? [result.text.trimEnd(), after.trimEnd()]
            : [result.text, shape(after)];
          expect(got, form).toBe(wanted);
          expect((await transform(path, result.text)).text, `${form}, twice`).toBe(result.text);
        }
        const findings = (await check(path, before)).diagnostics.filter(({ fixable }) => fixable);
        expect(findings.length > 0).toBe(after !== before);
      },
    );
  });
}

table('imports', IMPORTS);
table('imports that JSX needs', JSX);
table('initialisers', INITIALISERS);
table('locals', LOCALS);
table('unreachable code', UNREACHABLE);
table('private members', MEMBERS);
table('imports that a comment explains', EXPLAINED, FORMS.slice(0, 2));
table('imports that a comment beside them does not explain', NOT_EXPLAINED, FORMS.slice(0, 2));
table('comments of what goes', COMMENTS, FORMS.slice(0, 2));
table('unused on purpose', ON_PURPOSE, FORMS.slice(0, 2));

describe('check', () => {
  it('names each thing with rule, message and place, in the order of the text', async () => {
    const { check } = await engine();
    const text = [
      "import { a } from 'a';",
      '',
      'export class B {',
      '  #c = 1;',
      '  d(): number {',
      '    const e = 2;',
      '    return 1;',
      '    f();',
      '  }',
      '}',
      'const f = () => 1;',
      '',
    ].join('\r\n');
    const { diagnostics, status, hash } = await check('src/x.ts', `\uFEFF${text}`);
    expect({ status, hash }).toEqual({ status: 'done', hash: 'h' });
    const at = (line: number, from: number, to: number) => [
      { line, column: from },
      { line, column: to },
    ];
    expect(diagnostics.map(({ rule, message, start, end }) => [rule, message, [start, end]])).toEqual([
      ['unused-import', "'a' is imported but never used", at(1, 10, 11)],
      ['unused-private-member', "'#c' is private and never used", at(4, 3, 5)],
      ['unused-local', "'e' is declared but never used", at(6, 11, 12)],
      ['unreachable-code', 'this code is never reached', at(8, 5, 9)],
      ['unused-local', "'f' is declared but never used", at(11, 7, 8)],
    ]);
    for (const diagnostic of diagnostics)
      expect(diagnostic).toMatchObject({ tool: 'cleanup', severity: 'warning', path: 'src/x.ts', fixable: true });
  });

  it('reports what is inside of something unused only once, and what it orphans as well', async () => {
    const { check } = await engine();
    const { diagnostics } = await check(
      'a.ts',
      'const b = 1;\nfunction f() {\n  const c = 1;\n  return b;\n  b;\n}\nexport {};\n',
    );
    expect(diagnostics.map(({ message }) => message)).toEqual([
      "'b' is declared but never used",
      "'f' is declared but never used",
    ]);
  });

  it('says what it leaves in place because taking it out would change the code around it', async () => {
    const { check, transform } = await engine();
    const text = 'use(1)\nfunction f() {}\n(2)\nconst a = 1;\nexport {};\n';
    const { diagnostics } = await check('a.ts', text);
    expect(diagnostics.map(({ message, fixable }) => [message, fixable])).toEqual([
      ["'f' is declared but never used; left in place: taking it out would change the code around it", false],
      ["'a' is declared but never used", true],
    ]);
    const result = await transform('a.ts', text);
    expect(result.text).toBe('use(1)\nfunction f() {}\n(2)\nexport {};\n');
    expect(result.diagnostics).toHaveLength(1);
  });

  it('fails a file that does not parse, and says where', async () => {
    const { check, transform } = await engine();
    const text = "import a from 'a';\nexport const = 1;\n";
    const failure = { kind: 'syntax-error', path: 'src/a.ts', tool: 'cleanup', detail: 'src/a.ts:2:14' };
    expect(await check('src/a.ts', text)).toMatchObject({ status: 'failed', failure, diagnostics: [] });
    expect(await transform('src/a.ts', text)).toMatchObject({ status: 'failed', failure, text });
  });
});

describe('run', () => {
  it('leaves alone what every formatter of the project ignores', () => {
    const unused = "import { b } from './b.js';\n\nexport const a = 1;\n";
    const folder = repository({
      '.prettierrc.json': '{ "singleQuote": true }\n',
      '.prettierignore': 'cases/\n',
      'cases/a.js': unused,
      'a.js': unused,
      'b.js': 'export const b = 1;\n',
      'cases/b.js': 'export const b = 1;\n',
    });
    const { code, report: result } = report(folder, '--only', 'cleanup');
    expect({ code, changed: result.changes.map(({ path }) => path) }).toEqual({ code: 0, changed: ['a.js'] });
    expect(read(folder, 'cases/a.js')).toBe(unused);
  });

  it('keeps what JSX stands for where one of the configs above needs it', () => {
    const component = "import React from 'react';\nexport const a = <b />;\n";
    const folder = repository({
      'tsconfig.json': '{ "compilerOptions": { "jsx": "react" } }\n',
      'app/tsconfig.json': '{ "compilerOptions": { "jsx": "react-jsx" } }\n',
      'app/a.tsx': component,
      'other/tsconfig.json': '{ "compilerOptions": { "jsx": "react" } }\n',
    });
    expect(report(folder, '--only', 'cleanup').report.changes).toEqual([]);
    writeTree(folder, { 'tsconfig.json': '{ "compilerOptions": { "jsx": "react-jsx" } }\n' });
    expect(report(folder, '--only', 'cleanup').report.changes.map(({ path }) => path)).toEqual(['app/a.tsx']);
  });

  it('works where nothing formats the file', () => {
    const folder = repository({ 'a.js': "import a from 'a';\nexport {};\n" });
    expect(report(folder, '--only', 'cleanup').report.changes.map(({ path }) => path)).toEqual(['a.js']);
    expect(read(folder, 'a.js')).toBe('export {};\n');
  });
});

describe('files', () => {
  const UNUSED = "import a from 'a';\nexport {};\n";

  it.each([
    ['a.d.ts', UNUSED],
    ['a.d.mts', UNUSED],
    ['types.test-d.ts', UNUSED],
    ['a.vue', UNUSED],
    ['test/fixtures/a.ts', UNUSED],
    ['src/__testfixtures__/a.js', UNUSED],
    ['testdata/a.js', UNUSED],
    ['test/parser-fixtures/a.js', UNUSED],
    ['integration-tests/extract/actual.js', UNUSED],
    ['type-tests/pg/with.ts', UNUSED],
    ['src/__typetest__/a.ts', UNUSED],
    ['packages/dts-test/a.ts', UNUSED],
    ['test/ts/a.tsx', UNUSED],
    ['test/module/typings/esm/index.ts', UNUSED],
    ['a.ts', `// @generated by a tool\n${UNUSED}`],
    ['a.ts', `/*\n * This file is generated. DO NOT EDIT.\n */\n${UNUSED}`],
    ['a.js', `// @flow\n${UNUSED}`],
  ])('%s is ignored', async (path, text) => {
    const { check, transform } = await engine();
    expect(await transform(path, text)).toEqual({ status: 'ignored', text });
    expect(await check(path, text)).toMatchObject({ status: 'ignored', diagnostics: [] });
  });

  it.each(['a.js', 'a.jsx', 'a.mjs', 'a.cjs', 'a.ts', 'a.tsx', 'a.mts', 'a.cts'])('%s is cleaned', async (path) => {
    const { transform } = await engine();
    const result = await transform(path, UNUSED);
    expect(result).toMatchObject({ status: 'done', text: 'export {};\n' });
  });

  it.each([
    ['JSX in .js', 'a.js', "import a from 'a';\nexport const b = <A />;\n", 'export const b = <A />;\n'],
    [
      'return at the top of CommonJS',
      'a.js',
      'const a = 1;\nif (require.main) return;\n',
      'if (require.main) return;\n',
    ],
    [
      'a type assertion in .ts',
      'a.ts',
      "import a from 'a';\nexport const b = <string>c;\n",
      'export const b = <string>c;\n',
    ],
    ['an old octal number', 'a.cjs', 'const a = 1;\nuse(010);\n', 'use(010);\n'],
  ])('%s is understood', async (_name, path, before, after) => {
    const { transform } = await engine();
    expect((await transform(path, before)).text).toBe(after);
  });
});

describe('odd texts', () => {
  it('leaves a text alone that is nested too deeply, and says so', async () => {
    const { check, transform } = await engine();
    const text = `import a from 'a';\nexport const b = c${'.then(d)'.repeat(20_000)};\n`;
    expect(await transform('a.ts', text)).toMatchObject({ status: 'done', text });
    expect((await check('a.ts', text)).diagnostics).toMatchObject([{ rule: 'too-deep', severity: 'info' }]);
  });

  it.each(['', '\uFEFF', '\n\n', '// only a comment', '#!/usr/bin/env node\n', ';;;\n'])(
    'leaves %j alone',
    async (text) => {
      const { transform } = await engine();
      expect(await transform('a.js', text)).toMatchObject({ status: 'done', text });
    },
  );

  it.each(['back\\slash.ts', 'a b/c"d.ts', '-dash.ts', 'new\nline.ts'])('are cleaned in %j', async (path) => {
    const { transform } = await engine();
    expect((await transform(path, "import a from 'a';\nexport {};\n")).text).toBe('export {};\n');
  });

  it('counts as the text does, with characters outside of the basic plane', async () => {
    const { check, transform } = await engine();
    const text = "/* 😀 */ import 𝒳, { b } from 'a'; // 😀\nexport const c = '😀', é = b; /* 😀 */ const d = 1;\n";
    const after = "/* 😀 */ import { b } from 'a'; // 😀\nexport const c = '😀', é = b; /* 😀 */\n";
    expect((await transform('a.ts', text)).text).toBe(after);
    expect((await check('a.ts', text)).diagnostics.map(({ start }) => start?.column)).toEqual([17, 46]);
  });
});

describe('compiler settings', () => {
  const REACT = "import React from 'react';\nexport const a = <div />;\n";
  const isCleaned = async (tree: Tree, path: string): Promise<boolean> => {
    const { transform } = await engine({ tree });
    return (await transform(path, REACT)).text !== REACT;
  };

  it('come from the nearest tsconfig, with comments, and what it extends', async () => {
    const tree = {
      'base.json': '{ "compilerOptions": { "jsx": "react-jsx" } }',
      'tsconfig.json': '// ours\n{ "extends": ["./other", "./base.json"], "compilerOptions": { "strict": true, }, }',
      'other.json': '{ "compilerOptions": { "jsx": "react" } }',
      'packages/a/jsconfig.json': '{ "compilerOptions": { "jsx": "preserve" } }',
    };
    expect(await isCleaned(tree, 'src/a.tsx')).toBe(true);
    expect(await isCleaned(tree, 'packages/a/src/a.tsx')).toBe(false);
  });

  it('come from the referenced configs where the nearest one says nothing and they agree', async () => {
    const solution = '{ "files": [], "references": [{ "path": "./tsconfig.app.json" }, { "path": "./node" }] }';
    const app = '{ "compilerOptions": { "jsx": "react-jsx" } }';
    expect(await isCleaned({ 'tsconfig.json': solution, 'tsconfig.app.json': app }, 'a.tsx')).toBe(true);
    const other = '{ "compilerOptions": { "jsx": "react" } }';
    expect(
      await isCleaned({ 'tsconfig.json': solution, 'tsconfig.app.json': app, 'node/tsconfig.json': other }, 'a.tsx'),
    ).toBe(false);
  });

  it('are unknown where a config extends itself, a package, or nothing that is there', async () => {
    expect(await isCleaned({ 'tsconfig.json': '{ "extends": "./tsconfig.json" }' }, 'a.tsx')).toBe(false);
    expect(await isCleaned({ 'tsconfig.json': '{ "extends": ["@tsconfig/next", "./gone"] }' }, 'a.tsx')).toBe(false);
  });
});

describe('organizeImports', () => {
  it('sorts and merges in the style of the file', async () => {
    const { check, transform } = await engine({ organizeImports: true });
    const before =
      '\uFEFF// top\r\nimport {c, b} from "./b"\r\nimport {a} from "./a"\r\nimport {d} from "./b"\r\n\r\nuse(a, b, c, d)\r\n';
    const after = '\uFEFF// top\r\nimport {a} from "./a"\r\nimport {b, c, d} from "./b"\r\n\r\nuse(a, b, c, d)\r\n';
    expect((await transform('a.ts', before)).text).toBe(after);
    expect((await transform('a.ts', after)).text).toBe(after);
    expect((await check('a.ts', before)).diagnostics).toMatchObject([{ rule: 'organize-imports', fixable: true }]);
    expect((await check('a.ts', after)).diagnostics).toEqual([]);
  });

  it('does not touch exports', async () => {
    const { transform } = await engine({ organizeImports: true });
    const exports = "export { z, y } from './z';\nexport * from './a';\n";
    const before = `import b from './b';\nimport a from './a';\n${exports}use(a, b);\n`;
    const after = `import a from './a';\nimport b from './b';\n${exports}use(a, b);\n`;
    expect((await transform('a.ts', before)).text).toBe(after);
  });

  it.each([
    ['imports that are in order, however they are laid out', "import {\n    a,\n    b } from './a';\nuse(a, b);\n"],
    [
      'imports around one that is there for its effect',
      "import b from './b';\nimport './effect';\nimport a from './a';\nuse(a, b);\n",
    ],
  ])('leaves %s', async (_name, text) => {
    const { transform } = await engine({ organizeImports: true });
    expect((await transform('a.ts', text)).text).toBe(text);
  });
});

describe('detect', () => {
  const file = (path: string, language: FileFacts['language']): FileFacts => ({
    path,
    language,
    hash: '',
    size: 1,
    package: '',
  });

  it('is used where there is JavaScript or TypeScript, and names every config it reads', async () => {
    const texts: Record<string, string> = {
      'tsconfig.json': '{ "extends": "./config/base", "references": [{ "path": "./app" }] }',
      'config/base.json': '{}',
      'app/tsconfig.json': '{}',
    };
    const view = (...files: FileFacts[]) =>
      ({
        files,
        config: defaultConfig(),
        readText: (path: string) => Promise.resolve(texts[path] ?? null),
      }) as unknown as ProjectView;
    const { uses } = await cleanup.detect(view(file('a.ts', 'typescript'), file('tsconfig.json', 'jsonc')));
    expect(uses).toMatchObject([{ id: 'cleanup@', root: '', options: { level: 'safe', organizeImports: false } }]);
    expect(uses[0]!.configFiles).toEqual(['app/tsconfig.json', 'config/base.json', 'tsconfig.json']);
    expect((await cleanup.detect(view(file('a.py', 'python')))).uses).toEqual([]);
    expect(cleanup.takes(USE, file('a.tsx', 'typescript'))).toBe(true);
    expect(cleanup.takes(USE, file('a.d.ts', 'typescript'))).toBe(false);
    expect(cleanup.takes(USE, file('a.vue', 'vue'))).toBe(false);
  });
});

describe('always', () => {
  it('a program logs, exports and throws the same before and after, and a second time nothing is left to do', async () => {
    const { transform } = await engine();
    let changed = 0;
    await fc.assert(
      fc.asyncProperty(program, async (code) => {
        const result = await transform('a.js', code);
        if (result.status === 'failed') return;
        if (result.text !== code) changed++;
        expect(observe(result.text)).toBe(observe(code));
        expect((await transform('a.js', result.text)).text).toBe(result.text);
      }),
      { numRuns: 150, seed: 20261121 },
    );
    expect(changed).toBeGreaterThan(50);
  });

  it('a comment is there whole or not at all, the text still parses, and a second time nothing is left to do', async () => {
    const { transform } = await engine();
    const seen = { removed: 0, kept: 0 };
    await fc.assert(
      fc.asyncProperty(commented, async ({ text, blocks, apart, attached }) => {
        const result = await transform('a.ts', text);
        expect(result).toMatchObject({ status: 'done' });
        const kept = blocks.filter((block) => result.text.includes(block));
        for (const block of blocks)
          if (!kept.includes(block)) expect(result.text).not.toContain(/q\d+q/.exec(block)![0]);
        const goingOn = (texts: readonly string[]): number => texts.join('').split('and on').length;
        expect(goingOn([result.text])).toBe(goingOn(kept));
        expect(kept).toEqual(expect.arrayContaining([...apart]));
        for (const { block, name, isImport } of attached)
          expect(kept.includes(block)).toBe(isImport || result.text.includes(name));
        expect(await transform('a.ts', result.text)).toMatchObject({ status: 'done', text: result.text });
        seen.kept += kept.length;
        seen.removed += blocks.length - kept.length;
      }),
      { numRuns: 150, seed: 20261121 },
    );
    expect(seen.removed).toBeGreaterThan(60);
    expect(seen.kept).toBeGreaterThan(60);
  });
});
