/** Ruff: linting, formatting, import sorting; three things that a project takes up one by one. */
import { parseRuff } from '../output/formats.js';
import type { Preset } from './preset.js';
import { tomlSection, tomlStrings } from './toml.js';

const RUFF = {
  grain: 'file',
  languages: ['python'],
  never: /\.ipynb$/,
  programs: ['ruff'],
  python: true,
  version: { args: ['--version'] },
  install: { command: 'pip install ruff' },
  configFiles: ['ruff.toml', '.ruff.toml', 'pyproject.toml'],
} as const satisfies Partial<Preset>;

const RUFF_FILES = ['ruff.toml', '.ruff.toml'];

/** `ruff check`: findings. */
export const ruffCheck: Preset = {
  ...RUFF,
  name: 'ruff-check',
  looksAround: true,
  says: 'ruff',
  role: 'lint',
  evidence: {
    files: RUFF_FILES,
    sections: [{ files: ['pyproject.toml'], pattern: /^\s*\[tool\.ruff(?:\.lint\b.*)?\]/m, says: '[tool.ruff]' }],
    calls: [{ tool: 'ruff', args: /^(?!(?:format|server|rule|config|clean|version)\b)/ }],
  },
  switchOn: 'add a ruff.toml, or a [tool.ruff] section to pyproject.toml',
  flags: {
    alone: ['--preview', '--no-preview'],
    valued: [
      '--config',
      '--select',
      '--ignore',
      '--extend-select',
      '--extend-ignore',
      '--line-length',
      '--target-version',
      '--exclude',
      '--extend-exclude',
    ],
  },
  lint: {
    args: [
      'check',
      '--output-format=json',
      '--force-exclude',
      '--no-fix',
      '--cache-dir',
      '{state}',
      '{flags}',
      '--',
      '{files}',
    ],
    stdin: [
      'check',
      '--output-format=json',
      '--force-exclude',
      '--no-fix',
      '--no-cache',
      '{flags}',
      '--stdin-filename',
      '{file}',
      '-',
    ],
    stream: 'stdout',
    parse: parseRuff,
    ok: [0],
    findings: [1],
    columns: 'characters',
  },
};

const RUFF_SYNTAX = /(?:Failed to parse|invalid-syntax|SyntaxError|error: .*(?:Expected|Unexpected))/;

/** `ruff format`. Linting with Ruff alone is no wish to format with it: many projects have Black beside it. */
export const ruff: Preset = {
  ...RUFF,
  name: 'ruff',
  role: 'format',
  evidence: {
    sections: [
      { files: RUFF_FILES, pattern: /^\s*\[format(?:\.|\])/m, says: '[format]' },
      { files: ['pyproject.toml'], pattern: /^\s*\[tool\.ruff\.format(?:\.|\])/m, says: '[tool.ruff.format]' },
    ],
    calls: [{ tool: 'ruff', args: /^format\b/ }],
  },
  switchOn: 'add a [tool.ruff.format] section to pyproject.toml',
  // Up to 0.13.2 it has no such flag, and passes over the variable; up to 0.15 it names files in its own words all the same.
  env: { RUFF_OUTPUT_FORMAT: 'concise' },
  flags: {
    alone: ['--preview', '--no-preview'],
    valued: ['--config', '--line-length', '--target-version', '--exclude'],
  },
  format: {
    list: {
      args: ['format', '--check', '--force-exclude', '--cache-dir', '{state}', '{flags}', '--', '{files}'],
      stream: 'stdout',
      file: /(?<file>(?<=^Would reformat: ).+|^.+?(?=(?::\d+:\d+)?: [a-z-]+: ))/,
      chatter: /^\d+ files? (?:would be|already)|^All checks|^warning: /,
      ok: [0],
      unformatted: [1],
      partial: [2],
    },
    stdin: {
      args: ['format', '--force-exclude', '--no-cache', '{flags}', '--stdin-filename', '{file}', '-'],
      ok: [0],
      trouble: [2],
      syntax: RUFF_SYNTAX,
    },
  },
};

/** Ruff's import sorting (rule I), where the project has selected it. */
export const ruffImports: Preset = {
  ...RUFF,
  name: 'ruff-imports',
  looksAround: true,
  quiet: true,
  says: 'ruff',
  role: 'format',
  evidence: {
    sections: [
      { files: RUFF_FILES, pattern: sortsImports(['', 'lint']), says: 'rule I' },
      { files: ['pyproject.toml'], pattern: sortsImports(['tool.ruff', 'tool.ruff.lint']), says: 'rule I' },
    ],
    calls: [{ tool: 'ruff', args: /^check\b.*--(?:extend-)?select[ =](?:\S*,)?I(?:001)?(?:,|\s|$)/ }],
  },
  switchOn: 'select rule I of Ruff',
  flags: { alone: ['--preview', '--no-preview'], valued: ['--config', '--line-length', '--target-version'] },
  format: {
    list: {
      args: [
        'check',
        '--select=I',
        '--output-format=concise',
        '--force-exclude',
        '--no-fix',
        '--cache-dir',
        '{state}',
        '{flags}',
        '--',
        '{files}',
      ],
      stream: 'stdout',
      file: /^(?<file>.+?):\d+:\d+: /,
      chatter: /^Found |^All checks|^\[\*\]|^No fixes|^warning: /,
      ok: [0],
      unformatted: [1],
      partial: [2],
    },
    stdin: {
      args: [
        'check',
        '--select=I',
        '--fix',
        '--quiet',
        '--exit-zero',
        '--force-exclude',
        '--no-cache',
        '{flags}',
        '--stdin-filename',
        '{file}',
        '-',
      ],
      ok: [0],
      trouble: [1, 2],
      syntax: RUFF_SYNTAX,
    },
  },
};

/** Is import sorting among the rules that these sections select? */
function sortsImports(sections: readonly string[]): { test(text: string): boolean } {
  const test = (source: string): boolean =>
    sections.some((section) => {
      const lines = tomlSection(source, section) ?? '';
      const chosen = [...(tomlStrings(lines, 'select') ?? []), ...(tomlStrings(lines, 'extend-select') ?? [])];
      return chosen.some((rule) => /^(?:I|I0|I00|I001|ALL)$/.test(rule));
    });
  return { test };
}
