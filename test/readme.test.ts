import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PACKAGE_FOLDER, quality } from './quality.js';
import { git, repository, temporaryFolder } from './rig.js';

const README = readFileSync(join(PACKAGE_FOLDER, 'README.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...README.matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, 'g'))].map((match) => match[1] ?? '');
const commands = blocks('sh')
  .flatMap((block) => block.split('\n'))
  .filter((line) => line.startsWith('quality '));

function sample(): string {
  const folder = temporaryFolder();
  cpSync(join(PACKAGE_FOLDER, 'fixtures/sample'), folder, { recursive: true });
  symlinkSync(join(PACKAGE_FOLDER, 'node_modules'), join(folder, 'node_modules'));
  git(folder, 'init', '--quiet', '--initial-branch=main');
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--message=start');
  git(folder, 'commit', '--quiet', '--allow-empty', '--message=again');
  return folder;
}

describe('the README', () => {
  it('shows commands that exist and do what they say: one after the other on the sample project', () => {
    const folder = sample();
    expect(commands.length).toBeGreaterThan(8);
    for (const line of commands) {
      const words = line.split('#')[0]?.trim().split(/\s+/).slice(1) ?? [];
      const ended = quality(folder, ...words);
      expect({ line, code: ended.code }).toEqual({ line, code: ended.code === 0 ? 0 : 1 });
      expect({ line, err: ended.err }).not.toMatchObject({
        err: expect.stringMatching(/^(error|This is a bug)/m) as string,
      });
    }
    expect(git(folder, 'status', '--porcelain')).toBe('');
  });

  it('shows a run of the sample project as it is', () => {
    const ended = quality(sample(), 'run');
    const steady = (text: string): string =>
      text
        .replace(/\d{8}-\d{6}-\w{4}/g, '<run>')
        .replace(/\d+(\.\d+)? m?s\b/g, '<time>')
        .trim();
    const shown = blocks('text')[0]?.split('\n').slice(1).join('\n') ?? '';
    for (const line of steady(shown).split('\n')) expect(steady(ended.out)).toContain(line);
  });

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
    const demo = execFileSync(process.execPath, ['dist/demo.js'], { cwd: PACKAGE_FOLDER, encoding: 'utf8' });
    expect(demo).toContain('The run did what the sample expects.');
  });
});
