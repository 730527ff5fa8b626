/** From a use to its tool. Those that quality knows are loaded where a plan asks for them: a command of one's own needs none. */
import type { CustomCommand } from '../config/schema.js';
import type { ToolUse } from '../model/tool-use.js';
import { customTool, testTool } from './custom.js';
import type { Tool } from './tool.js';

const loaded = new Map<string, Tool>();

/** To be called before a use of any of them is looked at. */
export async function loadTools(): Promise<readonly Tool[]> {
  const { TOOLS } = await import('./all.js');
  if (loaded.size === 0) for (const tool of TOOLS) loaded.set(tool.name, tool);
  return TOOLS;
}

/** The adapter of a use: a command of the project's own, which its options describe, or a tool that was loaded. */
export function toolOf(use: ToolUse): Tool {
  if (use.roles.includes('command')) return customTool(use.tool, use.options.command as unknown as CustomCommand);
  if (use.roles.includes('check')) return testTool(use.options.run as readonly string[]);
  const known = loaded.get(use.tool);
  if (known === undefined) throw new Error(`No tool is called ${use.tool}`);
  return known;
}
