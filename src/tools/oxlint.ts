import type { FileFacts } from '../model/file.js';
import { callFor, type ChosenCall, type CommandLine } from './oxc/calls.js';
import { detectOxc } from './oxc/detect.js';
import type { Tool } from './tool.js';

const FIXES = new Set(['--fix', '--fix-suggestions', '--fix-dangerously']);

const COMMAND_LINE: CommandLine = {
  tool: 'oxlint',
  valued: new Set([
    ...['-c', '--config', '--tsconfig', '-A', '--allow', '-W', '--warn', '-D', '--deny', '--ignore-path'],
    ...['--ignore-pattern', '--max-warnings', '-f', '--format', '--debug', '--threads'],
    '--report-unused-disable-directives-severity',
  ]),
  withoutEffect: new Set([
    ...['-f', '--format', '--silent', '--threads', '--debug', '--max-warnings', '--deny-warnings'],
    ...['--no-error-on-unmatched-pattern', ...FIXES],
  ]),
  other: new Set(['--init', '--rules', '--lsp', '--print-config', '--help', '-h', '--version', '-V']),
  looks: (flags) => !flags.some(({ name }) => FIXES.has(name)),
};

const SCRIPTS = ['js', 'mjs', 'cjs', 'ts', 'mts', 'cts'];

function isLintable({ path }: Pick<FileFacts, 'path'>): boolean {
  return /\.(?:[cm]?[jt]sx?|vue|svelte|astro)$/i.test(path);
}

/** oxlint: the project's own. It only finds; its fixes are made in place alone. */
export const oxlint: Tool = {
  name: 'oxlint',
  roles: ['lint'],
  grain: 'file',
  runsIn: 'main',
  reach: () => 'workspace',
  adapterVersion: 1,
  detect: (project) =>
    detectOxc(project, {
      role: 'lint',
      commandLine: COMMAND_LINE,
      configNames: [
        ...['.oxlintrc.json', '.oxlintrc.jsonc', 'oxlintrc.json'],
        ...SCRIPTS.map((extension) => `oxlint.config.${extension}`),
      ],
      companions: ['.eslintignore', 'tsconfig.json', 'package.json', '.gitignore'],
      isTarget: isLintable,
      maxWarnings,
    }),
  takes: (use, file) => isLintable(file) && callFor(use, file.path) !== null,
  async open(use, context) {
    const { openOxlint } = await import('./oxc/lint.js');
    return openOxlint(use, context);
  },
};

async function maxWarnings(calls: readonly ChosenCall[], config: string): Promise<number | null> {
  const { parse } = await import('jsonc-parser');
  const { options } = (parse(config) ?? {}) as { options?: { denyWarnings?: unknown; maxWarnings?: unknown } };
  const flags = calls.flatMap(({ allFlags }) => allFlags);
  const denies = options?.denyWarnings === true || flags.some(({ name }) => name === '--deny-warnings');
  const most = [
    options?.maxWarnings,
    ...flags.filter(({ name }) => name === '--max-warnings').map(({ value }) => value),
  ];
  const counts = most.flatMap((value) => (value === undefined ? [] : [Number(value)])).filter(Number.isFinite);
  return denies ? 0 : counts.length === 0 ? null : Math.min(...counts);
}
