/** Every tool that quality knows, one line each. Adapters load their engines lazily. */
import { analyze } from './analyze.js';
import { biome } from './biome.js';
import { cleanup } from './cleanup.js';
import { dedupe } from './dedupe.js';
import { eslint } from './eslint.js';
import { jscpd } from './jscpd.js';
import { knip } from './knip.js';
import { oxfmt } from './oxfmt.js';
import { oxlint } from './oxlint.js';
import { presetTools } from './presets.js';
import { prettier } from './prettier.js';
import { syntax } from './syntax.js';
import type { Tool } from './tool.js';
import { tsc } from './typescript.js';

export const TOOLS: readonly Tool[] = [
  eslint,
  prettier,
  biome,
  oxlint,
  oxfmt,
  tsc,
  knip,
  jscpd,
  syntax,
  cleanup,
  dedupe,
  analyze,
  ...presetTools,
];
