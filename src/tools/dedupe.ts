/** Clones, reported; and, when asked, identical top-level declarations merged into one place. */
import { isBuiltin } from 'node:module';
import { isWithin } from '../host/paths.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Edit } from '../model/edit.js';
import type { JobOutcome } from '../model/job.js';
import type { ToolUse } from '../model/tool-use.js';
import { bundledUse } from './bundled-use.js';
import { findDocs } from './dedupe/comments.js';
import { applyMerges } from './dedupe/edits.js';
import { createGraph } from './dedupe/graph.js';
import { type Refusal, planMerges } from './dedupe/merge.js';
import { type Module, readModule } from './dedupe/module.js';
import { specifierFor, stylesOf } from './dedupe/style.js';
import { CLONE_LANGUAGES, findClones } from './jscpd/find-clones.js';
import { findingOfClone } from './jscpd/findings.js';
import { cloneProgramVersion } from './jscpd/program.js';
import { distribute } from './output/distribute.js';
import type { Detection, Engine, EngineContext, ProjectView, SourceText, Tool } from './tool.js';

export const dedupe: Tool = {
  name: 'dedupe',
  roles: ['dedupe'],
  grain: 'project',
  runsIn: 'worker',
  adapterVersion: 1,
  detect: (project) => Promise.resolve(detect(project)),
  takes: (_, file) => CLONE_LANGUAGES.has(file.language),
  open: (use, context) => Promise.resolve(openDedupe(use, context)),
};

interface Options {
  readonly minLines: number;
  readonly minTokens: number;
  readonly apply: boolean;
  readonly packages: readonly PackageNames[];
}

/** A package: its folder, and the names that its modules may import packages by. */
interface PackageNames {
  readonly dir: string;
  readonly dependencies: readonly string[];
}

function detect({ config, files, packages }: ProjectView): Detection {
  if (!files.some((file) => CLONE_LANGUAGES.has(file.language))) return { uses: [], skips: [] };
  const { minLines, minTokens, apply } = config.dedupe;
  const own = new Set(packages.map(({ name }) => name));
  const names = packages.map(({ dir, manifest }) => ({
    dir,
    dependencies: ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies']
      .flatMap((field) => Object.keys(manifest?.[field] ?? {}))
      .filter((name) => !own.has(name)),
  }));
  const options = { minLines, minTokens, apply, packages: names };
  return { uses: [bundledUse('dedupe', { tool: 'dedupe', version: cloneProgramVersion(), options })], skips: [] };
}

function openDedupe(use: ToolUse, context: EngineContext): Engine {
  const options = use.options as unknown as Options;
  return { check: (files) => check(files, options, context) };
}

async function check(files: readonly SourceText[], options: Options, context: EngineContext): Promise<JobOutcome> {
  const { edits, findings } = options.apply ? await mergeAll(files, options) : NO_MERGES;
  const { clones } = await findClones({
    files: files.map((file) => withText(file, edits.get(file.path))),
    minLines: options.minLines,
    minTokens: options.minTokens,
    timeoutMs: context.timeoutMs,
    ...(context.signal === undefined ? {} : { signal: context.signal }),
  });
  const found = [...clones.map((clone) => findingOfClone('dedupe', clone)), ...findings];
  return { ...distribute(files, found), edits: files.flatMap((file) => editOf(file, edits.get(file.path))) };
}

function withText(file: SourceText, text: string | undefined): SourceText {
  return text === undefined ? file : { ...file, text, virtual: true };
}

function editOf({ path, hash, text }: SourceText, after: string | undefined): Edit[] {
  return after === undefined || after === text ? [] : [{ path, before: hash, after: Buffer.from(after, 'utf8') }];
}

interface Merged {
  readonly edits: ReadonlyMap<string, string>;
  readonly findings: readonly Diagnostic[];
}

const NO_MERGES: Merged = { edits: new Map(), findings: [] };

async function mergeAll(files: readonly SourceText[], { packages }: Options): Promise<Merged> {
  const parser = await import('oxc-parser');
  const scripts = files.filter(({ path }) => /\.[cm]?[jt]sx?$/.test(path));
  const modules = new Map<string, Module>();
  for (const file of scripts) {
    const module = readModule(file, parser);
    if (module !== null) modules.set(file.path, module);
  }
  const graph = graphOf(modules, packages);
  const styles = stylesOf(modules.values(), graph);
  const folders = packages.map(({ dir }) => dir).sort((a, b) => b.length - a.length);
  const { merges, refusals } = planMerges({
    modules,
    graph,
    docs: findDocs,
    packageOf: (path) => folders.find((dir) => isWithin(dir, path)) ?? '',
    nameable: ({ from, to }) => {
      const style = styles(from);
      return style !== null && specifierFor(from, to, style.ending) !== null;
    },
  });
  const edits = applyMerges(merges, { graph, docs: findDocs, styles });
  for (const [path, text] of edits) {
    const [error] = parser.parseSync(path, text).errors;
    if (error !== undefined) throw new Error(`Merging would break ${path}: ${error.message}`);
  }
  return { edits, findings: refusals.map(refusalFinding) };
}

/** Only what a package.json declares, or Node has, is surely no way back into the project. */
function graphOf(modules: ReadonlyMap<string, Module>, packages: Options['packages']): ReturnType<typeof createGraph> {
  const declared = new Set(packages.flatMap(({ dependencies }) => dependencies));
  return createGraph({
    modules,
    isPackage: (specifier) => isBuiltin(specifier) || declared.has(packageName(specifier)),
  });
}

function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function refusalFinding({ name, from, to, reason }: Refusal): Diagnostic {
  return {
    tool: 'dedupe',
    rule: 'identical',
    severity: 'info',
    message: `${name} is the same as in ${to.path}; not merged: ${reason}`,
    path: from.path,
    context: name,
    related: [{ path: to.path, message: 'the same declaration' }],
  };
}
