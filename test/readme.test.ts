import { readFileSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blocksOf } from './doc-blocks.js';
import { PACKAGE_FOLDER, quality } from './quality.js';
import { repository, temporaryFolder } from './rig.js';

const BLOCKS = blocksOf('README.md');
const blocks = (language: string): string[] =>
  BLOCKS.filter((block) => block.language === language).map(({ text }) => text);

describe('the README', () => {
  it('shows a config that is accepted', () => {
    const folder = repository({ 'a.js': 'export const a = 1;\n', 'docs/a.md': 'a\n', 'docs.mjs': '' });
    writeFileSync(join(folder, '.quality-config.json'), blocks('jsonc')[0] ?? '');
    const ended = quality(folder, 'plan', '--workflow', 'nightly');
    expect(ended).toMatchObject({ code: 0, err: '' });
    expect(ended.out).toContain('docs-1');
  });

  it('shows how to use the library, with types', () => {
    const folder = repository({ '.prettierrc.json': '{}\n', 'a.mjs': 'export const a   = 1\n' });
    const code = (blocks('ts')[0] ?? '').replace(
      "'quality-orchestrator'",
      JSON.stringify(join(PACKAGE_FOLDER, 'dist/index.js')),
    );
    writeFileSync(join(folder, '.git/use.mjs'), code);
    const out = execFileSync(process.execPath, [join(folder, '.git/use.mjs')], { cwd: folder, encoding: 'utf8' });
    expect(out).toMatch(/^1 \[\s/);
    expect(out).toContain("path: 'a.mjs'");
  });

  it('names the two lines that do all the set-up', () => {
    expect(blocks('sh').slice(0, 2)).toEqual(['npm ci && npm run demo\n', 'npm ci && npm test\n']);
    const { scripts } = JSON.parse(readFileSync(join(PACKAGE_FOLDER, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['prepare', 'demo', 'test']));
    // It leaves its folder for people to look at.
    const env = { ...process.env, TMPDIR: temporaryFolder() };
    const demo = execFileSync(process.execPath, ['dist/demo.js'], { cwd: PACKAGE_FOLDER, encoding: 'utf8', env });
    expect(demo).toContain('The run did what the sample expects.');
  });
});
