/** Runs an adapter as a run of quality would: a real workspace, its own detection, texts from disk. */
import { join } from 'node:path';
import { type Config, defaultConfig } from '../src/config/schema.js';
import { readSources } from '../src/jobs/source.js';
import type { Diagnostic } from '../src/model/diagnostic.js';
import type { JobOutcome } from '../src/model/job.js';
import type { ToolUse } from '../src/model/tool-use.js';
import { createProjectView } from '../src/tools/project-view.js';
import type { Detection, EngineContext, SourceText, Tool } from '../src/tools/tool.js';
import { openWorkspace } from '../src/workspace/workspace.js';
import { temporaryFolder } from './rig.js';

export const OWN_MODULES = join(import.meta.dirname, '../node_modules');

export interface Opened {
  readonly detection: Detection;
  readonly context: EngineContext;
  readonly sourcesOf: (use: ToolUse) => Promise<readonly SourceText[]>;
}

export async function openWith(tool: Tool, root: string, config: Partial<Config> = {}): Promise<Opened> {
  const full = { ...defaultConfig(), ...config };
  const stateFolder = temporaryFolder();
  const workspace = await openWorkspace({ root, config: full, stateFolder: temporaryFolder() });
  if (!workspace.ok) throw new Error(JSON.stringify(workspace.failure));
  const { files, packages } = workspace.value;
  return {
    detection: await tool.detect(createProjectView({ root, config: full, files, packages })),
    context: { root, stateFolder, timeoutMs: 120_000 },
    sourcesOf: async (use) => {
      const taken = files.filter((file) => tool.takes(use, file));
      return (await readSources(root, taken, tool.readsDisk === true)).sources;
    },
  };
}

export async function runUse(tool: Tool, use: ToolUse, { context, sourcesOf }: Opened): Promise<JobOutcome> {
  const engine = await tool.open(use, context);
  const outcome = await engine.check?.(await sourcesOf(use));
  if (outcome === undefined) throw new Error(`${tool.name} has no check`);
  return outcome;
}

export function findingsIn({ files, diagnostics }: JobOutcome): readonly Diagnostic[] {
  return [...files.flatMap((file) => file.diagnostics), ...diagnostics];
}

/** Everything that the tool finds in the project, with state kept from one call to the next where `opened` is the same. */
export async function findAll(tool: Tool, opened: Opened): Promise<readonly Diagnostic[]> {
  const outcomes: JobOutcome[] = [];
  for (const use of opened.detection.uses) outcomes.push(await runUse(tool, use, opened));
  return outcomes.flatMap(findingsIn);
}
