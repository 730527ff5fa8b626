/** Every tool, one line each. Adapters load their engines lazily, so that listing them here costs next to nothing. */
import type { CustomCommand } from '../config/schema.js';
import type { ToolUse } from '../model/tool-use.js';
import { analyze } from './analyze.js';
import { biome } from './biome.js';
import { cleanup } from './cleanup.js';
import { customTool, testTool } from './custom.js';
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

const byName = new Map(TOOLS.map((tool) => [tool.name, tool]));

/** The adapter of a use: a built-in tool, or a command of the project's own, which its options describe. */
export function toolOf(use: ToolUse): Tool {
  const known = byName.get(use.tool);
  if (known !== undefined) return known;
  if (use.roles.includes('command')) return customTool(use.tool, use.options.command as unknown as CustomCommand);
  if (use.roles.includes('check')) return testTool(use.options.run as readonly string[]);
  throw new Error(`No tool is called ${use.tool}`);
}
