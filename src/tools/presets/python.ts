/** Black and isort. */
import type { FolderFile, Preset } from './preset.js';
import { tomlSection, tomlString } from './toml.js';

/**
 * Black takes its configuration from the folder that all its files have in common; we always mean the one at the root.
 * It leaves out what `exclude` and `extend-exclude` name only where it looks for files by itself, so
 * that has to be said for files that we name.
 */
function blackFlags({ path, text }: FolderFile): readonly string[] {
  const section = tomlSection(text, 'tool.black');
  if (section === null) return [];
  const patterns = ['exclude', 'extend-exclude', 'force-exclude'].flatMap((key) => tomlString(section, key) ?? []);
  const config = ['--config', path];
  if (patterns.length === 0) return config;
  // One pattern over several lines makes all of it verbose, as Black does; the others then must say that they are not.
  const isVerbose = patterns.some((pattern) => pattern.includes('\n'));
  const part = (pattern: string): string =>
    isVerbose && !pattern.includes('\n') ? `(?-x:${pattern})` : `(?:${pattern}\n)`;
  const exclude = isVerbose ? patterns.map(part).join('|') : patterns.map((one) => `(?:${one})`).join('|');
  return [...config, '--force-exclude', exclude];
}

export const black: Preset = {
  name: 'black',
  role: 'format',
  grain: 'file',
  languages: ['python'],
  never: /\.ipynb$/,
  programs: ['black'],
  python: true,
  version: { args: ['--version'] },
  install: { command: 'pip install black' },
  evidence: {
    sections: [{ files: ['pyproject.toml'], pattern: /^\s*\[tool\.black\]/m, says: '[tool.black]' }],
    calls: [{ tool: 'black' }],
  },
  switchOn: 'add a [tool.black] section to pyproject.toml',
  configFiles: ['pyproject.toml'],
  flags: {
    alone: [
      '-S',
      '--skip-string-normalization',
      '-C',
      '--skip-magic-trailing-comma',
      '--preview',
      '--unstable',
      '--fast',
      '--safe',
    ],
    valued: [
      '-l',
      '--line-length',
      '-t',
      '--target-version',
      '--config',
      '--required-version',
      '--enable-unstable-feature',
    ],
  },
  folderFlags: { files: ['pyproject.toml'], of: 'root', read: blackFlags },
  format: {
    list: {
      args: ['--check', '{flags}', '--', '{files}'],
      stream: 'stderr',
      file: /^would reformat (?<file>.+)$/,
      chatter: /./,
      ok: [0],
      unformatted: [1],
      partial: [123],
    },
    stdin: {
      args: ['{flags}', '--stdin-filename', '{file}', '-'],
      ignored: /Nothing to do/,
      ok: [0],
      trouble: [123],
      syntax: /cannot format .*: Cannot parse|cannot use --safe with this file; failed to parse/,
    },
  },
};

export const isort: Preset = {
  name: 'isort',
  role: 'format',
  grain: 'file',
  looksAround: true,
  languages: ['python'],
  programs: ['isort'],
  python: true,
  version: { args: ['--version-number'] },
  install: { command: 'pip install isort' },
  evidence: {
    files: ['.isort.cfg'],
    sections: [
      { files: ['pyproject.toml'], pattern: /^\s*\[tool\.isort\]/m, says: '[tool.isort]' },
      { files: ['setup.cfg', 'tox.ini'], pattern: /^\[(?:tool:)?isort\]/m, says: '[isort]' },
    ],
    calls: [{ tool: 'isort' }],
  },
  switchOn: 'add a [tool.isort] section to pyproject.toml',
  configFiles: ['.isort.cfg', 'pyproject.toml', 'setup.cfg', 'tox.ini', '.editorconfig'],
  flags: {
    alone: [
      '--fss',
      '--fas',
      '--sl',
      '--force-single-line-imports',
      '--tc',
      '--trailing-comma',
      '--up',
      '--float-to-top',
    ],
    valued: [
      '--profile',
      '-l',
      '--line-length',
      '-w',
      '-m',
      '--multi-line',
      '-p',
      '--project',
      '-o',
      '--sp',
      '--settings-path',
      '--settings-file',
      '--src',
      '--py',
      '--lai',
    ],
  },
  format: {
    list: {
      args: ['--check-only', '--filter-files', '--sp', '.', '{flags}', '--', '{files}'],
      stream: 'stderr',
      file: /^ERROR: (?<file>.+) Imports are incorrectly sorted and\/or formatted\.$/,
      chatter: /./,
      ok: [0],
      unformatted: [1],
      partial: [],
    },
    stdin: {
      args: [
        '--quiet',
        '--sp',
        '.',
        { since: '5.7.0', args: ['--filter-files', '--filename', '{file}'] },
        '{flags}',
        '-',
      ],
      ok: [0],
      trouble: [1],
      syntax: /^(?!)/,
    },
  },
};
