/** Type errors, as the project's own compiler reports them: tsc of TypeScript 4 to 7, vue-tsc, tsgo. */
import { absolutePath, folderOf } from '../host/paths.js';
import { readTextIfThere } from '../host/disk.js';
import type { Language } from '../model/language.js';
import type { ToolSkip, ToolUse } from '../model/tool-use.js';
import { compareText } from '../model/diagnostic.js';
import { distribute } from './output/distribute.js';
import { addCommand, installCommand, lockFiles } from './packages.js';
import type { Detection, Engine, EngineContext, InstalledPackage, ProjectView, SourceText, Tool } from './tool.js';
import { type Check, calledChecks, declaredIn, foundChecks } from './typescript/checks.js';
import { COMPILER_PACKAGES, nativeModuleOf, scriptOf } from './typescript/engines.js';
import { mergeBuilds } from './typescript/merge.js';
import { namesBeyond } from './typescript/beyond.js';
import { type CompilerRun, runCompiler, stateOf } from './typescript/run.js';
import { type TsconfigReader, configFilesOf, tsconfigReader, withReferences } from './typescript/tsconfig.js';

const LANGUAGES: ReadonlySet<Language | null> = new Set<Language>([
  'javascript',
  'typescript',
  'json',
  'jsonc',
  'vue',
  'svelte',
  'astro',
]);

export const tsc: Tool = {
  name: 'tsc',
  roles: ['types'],
  grain: 'project',
  // What others have built is no file of the workspace.
  reach: ({ options }) => (options.readsBuilds === true ? 'world' : 'workspace'),
  runsIn: 'main',
  readsDisk: true,
  adapterVersion: 1,
  detect,
  takes: (_, file) => LANGUAGES.has(file.language),
  open: (use, context) => Promise.resolve(openCompiler(use, context)),
};

async function detect(project: ProjectView): Promise<Detection> {
  const read = tsconfigReader(project);
  const called = await calledChecks(project, read);
  const other = called.length > 0 ? null : await otherChecker(project);
  if (other !== null) return { uses: [], skips: [other] };
  const checks = called.length > 0 ? called : await foundChecks(project, read);
  const uses: ToolUse[] = [];
  const skips = new Map<string, ToolSkip>();
  for (const check of checks) {
    const found = await useOf(check, project, read);
    if ('reason' in found) skips.set(found.reason, skips.get(found.reason) ?? found);
    else uses.push(found);
  }
  return { uses: withIds(mergeBuilds(uses)), skips: [...skips.values()] };
}

/** They check more than TypeScript's own files; tsc alone would say other things than they do. */
const OTHER_CHECKERS: Readonly<Record<string, string | undefined>> = {
  'svelte-check': undefined,
  glint: undefined,
  astro: 'check',
  nuxi: 'typecheck',
  nuxt: 'typecheck',
};

async function otherChecker(project: ProjectView): Promise<ToolSkip | null> {
  for (const [name, subcommand] of Object.entries(OTHER_CHECKERS)) {
    const calls = await project.callsOf(name);
    const call = calls.find(({ args }) => subcommand === undefined || args[0] === subcommand);
    if (call === undefined) continue;
    const npm = call.dir === '' ? ['npm'] : ['npm', '--prefix', call.dir];
    const run = call.script === undefined ? ['npx', name, ...call.args] : [...npm, 'run', call.script];
    return {
      tool: 'tsc',
      root: call.dir,
      reason: `${call.from}: types are checked by ${name}, and tsc alone would say something else`,
      hint: `add ${JSON.stringify(run)} to verify.tests`,
      instead: run,
      wanted: false,
    };
  }
  return null;
}

async function useOf(check: Check, project: ProjectView, read: TsconfigReader): Promise<ToolUse | ToolSkip> {
  const name = COMPILER_PACKAGES[check.compiler];
  const declared = declaredIn(project, name, check.dir);
  const isCalled = check.evidence !== check.config;
  const installed = await project.resolvePackage(name, check.home ?? check.dir);
  if (declared === null && !(isCalled && installed !== null)) return notDeclared(check, name, project);
  const typescript = check.compiler === 'vue-tsc' ? await project.resolvePackage('typescript', check.dir) : installed;
  if (installed === null || typescript === null)
    return notInstalled(check, installed === null ? name : 'typescript', project);
  return installedUse(check, { installed, typescript, declared }, { project, read });
}

interface Compiler {
  readonly installed: InstalledPackage;
  readonly typescript: InstalledPackage;
  readonly declared: string | null;
}

async function installedUse(
  check: Check,
  { installed, typescript, declared }: Compiler,
  { project, read }: { readonly project: ProjectView; readonly read: TsconfigReader },
): Promise<ToolUse> {
  const { config } = check;
  const references = check.mode === 'build' && config !== null ? (await withReferences(config, read)).slice(0, -1) : [];
  const root = config === null ? check.dir : folderOf(config);
  const configs = config === null ? [] : await configFilesOf([config], read);
  const manifests = project.packages.map(({ dir }) => (dir === '' ? 'package.json' : `${dir}/package.json`));
  const { evidence, ...plain } = check;
  return {
    id: `tsc@${root}`,
    tool: 'tsc',
    roles: ['types'],
    version: installed.version,
    origin: 'project',
    root,
    entry: scriptOf(check.compiler, installed),
    evidence: declared === null ? evidence : `${evidence}${evidence === config ? ` and ${declared}` : ''}`,
    scope: null,
    configFiles: [...new Set([...configs, ...manifests, ...lockFiles(project)])].sort(compareText),
    options: {
      ...plain,
      tsconfig: config ?? check.dir,
      typescript: typescript.version,
      references,
      readsBuilds: check.mode === 'project' && config !== null && ((await read(config))?.references.length ?? 0) > 0,
      isNative: nativeModuleOf(installed) !== null,
    },
  };
}

function withIds(uses: readonly ToolUse[]): ToolUse[] {
  return uses.reduce<ToolUse[]>((named, use) => [...named, { ...use, id: uniqueId(use, named) }], []);
}

/** `tsc@packages/a`, and `tsc@packages/a/tsconfig.test.json` where another of the folder has that name. */
function uniqueId({ id, options }: ToolUse, uses: readonly ToolUse[]): string {
  const isTaken = (each: string): boolean => uses.some((use) => use.id === each);
  if (!isTaken(id)) return id;
  const named = `tsc@${options.tsconfig as string}`;
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? named : `${named}#${count}`;
    if (!isTaken(candidate)) return candidate;
  }
}

function notDeclared(check: Check, name: string, project: ProjectView): ToolSkip {
  const reason = `${check.evidence}, but no package.json declares ${name}: the config may be there for editors only`;
  return { tool: 'tsc', root: check.dir, reason, hint: addCommand(project, name), wanted: false };
}

function notInstalled(check: Check, name: string, project: ProjectView): ToolSkip {
  const reason = `${name} is declared but not installed`;
  return { tool: 'tsc', root: check.dir, reason, hint: installCommand(project), wanted: true };
}

function openCompiler(use: ToolUse, context: EngineContext): Engine {
  const check = { ...(use.options as unknown as Check), evidence: use.evidence };
  const { typescript, references, isNative } = use.options as {
    typescript: string;
    references: string[];
    isNative: boolean;
  };
  return {
    check: async (files) => {
      refuseVirtual(files);
      const run: CompilerRun = {
        ...check,
        script: use.entry,
        typescript,
        references,
        native: isNative ? await nativeModule(use.entry) : null,
        sources: files.map(({ path }) => path).sort(compareText),
        textOf: (path) => readTextIfThere(absolutePath(context.root, path)),
      };
      const found = await runCompiler(run, context);
      const answered = { root: context.root, state: stateOf(run, context), sources: run.sources, found };
      return { ...distribute(files, found), dependsOn: { reach: 'workspace', named: await namesBeyond(answered) } };
    },
  };
}

/** A compiler reads the disk: what does not stand there would be judged by other content, silently. */
function refuseVirtual(files: readonly SourceText[]): void {
  const virtual = files.find((file) => file.virtual);
  if (virtual !== undefined) throw new Error(`tsc reads the disk, and ${virtual.path} is not what stands there`);
}

/** From the absolute path of its `bin/tsc`. */
async function nativeModule(script: string): Promise<string | null> {
  const dir = script.replace(/[/\\]bin[/\\][^/\\]+$/, '');
  const manifest = JSON.parse((await readTextIfThere(`${dir}/package.json`)) ?? '{}') as Record<string, unknown>;
  return nativeModuleOf({ dir, version: '', manifest });
}
