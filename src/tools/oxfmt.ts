import type { FileFacts } from '../model/file.js';
import { callFor, type CommandLine } from './oxc/calls.js';
import { detectOxc } from './oxc/detect.js';
import { isKnownToPrettier } from './prettier/names.js';
import type { Tool } from './tool.js';

const LOOKS = new Set(['--check', '--list-different', '-l']);

const COMMAND_LINE: CommandLine = {
  tool: 'oxfmt',
  valued: new Set(['-c', '--config', '--ignore-path', '--threads', '--stdin-filepath', '--migrate']),
  withoutEffect: new Set(['--write', '--threads', '--no-error-on-unmatched-pattern', ...LOOKS]),
  other: new Set(['--init', '--migrate', '--lsp', '--stdin-filepath', '--help', '-h', '--version', '-V']),
  looks: (flags) => flags.some(({ name }) => LOOKS.has(name)),
};

const SCRIPTS = ['js', 'mjs', 'cjs', 'ts', 'mts', 'cts'];

/** It knows what Prettier knows, and a few more. */
function isFormattable(file: FileFacts): boolean {
  return isKnownToPrettier(file) || /\.(?:toml|svelte|astro)$/i.test(file.path);
}

/** oxfmt: the project's own. */
export const oxfmt: Tool = {
  name: 'oxfmt',
  roles: ['format'],
  grain: 'file',
  runsIn: 'main',
  adapterVersion: 1,
  detect: (project) =>
    detectOxc(project, {
      role: 'format',
      commandLine: COMMAND_LINE,
      configNames: [
        ...['.oxfmtrc.json', '.oxfmtrc.jsonc', 'oxfmtrc.json', 'oxfmtrc.jsonc'],
        ...SCRIPTS.map((extension) => `oxfmt.config.${extension}`),
      ],
      companions: ['.editorconfig', '.prettierignore', '.gitignore', 'package.json'],
      isTarget: isFormattable,
    }),
  takes: (use, file) => isFormattable(file) && callFor(use, file.path) !== null,
  async open(use, context) {
    const { openOxfmt } = await import('./oxc/format.js');
    return openOxfmt(use, context);
  },
};
