import { posix } from '../host/paths.js';
import type { FileFacts } from '../model/file.js';
import type { ToolUse } from '../model/tool-use.js';
import { coverage, optionsOf } from './prettier/calls.js';
import { detectPrettier } from './prettier/detect.js';
import { ignoreNames, isIgnored } from './prettier/ignored.js';
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
  takes: (use, file) => verdict(use, file) === 'takes',
  ignores: (use, file) => verdict(use, file) === 'ignores',
  async open(use, context) {
    const { openPrettier } = await import('./prettier/engine.js');
    return openPrettier(use, context);
  },
};

function verdict(use: ToolUse, file: FileFacts): 'takes' | 'ignores' | null {
  const { calls, ignores, anyText, languages } = optionsOf(use);
  if (languages !== undefined && !languages.includes(file.language ?? '')) return null;
  // Prettier 3 does not follow links.
  if (file.protection?.kind === 'symlink' && !use.version.startsWith('2.')) return null;
  if (!anyText && !isKnownToPrettier(file)) return null;
  const covering = calls.filter((call) => coverage(call, use.root, file.path) !== null);
  if (covering.length === 0) return null;
  const takes = covering.some((call) => {
    const paths = ignoreNames(call, use.version).map((name) => posix.join(use.root, name));
    return !isIgnored(file.path, paths, ignores);
  });
  return takes ? 'takes' : 'ignores';
}
