/** Which configs are checked, and how: as the project's own calls say, else every tsconfig.json of its packages. */
import { folderOf, isWithin, posix } from '../../host/paths.js';
import { findMembers } from '../../workspace/packages.js';
import { dependencyField } from '../packages.js';
import type { ProjectView, ToolCall } from '../tool.js';
import { type CompilerArguments, readCompilerArguments } from './command-line.js';
import { COMPILER_PACKAGES, type CompilerName } from './engines.js';
import { type TsconfigReader, configAt, withReferences } from './tsconfig.js';

/** One run of a compiler. */
export interface Check {
  readonly compiler: CompilerName;
  /**
   * `project`: one config. `build`: a config and all that it refers to, as `tsc -b` does. `files`: files without a config.
   */
  readonly mode: 'project' | 'build' | 'files';
  /** Workspace path of the config; null in mode `files`. */
  readonly config: string | null;
  /** Of a build: further configs that the same run builds. */
  readonly others?: readonly string[];
  /** Workspace folder where the command runs. */
  readonly dir: string;
  /** Workspace folder that the compiler is looked for from; absent: `dir`. */
  readonly home?: string;
  readonly files: readonly string[];
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** For people: "package.json scripts.typecheck: tsc --noEmit". */
  readonly evidence: string;
}

const COMPILERS = Object.keys(COMPILER_PACKAGES) as CompilerName[];

type ParsedCall = ToolCall & { readonly compiler: CompilerName; readonly parsed: CompilerArguments };

/** What the project's scripts, hooks and lists check. */
export async function calledChecks(project: ProjectView, read: TsconfigReader): Promise<Check[]> {
  const homes = await homeFolders(project);
  const calls = (await Promise.all(COMPILERS.map((compiler) => parsedCalls(compiler, project))))
    .flat()
    .filter((call) => homes.has(packageOf(project, call.dir)));
  const folders = [...new Set(calls.map(({ dir }) => dir))];
  const chosen = folders.flatMap((dir) => chooseCalls(calls.filter((call) => call.dir === dir)));
  const checks = (await Promise.all(chosen.map((call) => checksOfCall(call, project, read)))).flat();
  return withoutCovered(withoutRepetitions(checks), read);
}

async function parsedCalls(compiler: CompilerName, project: ProjectView): Promise<ParsedCall[]> {
  return (await project.callsOf(compiler))
    .map((call) => ({ ...call, compiler, parsed: readCompilerArguments(call.args) }))
    .filter(({ args, parsed }) => !parsed.isOther && !args.some((word) => /[$`]|\{\{/.test(word)));
}

/** Calls that only check are the project's word; where there are none, those that build; watching counts last. */
function chooseCalls(calls: readonly ParsedCall[]): readonly ParsedCall[] {
  const ended = calls.filter(({ parsed }) => !parsed.watches);
  const checking = ended.filter(({ parsed, script }) => parsed.checksOnly || isCheckName(script));
  return [checking, ended, calls].find((some) => some.length > 0) ?? [];
}

function isCheckName(script: string | undefined): boolean {
  return script !== undefined && /type-?s?-?check|check-?types?|(?:^|[:-])(?:tsc|types?)(?:[:-]|$)/i.test(script);
}

async function checksOfCall(call: ParsedCall, project: ProjectView, read: TsconfigReader): Promise<Check[]> {
  const { compiler, dir, parsed } = call;
  const shared = {
    compiler,
    dir,
    ...(call.home === undefined ? {} : { home: call.home }),
    flags: parsed.flags,
    env: call.env ?? {},
    evidence: `${call.from}: ${[compiler, ...call.args].join(' ')}`,
  };
  if (parsed.files.length > 0) return [{ ...shared, mode: 'files', config: null, files: parsed.files }];
  const configs = (parsed.projects.length > 0 ? parsed.projects : ['']).map((written) =>
    written === '' ? nearestConfig(project, dir) : configAt(posix.join(dir, written), project),
  );
  const facts = await Promise.all(configs.filter((config) => config !== null).map((config) => read(config)));
  // A solution checks nothing by itself: who calls `tsc` on one means what it refers to.
  return facts.flatMap((one) =>
    one === null
      ? []
      : [{ ...shared, mode: parsed.build || one.isSolution ? 'build' : 'project', config: one.path, files: [] }],
  );
}

/** tsc looks for a tsconfig.json from the folder it runs in upward. */
function nearestConfig(project: ProjectView, dir: string): string | null {
  for (let folder = dir; ; folder = folderOf(folder)) {
    const path = posix.join(folder, 'tsconfig.json');
    if (project.hasFile(path)) return path;
    if (folder === '') return null;
  }
}

/** Without calls: the tsconfig.json of the root and of each package, and a jsconfig.json that asks for checking. */
export async function foundChecks(project: ProjectView, read: TsconfigReader): Promise<Check[]> {
  const homes = [...(await homeFolders(project))].sort();
  const checks = await Promise.all(homes.map((dir) => checkInFolder(dir, project, read)));
  return withoutCovered(checks.flat(), read);
}

async function checkInFolder(dir: string, project: ProjectView, read: TsconfigReader): Promise<Check[]> {
  const config = await configInFolder(dir, project, read);
  if (config === null) return [];
  const facts = await read(config);
  const compiler = declaredIn(project, 'vue-tsc', dir) !== null ? 'vue-tsc' : 'tsc';
  const mode = (facts?.references.length ?? 0) > 0 ? 'build' : 'project';
  return [{ compiler, mode, config, dir, files: [], flags: [], env: {}, evidence: config }];
}

async function configInFolder(dir: string, project: ProjectView, read: TsconfigReader): Promise<string | null> {
  const tsconfig = posix.join(dir, 'tsconfig.json');
  if (project.hasFile(tsconfig)) return tsconfig;
  const jsconfig = posix.join(dir, 'jsconfig.json');
  return (await read(jsconfig))?.checkJs === true ? jsconfig : null;
}

/** "package.json devDependencies.typescript", of this folder's package or of one above; null when none declares it. */
export function declaredIn(project: ProjectView, name: string, dir: string): string | null {
  const above = project.packages.filter((one) => isWithin(one.dir, dir)).sort((a, b) => b.dir.length - a.dir.length);
  for (const { dir: folder, manifest } of above) {
    const field = dependencyField(manifest, name);
    if (field !== null) return `${posix.join(folder, 'package.json')} ${field}.${name}`;
  }
  return null;
}

/** The root and the members of its workspace: other packages below are samples, or live by themselves when installed. */
async function homeFolders(project: ProjectView): Promise<ReadonlySet<string>> {
  const texts = new Map<string, string | undefined>();
  for (const path of ['pnpm-workspace.yaml', 'lerna.json']) {
    texts.set(path, (await project.readText(path)) ?? undefined);
  }
  const members = new Set(['', ...findMembers(project.packages, (path) => texts.get(path))]);
  for (const { dir } of project.packages) {
    const isTop = !project.packages.some((other) => other.dir !== dir && isWithin(other.dir, dir));
    if (isTop || (await isInstalledAlone(project, dir))) members.add(dir);
  }
  return members;
}

async function isInstalledAlone(project: ProjectView, dir: string): Promise<boolean> {
  const typescript = dir === '' ? null : await project.resolvePackage('typescript', dir);
  return typescript !== null && isWithin(posix.join(project.root, dir), typescript.dir);
}

function packageOf(project: ProjectView, dir: string): string {
  const above = project.packages.map((one) => one.dir).filter((folder) => isWithin(folder, dir));
  return above.sort((a, b) => b.length - a.length)[0] ?? '';
}

function withoutRepetitions(checks: readonly Check[]): Check[] {
  const key = ({ compiler, mode, config, dir, files, flags }: Check): string =>
    JSON.stringify([compiler, mode, config, files, flags, config === null ? dir : '']);
  const first = new Map<string, Check>();
  for (const check of checks) if (!first.has(key(check))) first.set(key(check), check);
  return [...first.values()];
}

/** What a build reaches by references is checked by it: no second time by itself. */
async function withoutCovered(checks: readonly Check[], read: TsconfigReader): Promise<Check[]> {
  const covered = new Set<string>();
  for (const { mode, config } of checks) {
    if (mode === 'build' && config !== null)
      for (const path of (await withReferences(config, read)).slice(0, -1)) covered.add(path);
  }
  const builds = new Set(checks.flatMap(({ mode, config }) => (mode === 'build' && config !== null ? [config] : [])));
  return checks.filter(
    ({ mode, config, flags }) =>
      config === null || !(covered.has(config) || (mode === 'project' && builds.has(config))) || flags.length > 0,
  );
}
