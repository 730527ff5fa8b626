/**
 * The links of a chain in workers of their own make of each file what the chain in one worker makes of it, and what is asked
 * ahead of its time is what would have been asked later.
 */
import { cpSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PACKAGE_FOLDER, report, treeOf } from './quality.js';
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

it.each([
  ['each does its part', {}],
  ['the linter crashes over some', { 'src/crash.js': 'var   crash = "old"\n' }],
])('%s', (_, more) => {
  const folder = repository({
    ...FILES,
    ...more,
    '.gitignore': 'node_modules\n',
    '.prettierrc.json': '{ "singleQuote": true, "endOfLine": "auto" }\n',
    '.prettierignore': 'src/unformatted.js\nsrc/neither.js\n',
    'eslint.config.js': RULES,
    'package.json': '{ "private": true, "type": "module" }\n',
    '.quality-config.json': '{ "formatters": { "javascript": ["eslint", "prettier"] } }\n',
  });
  symlinkSync(join(PACKAGE_FOLDER, 'node_modules'), join(folder, 'node_modules'));
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
