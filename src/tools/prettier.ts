import type { FileFacts } from '../model/file.js';
import type { ToolUse } from '../model/tool-use.js';
import { coverage, optionsOf } from './prettier/calls.js';
import { detectPrettier } from './prettier/detect.js';
import { isKnownToPrettier } from './prettier/names.js';
import type { Tool } from './tool.js';

/** Prettier: the project's own, 2 or 3, with its plugins; files and results are those of the project's own command line. */
export const prettier: Tool = {
  name: 'prettier',
  roles: ['format'],
  grain: 'file',
  runsIn: 'worker',
  adapterVersion: 1,
  detect: detectPrettier,
  takes: mayFormat,
  async open(use, context) {
    const { openPrettier } = await import('./prettier/engine.js');
    return openPrettier(use, context);
  },
};

function mayFormat(use: ToolUse, file: FileFacts): boolean {
  const { calls, anyText, languages } = optionsOf(use);
  if (languages !== undefined && !languages.includes(file.language ?? '')) return false;
  // Prettier 3 does not follow links.
  if (file.protection?.kind === 'symlink' && !use.version.startsWith('2.')) return false;
  return (anyText || isKnownToPrettier(file)) && calls.some((call) => coverage(call, use.root, file.path) !== null);
}
