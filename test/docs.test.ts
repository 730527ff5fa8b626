/** What the docs say is so: their commands run, their configs are accepted, their names and links exist. */
import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { parse } from 'jsonc-parser';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../src/cli/program.js';
import { defaultConfig } from '../src/config/schema.js';
import { FAILURES } from '../src/model/failure.js';
import { commandsOf } from '../src/planner/commands.js';
import { workflowsOf } from '../src/planner/workflows.js';
import { groupBy } from '../src/reporters/text.js';
import { type Block, DOCS, blocksOf, linesOf, runLine, sample, textOf } from './doc-blocks.js';
import { PACKAGE_FOLDER, quality } from './quality.js';
import { git, repository, writeTree } from './rig.js';

const README = 'README.md';
const BLOCKS: readonly Block[] = [README, ...DOCS].flatMap(blocksOf);
const OF_DOCS = BLOCKS.filter(({ file }) => file !== README);

/** Blocks of these languages are run or read by a test: here, or in readme.test.ts. */
const CHECKED = new Set(['sh', 'jsonc', 'json', 'ts']);
const SHOWN: Readonly<Record<string, string>> = {
  '': 'pictures and lists of files',
  text: 'output; that of the README is compared with a run',
  yaml: 'files of CI services; the commands in them are looked up',
};
/** Commands for a terminal that are not run, by how their block begins. */
const NOT_RUN: Readonly<Record<string, string>> = {
  'git for-each-ref refs/quality/snapshots': 'has placeholders; the lines of a real run are run in snapshot.test.ts',
  'npm run chaos ': 'takes minutes; chaos.test.ts runs its short form',
};

describe('the docs', () => {
  it('show commands that exist and do what they say: one after the other on the sample project', () => {
    const ofReadme = linesOf(blocksOf(README), 'sh').filter((line) => line.startsWith('quality '));
    const ofDocs = linesOf(OF_DOCS, 'sh');
    expect(ofDocs.filter((line) => !line.startsWith('quality '))).toEqual([]);
    expect([ofReadme.length > 12, ofDocs.length > 25]).toEqual([true, true]);
    const folder = sample();
    const [first, ...others] = ofReadme;
    const shown = blocksOf(README)
      .find(({ language }) => language === 'text')
      ?.text.split('\n')
      .slice(1)
      .join('\n');
    expect(wordsOf(first ?? '')).toBe('quality run');
    const out = steady(runLine(folder, first ?? '').out);
    expect(
      steady(shown ?? '')
        .split('\n')
        .filter((line) => !out.includes(line)),
    ).toEqual([]);
    for (const line of others) runLine(folder, line);
    expect(git(folder, 'status', '--porcelain')).toBe('?? .quality-baseline.jsonl\n');
    writeTree(folder, { 'packages/web/index.js': 'export const answer = 42;\n' });
    const done = new Set(ofReadme.map(wordsOf));
    for (const line of new Map(ofDocs.map((one) => [wordsOf(one), one])).values())
      if (!done.has(wordsOf(line))) runLine(folder, line);
    expect(git(folder, 'diff', '--cached')).toBe('');
  });

  it('show nothing else that could be run, but for what is known not to be', () => {
    const others = BLOCKS.filter(({ language }) => !CHECKED.has(language) && !Object.hasOwn(SHOWN, language));
    const begins = (block: Block): string | undefined =>
      Object.keys(NOT_RUN).find((beginning) => block.text.startsWith(beginning));
    expect(others.filter((block) => block.language !== 'shell' || begins(block) === undefined)).toEqual([]);
    expect(new Set(others.map(begins))).toEqual(new Set(Object.keys(NOT_RUN)));
  });

  it('show configs that are accepted: the snippets of a page belong together', () => {
    const folder = repository({ 'a.js': 'export const a = 1;\n', 'docs/a.md': 'a\n' });
    const snippets = OF_DOCS.filter(({ language }) => language === 'jsonc');
    const pages = groupBy(snippets, ({ file }) => file);
    expect(pages.length).toBeGreaterThan(3);
    for (const blocks of pages) {
      const file = blocks[0]?.file;
      const config: object = Object.assign({}, ...blocks.map(({ text }) => parse(text) as object)) as object;
      writeFileSync(join(folder, '.quality-config.json'), JSON.stringify(config));
      expect({ file, ...quality(folder, 'plan') }).toMatchObject({ file, code: 0, err: '' });
    }
    for (const { text } of OF_DOCS.filter(({ language }) => language === 'json')) JSON.parse(text);
  });

  it('name commands and flags that exist', () => {
    const inline = [README, ...DOCS].flatMap((file) =>
      [...withoutBlocks(file).matchAll(/`((?:npx )?quality [^`]+)`/g)].map((match) => match[1] ?? ''),
    );
    const inBlocks = [...linesOf(BLOCKS, 'yaml'), ...linesOf(BLOCKS, 'shell')].flatMap(
      (line) => /\b(?:npx )?quality [a-z-]+ .*$/.exec(line)?.[0] ?? [],
    );
    const inFailures = Object.values(FAILURES).flatMap(({ next }) => /`(quality [^`]+)`/.exec(next)?.[1] ?? []);
    const all = [...new Set([...inline, ...inBlocks, ...inFailures])];
    expect(all.length).toBeGreaterThan(20);
    expect(all.filter((line) => !isKnown(wordsOf(line).split(' ').slice(1)))).toEqual([]);
  });

  it('lead only to files and headings that are there', () => {
    const broken = [README, 'CONTRIBUTING.md', ...DOCS].flatMap((file) =>
      [...textOf(file).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)].flatMap(([, path = '', anchor]) => {
        const target = path === '' ? file : join(dirname(file), path);
        const isThere = existsSync(join(PACKAGE_FOLDER, target));
        const hasAnchor = !isThere || anchor === undefined || headingsOf(target).map(anchorOf).includes(anchor);
        return isThere && hasAnchor ? [] : [`${file}: ${path}#${anchor ?? ''}`];
      }),
    );
    expect(broken).toEqual([]);
  });
});

describe('docs/troubleshooting.md', () => {
  const entries = textOf('docs/troubleshooting.md').split(/^## /m).slice(1);

  it('has an entry for each kind of failure, in their order', () => {
    expect(entries.map((entry) => entry.split('\n')[0])).toEqual(Object.keys(FAILURES));
  });

  it('says of each its exit code, why it happened and what to do', () => {
    for (const [index, { exitCode }] of Object.values(FAILURES).entries()) {
      expect(entries[index]).toContain(`\n\nExit code ${String(exitCode)}`);
      expect(entries[index]).toMatch(/\n- \*\*Why:\*\* .+\n- \*\*Do:\*\* .+/);
    }
  });

  it('is reached from the message, which ends with the kind', () => {
    const folder = repository({ 'a.js': '' });
    expect(quality(folder, 'run', '--workflow', 'no').err).toMatch(/^error .*"no".* {2}usage$/m);
    writeFileSync(join(folder, '.quality-config.json'), '{ "keepRun": 1 }');
    expect(quality(folder, 'run').err).toMatch(/^error .*keepRun: unknown key {2}config-invalid$/m);
  });
});

describe('docs/workflows.md', () => {
  const rows = (title: string): string[] => {
    const table =
      textOf('docs/workflows.md')
        .split('\n\n')
        .find((part) => part.startsWith(`| ${title}`)) ?? '';
    return [...table.matchAll(/^\| `([\w-]+)` /gm)]
      .map((match) => match[1] ?? '')
      .filter((name) => !name.startsWith('--'));
  };

  it('has every workflow, command, and choice', () => {
    const config = defaultConfig();
    expect(rows('workflow')).toEqual([...workflowsOf(config).keys()]);
    expect(rows('command').sort()).toEqual([...commandsOf(config).keys()].sort());
    const choices = (flag: string): string[] => [
      ...(optionsOf(createProgram()).find(({ long }) => long === flag)?.argChoices ?? []),
    ];
    expect(rows('`--gate`').sort()).toEqual(choices('--gate').sort());
    expect(rows('`onFailure`').sort()).toEqual(choices('--on-failure').sort());
    expect(rows('`onRegression`').sort()).toEqual(choices('--on-regression').sort());
    expect(rows('`priority`').sort()).toEqual(choices('--priority').sort());
  });
});

describe('docs/architecture.md', () => {
  it('leads to functions that are there', () => {
    const stages = [...textOf('docs/architecture.md').matchAll(/^\| .*\| `(src\/[^`]+\.ts)`.*?\| (.*?) *\|$/gm)];
    expect(stages.length).toBeGreaterThan(10);
    for (const [line, file = '', names = ''] of stages)
      for (const [, name = ''] of names.matchAll(/`(\w+)`/g))
        expect({ line, found: existsSync(join(PACKAGE_FOLDER, file)) && textOf(file).includes(name) }).toMatchObject({
          found: true,
        });
  });
});

/** What a run prints, without what is another from run to run. */
function steady(output: string): string {
  return output
    .replace(/\d{8}-\d{6}-\w{4}/g, '<run>')
    .replace(/\d+(\.\d+)? m?s\b/g, '<time>')
    .trim();
}

/** The command without its comment. */
function wordsOf(line: string): string {
  const [command = ''] = line.split(' #');
  return command.replace(/^npx /, '').trim().replace(/\s+/g, ' ');
}

function withoutBlocks(file: string): string {
  return textOf(file).replace(/^```[^]*?^```$/gm, '');
}

function headingsOf(file: string): string[] {
  return [...textOf(file).matchAll(/^#+ (.*)$/gm)].map((match) => match[1] ?? '');
}

function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}

function optionsOf(command: Command): readonly Command['options'][number][] {
  return [...command.options, ...command.commands.flatMap(optionsOf)];
}

const OF_ALL = new Set(['--help', '--version']);

/** As far as names go: the values of flags and arguments are not looked at. */
function isKnown(words: readonly string[], command: Command = createProgram()): boolean {
  const [first = ''] = words;
  const below = command.commands.find((one) => one.name() === first);
  if (below !== undefined) return isKnown(words.slice(1), below);
  if (command.commands.length > 0 && !first.startsWith('-')) return first === '';
  const known = new Set(command.options.flatMap(({ long, short }) => [long, short]));
  return words.every((word) => !/^--?[a-z]/.test(word) || known.has(word) || OF_ALL.has(word));
}
