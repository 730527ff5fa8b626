import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../src/config/schema.js';
import { hashBytes } from '../src/host/hash.js';
import { dedupe } from '../src/tools/dedupe.js';
import { type Tree, repository } from './rig.js';
import { findingsIn, openWith, runUse } from './project-tool-rig.js';

interface Answer {
  /** New texts of the changed files. */
  readonly edits: Record<string, string>;
  /** `path name: reason` of what was left alone. */
  readonly refused: string[];
}

async function mergeIn(tree: Tree, apply = true): Promise<Answer> {
  const root = repository({ 'package.json': '{"dependencies":{"lodash":"4","react-dom":"1"}}', ...tree });
  const opened = await openWith(dedupe, root, { dedupe: { ...defaultConfig().dedupe, apply } });
  const outcome = await runUse(dedupe, opened.detection.uses[0]!, opened);
  for (const { path, before } of outcome.edits ?? []) expect(before).toBe(hashBytes(Buffer.from(tree[path] as string)));
  const identical = findingsIn(outcome).filter(({ rule }) => rule === 'identical');
  return {
    edits: Object.fromEntries(
      (outcome.edits ?? []).map(({ path, after }) => [path, Buffer.from(after ?? '').toString('utf8')]),
    ),
    refused: identical.map(
      ({ path, context, message }) => `${String(path)} ${String(context)}: ${message.replace(/^.*not merged: /, '')}`,
    ),
  };
}

const CLAMP =
  'function clamp(n: number, low: number, high: number): number {\n  return Math.min(high, Math.max(low, n));\n}\n';
/** Shows how relative imports are written. */
const OTHER = 'export const other = 1;\n';

describe('a merge', () => {
  it('leaves one declaration, exported, and an import in its place', async () => {
    const { edits, refused } = await mergeIn({
      'src/other.ts': OTHER,
      'src/a.ts': `import { other } from './other.js';\n\n/** Keeps it within. */\n${CLAMP}\nexport const a = () => clamp(other, 0, 1);\n`,
      'src/b.ts': `import { other } from "./other.js"\n\nexport const b = (): number => clamp(other, 1, 2)\n\n/**\n * Keeps it within.\n */\n${CLAMP.replace('return ', 'return  ')}`,
    });
    expect(edits).toEqual({
      'src/b.ts':
        `import { other } from "./other.js"\nimport { clamp } from "./a.js"\n\nexport const b = (): number => clamp(other, 1, 2)\n`.replace(
          './a.js',
          './a.js',
        ),
      'src/a.ts': `import { other } from './other.js';\n\n/** Keeps it within. */\nexport ${CLAMP}\nexport const a = () => clamp(other, 0, 1);\n`,
    });
    expect(refused).toEqual([]);
  });

  it('prefers the module that exports it, and hands on what was exported', async () => {
    const { edits } = await mergeIn({
      'src/a.ts': `import './z';\n${CLAMP}export const a = clamp(1, 2, 3);\n`,
      'src/z.ts': `export ${CLAMP}`,
      'src/m.ts': `export ${CLAMP}`,
    });
    expect(edits).toEqual({
      'src/a.ts': "import './z';\nimport { clamp } from './m';\nexport const a = clamp(1, 2, 3);\n",
      'src/z.ts': "export { clamp } from './m';\n\n",
    });
  });

  it('extends an import that is there, and drops imports that only the declaration needed', async () => {
    const type = 'type Pair = { readonly left: Left; readonly right: Right; both: boolean };\n';
    const { edits } = await mergeIn({
      'src/types.ts': 'export interface Left { l: 1 }\nexport interface Right { r: 1 }\n',
      'src/pair.ts': `import type { Left, Right } from './types';\nexport ${type}export const noLeft: Left | null = null;\n`,
      'src/use.ts': `import type { Left, Right } from './types';\nimport { noLeft } from './pair';\n\n${type}\nexport const f = (p: Pair): Left => p.left ?? noLeft;\n`,
      'src/more.ts': `import type { Pair as Other } from './pair';\nimport type { Left } from './types';\nimport type { Right } from './types';\n\n${type}\nexport const g = (p: Pair): Other => p;\n`,
    });
    expect(edits).toEqual({
      'src/use.ts':
        "import type { Left } from './types';\nimport { noLeft } from './pair';\nimport type { Pair } from './pair';\n\nexport const f = (p: Pair): Left => p.left ?? noLeft;\n",
      'src/more.ts': "import type { Pair as Other, Pair } from './pair';\n\nexport const g = (p: Pair): Other => p;\n",
    });
  });

  it('takes along what the declaration needs, and only that', async () => {
    const both =
      'const LIMIT = 100;\nconst double = (n: number): number => n * 2;\nfunction grow(n: number): number {\n  return Math.min(LIMIT, double(n));\n}\n';
    const { edits } = await mergeIn({
      'src/a.ts': `import { other } from './other';\n${both}export const a = () => grow(other);\n`,
      'src/b.ts': `import { other } from './other';\n${both}export const b = () => grow(other) + LIMIT;\nconst alone = 100;\nexport { alone };\n`,
      'src/c.ts': "import { other } from './other';\nconst LIMIT = 100;\nexport const c = LIMIT + other;\n",
      'src/other.ts': OTHER,
    });
    expect(edits).toEqual({
      'src/a.ts': `import { other } from './other';\nexport const LIMIT = 100;\nconst double = (n: number): number => n * 2;\nexport function grow(n: number): number {\n  return Math.min(LIMIT, double(n));\n}\nexport const a = () => grow(other);\n`,
      'src/b.ts':
        "import { other } from './other';\nimport { grow, LIMIT } from './a';\nexport const b = () => grow(other) + LIMIT;\nconst alone = 100;\nexport { alone };\n",
    });
  });

  it('keeps line ends, byte order mark, header and shebang', async () => {
    const crlf = (text: string): string => `\uFEFF${text}`.replaceAll('\n', '\r\n');
    const { edits } = await mergeIn({
      'src/a.ts': `import { other } from './other.ts';\nexport ${CLAMP}export const a = other;\n`,
      'src/b.ts': crlf(`// Copyright\n\n${CLAMP}\nexport const b = clamp(1, 2, 3);\n`),
      'src/c.ts': `#!/usr/bin/env node\n/* c */\nexport const c = clamp(1, 2, 3);\n\n${CLAMP}`,
      'src/other.ts': OTHER,
    });
    expect(edits['src/b.ts']).toBe(
      crlf("// Copyright\n\nimport { clamp } from './a.ts';\n\nexport const b = clamp(1, 2, 3);\n"),
    );
    expect(edits['src/c.ts']).toBe(
      "#!/usr/bin/env node\nimport { clamp } from './a.ts';\n\n/* c */\nexport const c = clamp(1, 2, 3);\n",
    );
  });

  it('happens only when asked for', async () => {
    const tree = { 'src/a.ts': `import './b';\nexport ${CLAMP}`, 'src/b.ts': `export ${CLAMP}` };
    expect(await mergeIn(tree, false)).toEqual({ edits: {}, refused: [] });
  });
});

/** Two modules, which import a third so that the style is known. */
async function refusal(a: string, b: string, more: Tree = {}): Promise<string | undefined> {
  const head = "import { other } from './other';\nexport const x = other;\n";
  const { edits, refused } = await mergeIn({
    'src/a.ts': head + a,
    'src/b.ts': head + b,
    'src/other.ts': OTHER,
    ...more,
  });
  expect(edits).toEqual({});
  return refused[0]?.replace(/^\S+ /, '');
}

const both = (text: string): [string, string] => [text, text];

describe('left alone, with the reason, is', () => {
  const uses = `export ${CLAMP}export const use = () => clamp(1, 2, 3);\n`;

  it('what mentions something else in each module', async () => {
    const f = 'export function countUp(step: number): number {\n  return (total.value += step * 2);\n}\n';
    expect(await refusal(`const total = { value: 0 };\n${f}`, `const total = { value: 0 };\n${f}`)).toBe(
      'countUp: total is something else in each of them',
    );
    const g = 'export function shout(text: string): string {\n  return upper(text) + upper(text);\n}\n';
    expect(await refusal(`import { upper } from 'lodash';\n${g}`, `import { up as upper } from 'lodash';\n${g}`)).toBe(
      'shout: upper is something else in each of them',
    );
    expect(await refusal(`import { upper } from 'lodash';\n${g}`, g)).toMatch(
      /would load lodash|upper is something else/,
    );
  });

  it('what is used as a value: kept, compared, registered', async () => {
    expect(await refusal(`export ${CLAMP}export const start = () => addListener(clamp);\n`, uses)).toContain(
      'clamp is used as a value',
    );
    expect(
      await refusal(uses, uses, {
        'src/c.ts': "import { clamp } from './a';\nexport const same = (f: unknown) => f === clamp;\n",
      }),
    ).toBe('clamp: clamp is used as a value in src/c.ts');
  });

  it('what would load or do more than before', async () => {
    expect(await refusal(`${uses}console.log(1);\n`, `${uses}console.log(2);\n`)).toMatch(
      /clamp: loading src\/[ab].ts does something/,
    );
    expect(
      await refusal(
        `import { render } from 'react-dom';\n${uses}export const r = () => render;\n`,
        `import { map } from 'lodash';\n${uses}export const m = () => map;\n`,
      ),
    ).toMatch(/would load (?:react-dom|lodash) as well/);
  });

  it('what would make a circle, or might', async () => {
    expect(
      await refusal(
        `import { use as u } from './b';\n${uses}export const v = () => u;\n`,
        `import { w } from './c';\n${uses}export const z = () => w;\n`,
        { 'src/c.ts': "import { use } from './a';\nexport const w = () => use;\n" },
      ),
    ).toMatch(/clamp: src\/[ab].ts imports src\/[ab].ts/);
    expect(
      await refusal(...both(`import { unknown } from '@/somewhere';\n${uses}export const v = () => unknown;\n`)),
    ).toMatch(/imports is not known completely/);
  });

  it('what a comment says to a tool, or a person, at its place', async () => {
    expect(await refusal(`/** One. */\nexport ${CLAMP}`, `/** Two. */\nexport ${CLAMP}`)).toBe(
      'clamp: a comment of clamp would be lost',
    );
    expect(await refusal(...both(`// eslint-disable-next-line\nexport ${CLAMP}`))).toBe(
      'clamp: a comment of clamp speaks to a tool',
    );
  });

  it('what would add to exports that mean something', async () => {
    const index = { 'src/index.ts': "export * from './a';\nexport * from './b';\n" };
    expect(await refusal(...both(CLAMP), index)).toMatch(/all that src\/[ab].ts exports is taken elsewhere/);
    expect(await refusal(...both(`export ${CLAMP}`), index)).toBe('clamp: both modules are exported as wholes');
  });

  it('what stands in tests, or in another part of the package', async () => {
    const tree = {
      'src/other.ts': OTHER,
      'src/a.test.ts': `import './other';\n${CLAMP}`,
      'src/b.ts': `import './other';\n${CLAMP}`,
    };
    expect((await mergeIn(tree)).refused[0]).toContain('a.test.ts is not part of the program itself');
    const apart = {
      'src/other.ts': OTHER,
      'tools/a.ts': `import './x';\nexport ${CLAMP}`,
      'tools/x.ts': OTHER,
      'src/b.ts': `import './other';\nexport ${CLAMP}`,
    };
    expect((await mergeIn(apart)).refused[0]).toMatch(/imports nothing from where/);
  });

  it('what cannot be named because nothing shows how', async () => {
    expect((await mergeIn({ 'src/a.ts': `export ${CLAMP}`, 'src/b.ts': `export ${CLAMP}` })).refused[0]).toContain(
      'nothing shows how',
    );
  });
});

describe('not even looked at is', () => {
  it.each([
    ['this', 'export function f(this: { n: number }): number {\n  return this.n + 1 + 2 + 3 + 4 + 5;\n}\n'],
    ['arguments', 'export function f(): number {\n  return arguments.length + 1 + 2 + 3 + 4 + 5;\n}\n'],
    [
      'a path relative to the module',
      'export const f = async (): Promise<unknown> => import("./other").then((m) => m);\n',
    ],
    ['import.meta', 'export const f = (name: string): URL => new URL(name, import.meta.url);\n'],
    ['a class', 'export class Thing {\n  readonly value = 1;\n  readonly other = 2;\n}\n'],
    ['mutable state', 'export const state: { value: number; other: number } = { value: 1, other: 2 };\n'],
    ['a pattern with state', 'export const pattern = /some long regular expression that goes on/g;\n'],
    ['a name that is assigned', `export ${CLAMP}clamp = other as never;\n`],
    [
      'an overload',
      'export function f(a: string): string;\nexport function f(a: unknown): unknown {\n  return [a, a, a, a, a, a];\n}\n',
    ],
    ['an enum', 'export enum Direction {\n  Up,\n  Down,\n  Left,\n  Right,\n}\n'],
    ['something short', 'export const LIMIT = 100;\nexport const none = () => {};\n'],
    ['a syntax error', `export ${CLAMP}export const = 1;\n`],
  ])('%s', async (_, text) => {
    expect(await refusal(...both(text))).toBeUndefined();
  });

  it('a script, CommonJS, a declaration file, a module for the client', async () => {
    const answer = await mergeIn({
      'a.js': 'function wrap(value) {\n  return [value, value, value, value];\n}\n',
      'b.js': 'function wrap(value) {\n  return [value, value, value, value];\n}\n',
      'c.cjs': 'export function wrap2(value) {\n  return [value, value, value];\n}\n',
      'd.cjs': 'export function wrap2(value) {\n  return [value, value, value];\n}\n',
      'e.d.ts': 'export interface Long { readonly a: 1; readonly b: 2; readonly c: 3 }\n',
      'f.d.ts': 'export interface Long { readonly a: 1; readonly b: 2; readonly c: 3 }\n',
      'g.ts': `'use client';\nexport ${CLAMP}`,
      'h.ts': `'use client';\nexport ${CLAMP}`,
    });
    expect(answer).toEqual({ edits: {}, refused: [] });
  });
});

it('leaves nothing more to merge', async () => {
  const names = ['clamp', 'grow', 'wrap'];
  const declaration = (name: string): string =>
    `export function ${name}(n: number): number {\n  return Math.max(n, Math.min(n * 2, n));\n}\n`;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.subarray(names), { minLength: 2, maxLength: 4 }), async (modules) => {
      const tree: Record<string, string> = { 'src/other.ts': OTHER };
      for (const [index, own] of modules.entries()) {
        tree[`src/m${index}.ts`] =
          `import { other } from './other';\n${own.map(declaration).join('\n')}export const x${index} = other;\n`;
      }
      const { edits } = await mergeIn(tree);
      const after = { ...tree, ...edits };
      for (const name of names) {
        const count = Object.values(after).filter((text) => text.includes(`function ${name}(`)).length;
        expect(count).toBe(modules.some((own) => own.includes(name)) ? 1 : 0);
      }
      expect((await mergeIn(after)).edits).toEqual({});
    }),
    { numRuns: 5 },
  );
});
