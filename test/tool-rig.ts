/** Runs one adapter on a repository as the executor would: detect, take, open, check or transform. */
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ConfigInput } from '../src/config/schema.js';
import { configSchema } from '../src/config/schema.js';
import { hashBytes } from '../src/host/hash.js';
import { compareDiagnostics, type Diagnostic } from '../src/model/diagnostic.js';
import type { FileOutcome } from '../src/model/job.js';
import type { ToolUse } from '../src/model/tool-use.js';
import { createProjectView } from '../src/tools/project-view.js';
import type { Detection, Engine, ProjectView, SourceText, Tool, Transformed } from '../src/tools/tool.js';
import { openWorkspace } from '../src/workspace/workspace.js';

const OWN_MODULES = join(dirname(dirname(fileURLToPath(import.meta.url))), 'node_modules');

/** Folder of an installed package: of this project, or of a node_modules folder that QUALITY_TEST_MODULES names. */
export function installed(name: string, major = ''): string | null {
  const folders = [
    OWN_MODULES,
    ...(process.env.QUALITY_TEST_MODULES ?? '').split(delimiter).filter((one) => one !== ''),
  ];
  const found = folders.map((folder) => join(folder, ...name.split('/'))).filter((folder) => existsSync(folder));
  return found.find((folder) => versionOf(folder).startsWith(major)) ?? null;
}

export function versionOf(folder: string): string {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}

/** The real package under the node_modules of a repository, which ignores it. */
export function link(root: string, name: string, folder: string): void {
  const place = join(root, 'node_modules', ...name.split('/'));
  mkdirSync(dirname(place), { recursive: true });
  symlinkSync(folder, place);
}

export async function viewOf(root: string, config: ConfigInput = {}): Promise<ProjectView> {
  const whole = configSchema.parse(config);
  const workspace = await openWorkspace({ root, config: whole });
  if (!workspace.ok) throw new Error(workspace.failure.message);
  const { files, packages } = workspace.value;
  return createProjectView({ root, config: whole, files, packages });
}

export async function detectIn(tool: Tool, root: string, config: ConfigInput = {}): Promise<Detection> {
  return tool.detect(await viewOf(root, config));
}

export function source(root: string, path: string, text?: string): SourceText {
  const content = text ?? readFileSync(join(root, path), 'utf8');
  const hash = hashBytes(Buffer.from(content));
  return { path, absolutePath: join(root, path), hash, text: content, virtual: text !== undefined };
}

export interface Trial {
  readonly use: ToolUse;
  readonly engine: Engine;
  readonly files: readonly SourceText[];
}

/** The only use, opened, with the files that it takes. */
export async function open(tool: Tool, root: string, config: ConfigInput = {}): Promise<Trial> {
  const view = await viewOf(root, config);
  const { uses, skips } = await tool.detect(view);
  const [use] = uses;
  if (use === undefined || uses.length > 1) throw new Error(`not one use: ${JSON.stringify({ uses, skips })}`);
  process.chdir(join(root, use.root));
  const engine = await tool.open(use, { root, stateFolder: join(root, '.quality/cache'), timeoutMs: 60_000 });
  const taken = view.files.filter((file) => tool.takes(use, file));
  return { use, engine, files: taken.map(({ path }) => source(root, path)) };
}

export async function findings(trial: Trial, files = trial.files): Promise<readonly Diagnostic[]> {
  const outcome = await trial.engine.check!(files);
  return [...outcome.files.flatMap(({ diagnostics }) => diagnostics), ...outcome.diagnostics].sort(compareDiagnostics);
}

export async function outcomes(trial: Trial, files = trial.files): Promise<ReadonlyMap<string, FileOutcome>> {
  const { files: results } = await trial.engine.check!(files);
  return new Map(results.map((result) => [result.path, result]));
}

export async function transformed(trial: Trial, files = trial.files): Promise<ReadonlyMap<string, Transformed>> {
  const results = await trial.engine.transform!(files);
  return new Map(results.map((result, at) => [files[at]!.path, result]));
}
