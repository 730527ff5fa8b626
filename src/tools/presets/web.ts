/** Tools that come from npm: stylelint, markdownlint, cspell, taplo, dprint. */
import { LANGUAGES } from '../../model/language.js';
import { parseCspell, parseMarkdownlint, parseMarkdownlintLines } from '../output/formats.js';
import { parseStylelint } from '../output/stylelint.js';
import type { Preset } from './preset.js';

const scriptFiles = (name: string): string[] => ['js', 'mjs', 'cjs', 'ts', 'mts', 'cts'].map((end) => `${name}.${end}`);
const dataFiles = (name: string): string[] => ['json', 'jsonc', 'yaml', 'yml'].map((end) => `${name}.${end}`);
/** A key of package.json that holds the tool's settings. */
const manifestKey = (key: string) => ({
  files: ['package.json'],
  pattern: new RegExp(`^ {0,4}\\t?"${key}": *[{"]`, 'm'),
  says: `"${key}"`,
});

const STYLELINT_FILES = [
  '.stylelintrc',
  ...dataFiles('.stylelintrc'),
  ...scriptFiles('.stylelintrc'),
  ...scriptFiles('stylelint.config'),
];

export const stylelint: Preset = {
  name: 'stylelint',
  role: 'lint',
  grain: 'file',
  looksAround: true,
  languages: ['css', 'scss', 'less'],
  programs: ['stylelint'],
  version: { args: ['--version'] },
  install: { npm: 'stylelint' },
  evidence: { files: STYLELINT_FILES, sections: [manifestKey('stylelint')], calls: [{ tool: 'stylelint' }] },
  switchOn: 'add a .stylelintrc.json',
  configFiles: [...STYLELINT_FILES, '.stylelintignore', 'package.json'],
  flags: {
    alone: ['--id', '--ignore-disables', '--rd', '--report-needless-disables'],
    valued: [
      '-c',
      '--config',
      '--config-basedir',
      '--custom-syntax',
      '-i',
      '--ignore-path',
      '--ip',
      '--ignore-pattern',
    ],
  },
  lint: {
    args: ['--formatter', 'json', '--allow-empty-input', '{flags}', '--', '{files}'],
    stdin: ['--formatter', 'json', '{flags}', '--stdin', '--stdin-filename', '{file}'],
    stream: 'either',
    parse: parseStylelint,
    ok: [0],
    findings: [2],
    config: [78],
  },
};

const MARKDOWNLINT_FILES = ['.markdownlintrc', ...dataFiles('.markdownlint'), ...scriptFiles('.markdownlint')];

export const markdownlint: Preset = {
  name: 'markdownlint',
  role: 'lint',
  grain: 'file',
  languages: ['markdown'],
  programs: ['markdownlint'],
  version: { args: ['--version'] },
  install: { npm: 'markdownlint-cli' },
  evidence: { files: ['.markdownlintrc', '.markdownlintignore'], calls: [{ tool: 'markdownlint' }] },
  switchOn: 'add a .markdownlintrc, or call markdownlint in a script',
  configFiles: [...MARKDOWNLINT_FILES, '.markdownlintignore'],
  flags: {
    valued: ['-c', '--config', '-i', '--ignore', '-p', '--ignore-path', '-r', '--rules', '--disable', '--enable'],
  },
  lint: {
    args: ['--json', '{flags}', '--', '{files}'],
    stream: 'stderr',
    parse: (output, context) => (output.trim() === '' ? [] : parseMarkdownlint(output, context)),
    ok: [0],
    findings: [1],
  },
};

const CLI2_FILES = [...dataFiles('.markdownlint-cli2'), ...scriptFiles('.markdownlint-cli2')];

export const markdownlintCli2: Preset = {
  ...markdownlint,
  name: 'markdownlint-cli2',
  quiet: true,
  says: 'markdownlint',
  programs: ['markdownlint-cli2'],
  version: { args: ['--help'] },
  install: { npm: 'markdownlint-cli2' },
  evidence: { files: CLI2_FILES, sections: [manifestKey('markdownlint-cli2')], calls: [{ tool: 'markdownlint-cli2' }] },
  switchOn: 'add a .markdownlint-cli2.jsonc',
  configFiles: [...CLI2_FILES, ...MARKDOWNLINT_FILES, 'package.json'],
  flags: { valued: ['--config'] },
  lint: {
    args: ['{flags}', '--no-globs', '--', '{files}'],
    stream: 'either',
    parse: parseMarkdownlintLines,
    ok: [0],
    findings: [1],
    literal: ':',
  },
};

const CSPELL_FILES = ['cspell', '.cspell', 'cspell.config', '.cspell.config'].flatMap((name) => [
  ...dataFiles(name),
  ...scriptFiles(name).filter((file) => name.includes('config') || file.endsWith('.cjs')),
  `${name}.toml`,
]);

export const cspell: Preset = {
  name: 'cspell',
  quiet: true,
  role: 'lint',
  grain: 'file',
  looksAround: true,
  languages: LANGUAGES,
  programs: ['cspell'],
  version: { args: ['--version'] },
  install: { npm: 'cspell' },
  evidence: { files: [...CSPELL_FILES, 'cSpell.json'], sections: [manifestKey('cspell')], calls: [{ tool: 'cspell' }] },
  switchOn: 'add a cspell.json',
  configFiles: [...CSPELL_FILES, 'cSpell.json', 'package.json', 'project-words.txt', 'cspell-words.txt'],
  flags: {
    alone: ['--gitignore', '--no-gitignore', '--dot'],
    valued: ['-c', '--config', '--locale', '-e', '--exclude'],
  },
  lint: {
    args: [
      'lint',
      '--no-progress',
      '--no-summary',
      '--no-color',
      '--no-must-find-files',
      '{flags}',
      '--file-list',
      'stdin',
    ],
    stdin: ['lint', '--no-progress', '--no-summary', '--no-color', '--no-must-find-files', '{flags}', 'stdin://{file}'],
    stream: 'stdout',
    parse: parseCspell,
    ok: [0],
    findings: [1],
    listOnStdin: true,
  },
};

const TAPLO_FILES = ['taplo.toml', '.taplo.toml'];

export const taplo: Preset = {
  name: 'taplo',
  role: 'format',
  grain: 'file',
  languages: ['toml'],
  programs: ['taplo'],
  version: { args: ['--version'] },
  install: { npm: '@taplo/cli' },
  evidence: { files: TAPLO_FILES, calls: [{ tool: 'taplo', args: /^(?:fmt|format)\b/ }] },
  switchOn: 'add a taplo.toml (it may be empty)',
  configFiles: TAPLO_FILES,
  flags: { valued: ['-c', '--config', '-o', '--option'] },
  format: {
    list: {
      args: ['format', '--check', '--colors', 'never', '{flags}', '--', '{files}'],
      stream: 'stderr',
      file: /not properly formatted path="(?<file>.+)"$/,
      chatter: /./,
      ok: [0],
      unformatted: [],
      partial: [1],
    },
    stdin: {
      args: ['format', '--colors', 'never', '{flags}', '--stdin-filepath', '{file}', '-'],
      ok: [0],
      trouble: [1],
      syntax: /^error: invalid TOML/m,
    },
  },
};

const DPRINT_FILES = ['dprint.json', 'dprint.jsonc', '.dprint.json', '.dprint.jsonc'];

export const dprint: Preset = {
  name: 'dprint',
  quiet: true,
  role: 'format',
  grain: 'file',
  // Its plugins decide; what none of them takes comes back as it is.
  languages: [
    ...([
      'javascript',
      'typescript',
      'json',
      'jsonc',
      'markdown',
      'toml',
      'dockerfile',
      'css',
      'scss',
      'less',
    ] as const),
    ...(['html', 'vue', 'svelte', 'astro', 'yaml', 'graphql', 'python', 'sql'] as const),
  ],
  programs: ['dprint'],
  version: { args: ['--version'] },
  install: { npm: 'dprint' },
  evidence: { files: DPRINT_FILES, calls: [{ tool: 'dprint', args: /^(?:fmt|check)\b/ }] },
  switchOn: 'add a dprint.json (`dprint init`)',
  configFiles: DPRINT_FILES,
  flags: { valued: ['-c', '--config', '--plugins', '--excludes'] },
  format: {
    list: {
      args: ['check', '--list-different', '--allow-no-files', '{flags}', '--', '{files}'],
      stream: 'stdout',
      file: /^(?<file>.+)$/,
      ok: [0],
      unformatted: [20],
      partial: [1],
    },
    stdin: {
      args: ['fmt', '{flags}', '--stdin', '{file}'],
      ok: [0],
      trouble: [1],
      syntax: /^Line \d+, column \d+: /m,
    },
  },
};
