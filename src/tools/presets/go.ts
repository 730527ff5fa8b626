/** gofmt, goimports, golangci-lint. */
import { parseGolangci } from '../output/formats.js';
import type { Preset, StdinPreset } from './preset.js';

/** The go command itself leaves these folders out; test data is often broken on purpose. */
const NEVER = /(?:^|\/)(?:vendor|testdata|_[^/]*)(?:\/|$)/;

const SYNTAX = /^.*:\d+:\d+: /m;

const LIST = {
  stream: 'stdout',
  file: /^(?<file>.+)$/,
  ok: [0],
  unformatted: [],
  partial: [2],
} as const;

const STDIN = { ok: [0], trouble: [2], syntax: SYNTAX, placed: true } as const satisfies Partial<StdinPreset>;

export const gofmt: Preset = {
  name: 'gofmt',
  role: 'format',
  grain: 'file',
  languages: ['go'],
  never: NEVER,
  programs: ['gofmt'],
  // gofmt has no version of its own; its Go has.
  version: { program: 'go', args: ['version'] },
  install: { command: 'install Go from https://go.dev/dl/' },
  evidence: {
    files: ['go.mod'],
    calls: [{ tool: 'gofmt' }, { tool: 'go', args: /^fmt\b/ }],
  },
  switchOn: 'add a go.mod',
  configFiles: [],
  flags: { alone: ['-s'], valued: ['-r'] },
  format: {
    list: { ...LIST, args: ['-l', '{flags}', '--', '{files}'] },
    stdin: { ...STDIN, args: ['{flags}'] },
  },
};

export const goimports: Preset = {
  ...gofmt,
  name: 'goimports',
  looksAround: true,
  programs: ['goimports'],
  quiet: true,
  version: { program: 'go', args: ['version', '-m', '{program}'] },
  install: { command: 'go install golang.org/x/tools/cmd/goimports@latest' },
  evidence: {
    sections: [
      {
        files: ['.golangci.yml', '.golangci.yaml'],
        pattern: /^\s*-\s*["']?goimports\b/m,
        says: 'goimports enabled',
      },
    ],
    calls: [{ tool: 'goimports' }],
  },
  switchOn: 'call goimports in a Makefile or hook',
  configFiles: ['go.mod'],
  flags: { alone: ['-format-only'], valued: ['-local'] },
  format: {
    list: { ...LIST, args: ['-l', '{flags}', '--', '{files}'] },
    stdin: { ...STDIN, args: ['{flags}', '-srcdir', '{file}'] },
  },
};

const GOLANGCI_FILES = ['.golangci.yml', '.golangci.yaml', '.golangci.toml', '.golangci.json'];

export const golangciLint: Preset = {
  name: 'golangci-lint',
  role: 'lint',
  grain: 'project',
  languages: ['go'],
  programs: ['golangci-lint'],
  version: { args: ['version'] },
  install: { command: 'see https://golangci-lint.run/docs/welcome/install/' },
  evidence: { files: GOLANGCI_FILES, calls: [{ tool: 'golangci-lint', args: /^run\b|^$/ }] },
  switchOn: 'add a .golangci.yml',
  configFiles: [...GOLANGCI_FILES, 'go.mod', 'go.sum'],
  flags: {
    alone: ['--enable-all', '--disable-all', '--fast', '--fast-only', '--no-config', '--tests'],
    valued: [
      '-c',
      '--config',
      '-E',
      '--enable',
      '-D',
      '--disable',
      '-p',
      '--presets',
      '-e',
      '--exclude',
      '--build-tags',
      '--timeout',
      '--default',
    ],
  },
  lint: {
    args: [
      'run',
      { before: '2.0.0', args: ['--out-format=json'] },
      { since: '2.0.0', args: ['--output.json.path=stdout', '--show-stats=false'] },
      '{flags}',
      './...',
    ],
    stream: 'stdout',
    parse: parseGolangci,
    ok: [0],
    findings: [1],
    config: [3],
    columns: 'bytes',
  },
};
