import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../src/config/schema.js';
import { fingerprintOf } from '../src/model/diagnostic.js';
import { findClones, jscpd } from '../src/tools/jscpd.js';
import { git, repository, type Tree, writeTree } from './rig.js';
import { findAll, openWith } from './project-tool-rig.js';

const BODY = Array.from({ length: 10 }, (_, line) => `  const v${line} = compute(${line}) + other.value${line};`).join(
  '\n',
);
const copied = (name: string): string => `export function ${name}() {\n${BODY}\n}\n`;
const distinct = (name: string): string => `export const ${name} = 1;\n`;

function source(path: string, text: string): Parameters<typeof findClones>[0]['files'][number] {
  return { path, absolutePath: `/nowhere/${path}`, text, virtual: true };
}

const LIMITS = { minLines: 6, minTokens: 50, timeoutMs: 60_000 };

describe('clones', () => {
  it('are pairs of places, in a stable order, whatever the order and names of the files', async () => {
    const names = ['b/{x,y}*.ts', 'a/[id] é.ts', '-c.ts'];
    const files = names.map((path) => source(path, copied('f')));
    const report = await findClones({ files, ...LIMITS });
    expect(report.clones.map(({ first, second }) => [first.path, second.path])).toEqual([
      ['-c.ts', 'a/[id] é.ts'],
      ['-c.ts', 'b/{x,y}*.ts'],
    ]);
    expect(await findClones({ files: files.toReversed(), ...LIMITS })).toEqual(report);
    expect(report.clones[0]).toMatchObject({ format: 'typescript', lines: 12, first: { startLine: 1, endLine: 12 } });
  });

  it('are counted by language, and as a share of all lines', async () => {
    const files = [
      source('a.ts', copied('f')),
      source('b.ts', copied('g')),
      source('c.py', Array.from({ length: 40 }, (_, n) => `x${n} = f${n}(${n * n})\n`).join('')),
    ];
    const { total, formats } = await findClones({ files, ...LIMITS });
    expect(total).toMatchObject({ clones: 1, duplicatedLines: 12, files: 3 });
    expect(Object.keys(formats).sort()).toEqual(['python', 'typescript']);
    expect(formats.typescript?.percentage).toBeGreaterThan(total.percentage);
    expect(total.percentage).toBeCloseTo((100 * total.duplicatedLines) / total.lines);
  });

  it('in a page have the lines of the page', async () => {
    const page = (head: string): string => `${head}<script>\n${copied('f')}</script>\n`;
    const { clones } = await findClones({
      files: [source('a.vue', page('')), source('b.vue', page('<p/>\n<i/>\n'))],
      ...LIMITS,
    });
    expect(clones).toMatchObject([{ first: { path: 'a.vue', startLine: 2 }, second: { path: 'b.vue', startLine: 4 } }]);
  });

  it('shorter than asked for are none', async () => {
    const files = [source('a.ts', copied('f')), source('b.ts', copied('g'))];
    expect((await findClones({ files, ...LIMITS, minLines: 30 })).clones).toEqual([]);
    expect((await findClones({ files, ...LIMITS, minTokens: 500 })).clones).toEqual([]);
    expect((await findClones({ files: [], ...LIMITS })).total.files).toBe(0);
  });

  it('cannot be found in a file that is not there', async () => {
    const files = [{ ...source('gone.ts', ''), virtual: false }];
    await expect(findClones({ files, ...LIMITS })).rejects.toMatchObject({
      failure: { kind: 'tool-crashed', tool: 'jscpd' },
    });
  });
});

describe('the duplication check', () => {
  const TREE: Tree = {
    'a.ts': copied('f'),
    'b.ts': `// one\n${copied('g')}`,
    'same.json': '{}',
    '.gitattributes': 'made.ts linguist-generated\n',
    'made.ts': copied('h'),
    // Neither of them counts: the settings are those of our own config.
    '.jscpd.json': '{"minLines": 100, "ignore": ["**"]}',
    '.gitignore': 'ignored.ts\n',
  };

  it('says where the same lines stand, with words that stay when lines move', async () => {
    const root = repository(TREE);
    const found = await findAll(jscpd, await openWith(jscpd, root));
    expect(found).toMatchObject([
      {
        tool: 'jscpd',
        rule: 'duplicate',
        severity: 'info',
        path: 'b.ts',
        start: { line: 2 },
        message: '12 lines are the same as in a.ts',
        related: [{ path: 'a.ts', start: { line: 1 } }],
      },
    ]);
    writeTree(root, { 'a.ts': `\n\n${copied('f')}`, 'b.ts': `// one\n// two\n${copied('g')}` });
    const moved = await findAll(jscpd, await openWith(jscpd, root));
    expect(moved[0]?.start?.line).toBe(3);
    expect(moved.map(fingerprintOf)).toEqual(found.map(fingerprintOf));
    expect(git(root, 'status', '--short')).toBe(' M a.ts\n M b.ts\n');
  });

  it('is the same whatever else stands in the folders, and however their names sort', async () => {
    const places = ['a/x.ts', 'a-b/x.ts', 'a/b/page.vue', 'c/deep/er/x.ts', 'c/deep/y.ts', 'c/.hidden.ts'];
    const textOf = (path: string, name: string): string =>
      path.endsWith('.vue') ? `<script lang="ts">\n${copied(name)}</script>\n` : copied(name);
    const tree = Object.fromEntries(places.map((path, index) => [path, textOf(path, `f${String(index)}`)]));
    const foundIn = async (more: Tree) =>
      findAll(jscpd, await openWith(jscpd, repository({ ...TREE, ...tree, ...more })));
    const alone = await foundIn({});
    expect(alone.length).toBeGreaterThanOrEqual(places.length);
    const beside = { 'a/README.md': 'x\n', '.gitignore': 'ignored.ts\nout\n', 'c/deep/out/copy.ts': copied('o') };
    const ignoring = { 'c/.ignore': '*\n', 'a/b/link.ts': { link: '../x.ts' } };
    expect(await foundIn({ ...beside, ...ignoring })).toEqual(alone);
  });

  it('is an error only above the threshold', async () => {
    const dedupe = { ...defaultConfig().dedupe, threshold: 20 };
    const found = await findAll(jscpd, await openWith(jscpd, repository(TREE), { dedupe }));
    expect(found.filter(({ severity }) => severity === 'error')).toMatchObject([{ rule: 'threshold', path: null }]);
  });

  it('is for projects that have code', async () => {
    const { detection } = await openWith(jscpd, repository({ 'README.md': '' }));
    expect(detection).toEqual({ uses: [], skips: [] });
    const { detection: code } = await openWith(jscpd, repository({ 'a.ts': distinct('a') }));
    expect(code.uses).toMatchObject([
      { id: 'jscpd@', origin: 'bundled', version: expect.stringMatching(/^5\.\d/) as string },
    ]);
  });
});
