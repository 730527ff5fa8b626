/**
 * The links of a chain in workers of their own make of each file what the chain in one worker makes of it, and what is asked
 * ahead of its time is what would have been asked later.
 */
import { cpSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Event } from '../src/model/event.js';
import { PACKAGE_FOLDER, quality, report, treeOf } from './quality.js';
import { git, read, repository, temporaryFolder } from './rig.js';

const RULES = `
const rule = (create, fixable) => ({ meta: { type: 'problem', ...(fixable ? { fixable: 'code' } : {}), schema: [] }, create });
const words = rule((context) => ({
  Identifier: (node) => {
    if (node.name === 'crash') throw new Error('over this file');
  },
  Literal: (node) => {
    if (node.value === 'old') context.report({ node, message: 'old', fix: (fixer) => fixer.replaceText(node, '"young"') });
  },
}), true);
const spaces = rule((context) => ({
  'Program:exit': (node) => {
    if (context.sourceCode.text.includes('undo') && !context.sourceCode.text.endsWith('\\n\\n'))
      context.report({ node, message: 'blank', fix: (fixer) => fixer.insertTextAfterRange([0, context.sourceCode.text.length], '\\n') });
  },
}), true);
export default [
  { ignores: ['eslint.config.js', 'src/unlinted.js', 'src/neither.js'] },
  { plugins: { own: { rules: { words, spaces } } }, rules: { 'own/words': 'error', 'own/spaces': 'error', 'no-var': 'error', 'no-undef': 'error' } },
];
`;

/** What it says hangs on another file: it is not kept where edits stand in no file yet. */
const READING = RULES.replace('export default', () =>
  [
    "import { readFileSync } from 'node:fs';",
    "const reads = rule(() => ({ Program: () => void readFileSync(new URL('words.txt', import.meta.url)) }));",
    'export default',
  ].join('\n'),
)
  .replace('{ words, spaces }', '{ words, spaces, reads }')
  .replace("'own/words'", "'own/reads': 'error', 'own/words'");

const FILES = {
  'src/both.js': 'var   a = "old"\nexport { a }\n',
  'src/lint-only.js': 'var a = "old";\nexport { a };\n',
  'src/format-only.js': "export const a   = {b:'c'}\n",
  'src/neat.js': "export const a = { b: 'c' };\n",
  'src/undone.js': "export const undo = 'by the formatter';\n",
  'src/broken.js': 'export const = ;\n',
  'src/finding.js': 'export const a   = missing;\n',
  'src/unlinted.js': 'var   old = 1\n',
  'src/unformatted.js': 'var   old = 1\n',
  'src/neither.js': 'var   old = 1\n',
  'src/unread.js': new Uint8Array([0x2f, 0x2f, 0xff, 0xfe, 0x0a]),
  'src/ends.js': 'var   a = "old"\r\nexport { a }\r\n',
  'src/marked.js': '\uFEFFvar   a = "old"\nexport { a }\n',
};

function project(files: Readonly<Record<string, string | Uint8Array>>, rules = RULES): string {
  const folder = repository({
    ...files,
    '.gitignore': 'node_modules\n',
    '.prettierrc.json': '{ "singleQuote": true, "endOfLine": "auto" }\n',
    '.prettierignore': 'src/unformatted.js\nsrc/neither.js\n',
    'eslint.config.js': rules,
    'package.json': '{ "private": true, "type": "module" }\n',
    '.quality-config.json': '{ "formatters": { "javascript": ["eslint", "prettier"] } }\n',
  });
  symlinkSync(join(PACKAGE_FOLDER, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

it.each([
  ['each does its part', {}],
  ['the linter crashes over some', { 'src/crash.js': 'var   crash = "old"\n' }],
])('%s', (_, more) => {
  const folder = project({ ...FILES, ...more });
  const [together, apart] = [1, 2].map((parallel) => {
    const copy = temporaryFolder();
    cpSync(folder, copy, { recursive: true, verbatimSymlinks: true });
    const ended = report(copy, '--only', 'verify,format', '--max-parallel', String(parallel));
    const { changes, failures, findings, refused } = ended.report;
    const events = read(copy, `.quality/runs/${ended.report.run}/events.jsonl`);
    const jobs = events.split('"job-started"').length - 1;
    const tree = treeOf(copy);
    const second = report(copy, '--only', 'format', '--max-parallel', String(parallel)).report.changes;
    return {
      told: { code: ended.code, changes, failures, findings, refused, tree, second },
      jobs,
      foreseen: events.includes('/ahead/'),
    };
  });
  expect(apart?.told).toEqual(together?.told);
  expect([together?.foreseen, apart?.foreseen]).toEqual([false, true]);
  expect(apart?.jobs).toBeGreaterThan(together?.jobs ?? Infinity);
  expect(
    together?.told.changes
      .map(({ path }) => path)
      .filter((path) => path.startsWith('src/'))
      .sort(),
  ).toEqual(
    ['both', 'ends', 'finding', 'format-only', 'lint-only', 'marked', 'unformatted', 'unlinted'].map(
      (name) => `src/${name}.js`,
    ),
  );
  expect(git(folder, 'status', '--porcelain')).toBe('');
});

it('asks the linter once about files in which it has nothing to fix, and stages the same', () => {
  const blocking = ['src/broken.js', 'src/finding.js', 'src/undone.js', 'src/unread.js'];
  const files = Object.fromEntries(Object.entries(FILES).filter(([path]) => !blocking.includes(path)));
  const folder = project({ ...files, 'words.txt': 'words\n' }, READING);
  // Verified first: what the linter would fix is known there, and the chain goes from its beginning to its end.
  const whole = temporaryFolder();
  cpSync(folder, whole, { recursive: true, verbatimSymlinks: true });
  report(whole, '--only', 'verify,format');
  git(folder, 'update-ref', '-d', 'HEAD');
  for (const parallel of [1, 2]) {
    const copy = temporaryFolder();
    cpSync(folder, copy, { recursive: true, verbatimSymlinks: true });
    const ended = quality(copy, 'run', '--staged', '--max-parallel', String(parallel));
    expect([ended.out, ended.code]).toEqual([expect.stringContaining('fixed'), 0]);
    for (const path of Object.keys(files)) {
      expect([path, git(copy, 'show', `:${path}`)]).toEqual([path, read(whole, path)]);
    }
    // Four with something to fix, and two that the formatter leaves alone.
    expect(filesLinted(copy, 'format')).toBe(6);
    // Eleven as the formatter has left them, four once more as they were fixed, and the two.
    expect(filesLinted(copy, 'verify')).toBe(17);
  }
});

/** How many files the linter was given in a step. */
function filesLinted(root: string, step: string): number {
  const [run = ''] = readdirSync(join(root, '.quality/runs'));
  const events = read(root, `.quality/runs/${run}/events.jsonl`).trimEnd().split('\n');
  return events
    .map((line) => JSON.parse(line) as Event)
    .filter((event) => event.type === 'job-started' && event.step.startsWith(step) && event.tools.includes('eslint'))
    .reduce((sum, event) => sum + (event.type === 'job-started' ? event.files : 0), 0);
}
