/** One adapter for every tool that has a command line: what is particular to a tool is data in presets/. */
import { isWithin, relativeTo } from '../host/paths.js';
import { PRESETS } from './presets/all.js';
import { isInScope } from './presets/calls.js';
import { couldTake, detectPreset } from './presets/detect.js';
import { formatFiles } from './presets/format.js';
import { lintFiles } from './presets/lint.js';
import { type HookScope, isInHookScope } from './presets/pre-commit.js';
import type { Preset } from './presets/preset.js';
import type { Setting } from './presets/run.js';
import type { Tool } from './tool.js';

export type { Preset } from './presets/preset.js';

export function presetTool(preset: Preset, presets: readonly Preset[] = PRESETS): Tool {
  const { lint, format } = preset;
  return {
    name: preset.name,
    roles: [preset.role],
    grain: preset.grain,
    runsIn: 'main',
    ...(preset.grain === 'project' || preset.looksAround === true ? { reach: () => 'workspace' as const } : {}),
    adapterVersion: 1,
    detect: (project) => detectPreset(preset, project, presets),
    takes: (use, file) =>
      couldTake(preset, file) &&
      isWithin(use.root, file.path) &&
      isInScope(use.scope, relativeTo(use.root, file.path)) &&
      isInHookScope(use.options.hooks as HookScope | undefined, file.path),
    open: (use, context) => {
      const setting: Setting = { preset, use, context, says: preset.says ?? preset.name };
      return Promise.resolve({
        ...(lint === undefined ? {} : { check: (files) => lintFiles(files, lint, setting) }),
        ...(format === undefined ? {} : { transform: (files) => formatFiles(files, format, setting) }),
      });
    },
  };
}

export const presetTools: readonly Tool[] = PRESETS.map((preset) => presetTool(preset));
