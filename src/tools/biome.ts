import { callFor, optionsOf } from './biome/calls.js';
import { detectBiome, isKnownToBiome } from './biome/detect.js';
import type { Tool } from './tool.js';

/** Biome: the project's own, 1.8 to 2.x. What is linted and formatted, and by which command, is what its scripts say. */
export const biome: Tool = {
  name: 'biome',
  roles: ['format', 'lint'],
  grain: 'file',
  runsIn: 'main',
  reach: () => 'workspace',
  adapterVersion: 2,
  detect: detectBiome,
  takes(use, file) {
    const { lint, format } = optionsOf(use);
    return isKnownToBiome(file) && callFor([...lint, ...format], use.root, file.path) !== null;
  },
  async open(use, context) {
    const { openBiome } = await import('./biome/engine.js');
    return openBiome(use, context);
  },
};
