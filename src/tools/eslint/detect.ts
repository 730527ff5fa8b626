/** Whether, where and how the project uses ESLint. */
import { createRequire } from 'node:module';
import { dirname, folderOf, isWithin, posix } from '../../host/paths.js';
import type { PackageFacts } from '../../model/file.js';
import type { ToolSkip, ToolUse } from '../../model/tool-use.js';
import { isBeside, memberFolders } from '../members.js';
import { addCommand, dependencyField, installCommand } from '../packages.js';
import type { Detection, InstalledPackage, ProjectView, ToolCall } from '../tool.js';
import { type NamingCalls, unmatchedIn } from '../unmatched.js';
import { chooseCalls, withDottedApart, type ChosenCall } from './choose.js';
import { configFilesOf, findConfigs, nearestConfig, type ConfigPlaces } from './config-files.js';
import { hasLegacyConfig, modeOf } from './mode.js';
import { asOptions, EVERYTHING, type Mode } from './scope.js';

const NAME = 'eslint';

export async function detectEslint(project: ProjectView): Promise<Detection> {
  const world: World = { project, configs: findConfigs(project), calls: await project.callsOf(NAME) };
  const dirs = await foldersOfUse(world);
  if (dirs.length === 0) return { uses: [], skips: await whyNot(world) };
  const found = await Promise.all(dirs.map((dir) => useIn(world, dir)));
  const skips = found.filter((one): one is ToolSkip => !('id' in one));
  const uses = found.filter((one): one is ToolUse => 'id' in one);
  return {
    uses,
    skips: skips.filter((skip, at) => skips.findIndex(({ reason }) => reason === skip.reason) === at),
    ...(await unmatchedIn(
      uses.map(({ root }) => namingCalls(world, root)),
      project,
    )),
  };
}

function namingCalls({ calls, project }: World, dir: string): NamingCalls {
  const named = chooseCalls(calls, dir, project).filter(({ glob }) => glob === undefined);
  return { tool: NAME, dir, calls: named.map(({ from, line, patterns }) => ({ from, line, names: patterns })) };
}

interface World {
  readonly project: ProjectView;
  readonly configs: ConfigPlaces;
  readonly calls: readonly ToolCall[];
}

/** Projects that test tools keep sample packages; those are not linted as packages of their own. */
const SAMPLES = /(?:^|\/)(?:_*fixtures?_*|_*tests?_*|testdata|test-data|templates?|node_modules|spec)(?:\/|$)/;

/**
 * The root, where it has a config or a call; packages with a call of their own; and, where the root has no config,
 * packages with one. A root that leaves linting to its packages' scripts is not linted as a whole.
 */
async function foldersOfUse({ project, configs, calls }: World): Promise<string[]> {
  const all = [...configs.flat, ...configs.legacy];
  const isConfigured = (dir: string): boolean => all.some((path) => folderOf(path) === dir);
  const isCalled = (dir: string): boolean => chooseCalls(calls, dir, project).length > 0;
  const packages = project.packages.map(({ dir }) => dir).filter((dir) => dir !== '' && !SAMPLES.test(dir));
  const members = await memberFolders(project);
  const ofRoot = isCalled('') || isConfigured('');
  const beside = await Promise.all(packages.map(async (dir) => ofRoot && (await isBeside(project, dir, NAME))));
  const called = packages.filter((dir, at) => isCalled(dir) && beside[at] !== true);
  const isDelegated = !isCalled('') && called.some((dir) => members.has(dir));
  const root = isCalled('') || (isConfigured('') && !isDelegated) ? [''] : [];
  const configured = isConfigured('') ? [] : packages.filter(isConfigured);
  const nx = isCalled('') ? [] : configs.flat.map(folderOf).filter((dir) => dir !== '' && isNxProject(dir, project));
  return [...root, ...new Set([...called, ...configured, ...nx])];
}

/** Nx lints each of its projects by the configuration there; they need no package.json. */
function isNxProject(dir: string, project: ProjectView): boolean {
  return project.hasFile(posix.join(dir, 'project.json'));
}

async function useIn(world: World, dir: string): Promise<ToolUse | ToolSkip> {
  const { project, configs } = world;
  const installed = await project.resolvePackage(NAME, dir);
  const declared = declaredIn(project.packages, dir);
  if (installed === null && declared !== null) {
    const reason = `${declared} asks for ESLint, but it is not installed`;
    return { tool: NAME, root: dir, reason, hint: installCommand(project), wanted: true };
  }
  const calls = chooseCalls(world.calls, dir, project);
  const eslint = installed ?? bundledEslint();
  const mode = modeOf(configs, dir, { version: eslint.version, calls });
  const isLegacyOnly = nearestConfig(configs.flat, dir) === undefined && hasLegacyConfig(configs, dir);
  if (installed === null && isLegacyOnly) {
    const reason = `the .eslintrc configuration needs ESLint 8 or older, which is not installed`;
    return { tool: NAME, root: dir, reason, hint: addCommand(project, 'eslint@8'), wanted: true };
  }
  const config = nearestConfig(mode === 'flat' ? configs.flat : configs.legacy, dir);
  return describeUse(project, dir, { calls, mode, config, eslint, isBundled: installed === null });
}

interface Found {
  readonly calls: readonly ChosenCall[];
  readonly mode: Mode;
  readonly config: string | undefined;
  readonly eslint: InstalledPackage;
  readonly isBundled: boolean;
}

async function describeUse(project: ProjectView, dir: string, found: Found): Promise<ToolUse> {
  const { calls, mode, eslint } = found;
  const maxWarnings = calls.flatMap((call) => call.arguments.values.get('max-warnings') ?? []).map(Number);
  const named = calls.flatMap(({ arguments: { values } }) =>
    ['config', 'ignore-path', 'suppressions-location'].flatMap((flag) => values.get(flag) ?? []),
  );
  const separate = mode === 'flat' ? calls : calls.flatMap(withDottedApart);
  const plain = separate.map(({ flags, patterns, glob, env }) => ({
    flags,
    patterns,
    ...(glob === undefined ? {} : { glob }),
    ...(env === undefined ? {} : { env }),
  }));
  return {
    id: `${NAME}@${dir}`,
    tool: NAME,
    roles: ['lint', 'format'],
    version: eslint.version,
    origin: found.isBundled ? 'bundled' : 'project',
    root: dir,
    entry: eslint.dir,
    evidence: evidenceOf(found),
    scope: scopeOf(calls),
    configFiles: await configFilesOf(project, dir, named),
    options: asOptions({
      mode,
      ...(found.config === undefined ? {} : { config: found.config }),
      calls: plain.length === 0 ? [{ flags: [], patterns: [EVERYTHING] }] : plain,
      ...(maxWarnings.length === 0 ? {} : { maxWarnings: Math.min(...maxWarnings) }),
    }),
  };
}

function evidenceOf({ config, calls }: Found): string {
  const lines = calls.map(({ from, line }) => `${from}: ${line}`);
  const unknown = [...new Set(calls.flatMap((call) => call.arguments.unknown))];
  const note = unknown.length === 0 ? [] : [`flags that ESLint may not know: ${unknown.join(' ')}`];
  return [...(config === undefined ? [] : [config]), ...lines, ...note].join('; ');
}

function scopeOf(calls: readonly ChosenCall[]): ToolUse['scope'] {
  if (calls.length === 0) return null;
  const include = calls.flatMap(({ glob, patterns }) =>
    glob === undefined ? patterns.map(({ path }) => path) : [glob],
  );
  return {
    from: [...new Set(calls.map(({ from }) => from))].join(', '),
    include: include.includes('') ? [] : [...new Set(include)],
    exclude: calls.flatMap((call) => call.arguments.values.get('ignore-pattern') ?? []),
  };
}

function declaredIn(packages: readonly PackageFacts[], dir: string): string | null {
  const above = packages.filter((facts) => isWithin(facts.dir, dir)).sort((a, b) => b.dir.length - a.dir.length);
  for (const { dir: folder, manifest } of above) {
    const field = dependencyField(manifest, NAME);
    if (field !== null) return `${posix.join(folder, 'package.json')} ${field}`;
  }
  return null;
}

/** The ESLint that comes with this package. */
function bundledEslint(): InstalledPackage {
  const require = createRequire(import.meta.url);
  const manifestPath = require.resolve('eslint/package.json');
  const manifest = require('eslint/package.json') as { readonly version: string };
  return { dir: dirname(manifestPath), version: manifest.version, manifest: { ...manifest } };
}

/** Tools that wrap ESLint with a configuration of their own. */
const WRAPPERS = ['standard', 'semistandard', 'ts-standard', 'standardx', 'xo'];

async function whyNot({ project }: World): Promise<ToolSkip[]> {
  const root = project.packages.find(({ dir }) => dir === '');
  const called = await Promise.all(WRAPPERS.map(async (name) => (await project.callsOf(name)).length > 0));
  const wrapper = WRAPPERS.find((name, at) => called[at] === true || dependencyField(root?.manifest, name) !== null);
  const skip = { tool: NAME, root: '', wanted: false };
  if (wrapper !== undefined) {
    const reason = `the project uses ${wrapper}, which brings its own ESLint and configuration`;
    return [{ ...skip, reason, hint: `add a command that runs ["npx", "${wrapper}"] to \`commands\`` }];
  }
  const isScript = project.files.some(({ language }) => language === 'javascript' || language === 'typescript');
  if (!isScript) return [];
  const reason = 'no ESLint configuration and no script that calls it';
  return [{ ...skip, reason, hint: 'npm init @eslint/config' }];
}
