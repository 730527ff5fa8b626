/** shfmt, ShellCheck, hadolint, actionlint. */
import { parseActionlint, parseHadolint, parseShellcheck } from '../output/formats.js';
import type { Preset } from './preset.js';

/** Shells that neither of the two can read. */
const OTHER_SHELLS = /\.(?:zsh|fish|csh|tcsh|ksh93|nu|ps1)$|(?:^|\/)\.?z(?:shrc|shenv|profile|login|logout)$/;

export const shfmt: Preset = {
  name: 'shfmt',
  role: 'format',
  grain: 'file',
  languages: ['shell'],
  never: OTHER_SHELLS,
  programs: ['shfmt'],
  version: { args: ['--version'] },
  install: { command: 'apt-get install shfmt, or brew install shfmt' },
  evidence: {
    sections: [
      {
        files: ['.editorconfig'],
        pattern:
          /^\s*(?:shell_variant|binary_next_line|switch_case_indent|space_redirects|keep_padding|function_next_line)\s*=|^\s*\[\[(?:shell|bash)\]\]/m,
        says: 'shell settings',
      },
    ],
    calls: [{ tool: 'shfmt' }],
  },
  switchOn: 'add a section such as [[shell]] to .editorconfig',
  configFiles: ['.editorconfig'],
  flags: {
    alone: [
      '-s',
      '--simplify',
      '-mn',
      '--minify',
      '-bn',
      '--binary-next-line',
      '-ci',
      '--case-indent',
      '-sr',
      '--space-redirects',
      '-kp',
      '--keep-padding',
      '-fn',
      '--func-next-line',
      '-p',
      '--posix',
    ],
    valued: ['-i', '--indent', '-ln', '--language-dialect'],
  },
  format: {
    list: {
      args: ['--list', { since: '3.8.0', args: ['--apply-ignore'] }, '{flags}', '--', '{files}'],
      stream: 'stdout',
      file: /^(?<file>.+)$/,
      ok: [0],
      unformatted: [],
      partial: [1],
    },
    stdin: {
      args: [{ since: '3.8.0', args: ['--apply-ignore'] }, '{flags}', '--filename', '{file}', '-'],
      ok: [0],
      trouble: [1],
      syntax: /^.*:\d+:\d+: /m,
      placed: true,
    },
  },
};

export const shellcheck: Preset = {
  name: 'shellcheck',
  role: 'lint',
  grain: 'file',
  looksAround: true,
  languages: ['shell'],
  never: OTHER_SHELLS,
  programs: ['shellcheck'],
  version: { args: ['--version'] },
  install: { command: 'apt-get install shellcheck, or brew install shellcheck' },
  evidence: { files: ['.shellcheckrc', 'shellcheckrc'], calls: [{ tool: 'shellcheck' }] },
  switchOn: 'add a .shellcheckrc (it may be empty)',
  configFiles: ['.shellcheckrc', 'shellcheckrc'],
  flags: {
    alone: ['-x', '--external-sources', '-a', '--check-sourced', '--norc'],
    valued: [
      '-e',
      '--exclude',
      '-i',
      '--include',
      '-S',
      '--severity',
      '-s',
      '--shell',
      '-o',
      '--enable',
      '-P',
      '--source-path',
      '--rcfile',
    ],
  },
  lint: {
    args: ['--format=json1', '{flags}', '--', '{files}'],
    stream: 'stdout',
    parse: parseShellcheck,
    ok: [0],
    findings: [1],
    columns: 'characters',
  },
};

export const hadolint: Preset = {
  name: 'hadolint',
  role: 'lint',
  grain: 'file',
  languages: ['dockerfile'],
  programs: ['hadolint'],
  version: { args: ['--version'] },
  install: { command: 'brew install hadolint, or see https://github.com/hadolint/hadolint#install' },
  evidence: { files: ['.hadolint.yaml', '.hadolint.yml'], calls: [{ tool: 'hadolint' }] },
  switchOn: 'add a .hadolint.yaml (it may be empty)',
  configFiles: ['.hadolint.yaml', '.hadolint.yml'],
  flags: {
    alone: ['--disable-ignore-pragma', '--strict-labels'],
    valued: [
      '-c',
      '--config',
      '--ignore',
      '--error',
      '--warning',
      '--info',
      '--style',
      '--trusted-registry',
      '--require-label',
      '-t',
      '--failure-threshold',
    ],
  },
  lint: {
    args: ['--format', 'json', '{flags}', '--', '{files}'],
    stdin: ['--format', 'json', '{flags}', '--file-path-in-report', '{file}', '-'],
    stream: 'stdout',
    parse: parseHadolint,
    ok: [0],
    findings: [1],
    columns: 'characters',
  },
};

const ACTIONLINT_FILES = ['actionlint.yaml', 'actionlint.yml'];

export const actionlint: Preset = {
  name: 'actionlint',
  role: 'lint',
  grain: 'file',
  looksAround: true,
  languages: ['yaml'],
  only: /(?:^|\/)\.github\/workflows\/[^/]+\.ya?ml$/,
  programs: ['actionlint'],
  version: { args: ['--version'] },
  install: { command: 'go install github.com/rhysd/actionlint/cmd/actionlint@latest' },
  evidence: { files: ACTIONLINT_FILES, calls: [{ tool: 'actionlint' }] },
  switchOn: 'add a .github/actionlint.yaml',
  configFiles: ACTIONLINT_FILES,
  flags: { valued: ['-ignore', '-shellcheck', '-pyflakes', '-config-file'] },
  lint: {
    args: ['-no-color', '-format', '{{json .}}', '{flags}', '--', '{files}'],
    stdin: ['-no-color', '-format', '{{json .}}', '{flags}', '-stdin-filename', '{file}', '-'],
    stream: 'stdout',
    parse: parseActionlint,
    ok: [0],
    findings: [1],
    config: [2, 3],
    columns: 'bytes',
  },
};
