/** Whether, where and how the project uses Prettier. */
import { ownRequire } from '../../host/own-package.js';
import { dirname, posix } from '../../host/paths.js';
import type { ToolSkip, ToolUse } from '../../model/tool-use.js';
import { scopeOfCalls } from '../called-files.js';
import { dependencyField, installCommand } from '../packages.js';
import type { Detection, InstalledPackage, ProjectView } from '../tool.js';
import { type NamingCalls, unmatchedIn } from '../unmatched.js';
import { asOptions, chooseCalls, WHOLE_FOLDER, type ChosenCall, type PrettierCall } from './calls.js';
import { configurationOf, findConfigs, nearestConfig } from './config-files.js';
import { ignoreNames, readIgnoreFiles } from './ignored.js';
import { declaredAbove, foldersOfPrettier, isDependency, NAME, packageAt, type World } from './places.js';

export async function detectPrettier(project: ProjectView): Promise<Detection> {
  const [configs, calls] = await Promise.all([findConfigs(project), project.callsOf(NAME)]);
  const world: World = { project, configs, calls, languages: configuredLanguages(project) };
  const dirs = await foldersOfPrettier(world);
  const within = runsInEslint(world, dirs);
  if (within !== null) return { uses: [], skips: [within] };
  const found = await Promise.all(dirs.map((dir) => useIn(world, dir)));
  const skips = found.filter((one): one is ToolSkip => !('id' in one));
  const uses = found.filter((one): one is ToolUse => 'id' in one);
  return {
    uses,
    skips: found.length === 0 ? whyNot(project) : skips,
    ...(await unmatchedIn(
      uses.map(({ root }) => namingCalls(world, root)),
      project,
    )),
  };
}

function namingCalls({ calls, project }: World, dir: string): NamingCalls {
  const named = chooseCalls(calls, dir, project).filter(({ files }) => files.glob === undefined);
  return { tool: NAME, dir, calls: named.map(({ from, line, files }) => ({ from, line, names: files.include })) };
}

function configuredLanguages({ config }: ProjectView): string[] {
  return Object.entries(config.formatters)
    .filter(([, chain]) => chain.flat().includes(NAME))
    .map(([language]) => language);
}

function whyNot(project: ProjectView): ToolSkip[] {
  const reason = 'no Prettier configuration, dependency or script: the project did not ask for it';
  const hint = 'add a .prettierrc (`{}` will do), or name prettier under "formatters" in .quality-config.json';
  return project.files.length === 0 ? [] : [{ tool: NAME, root: '', reason, hint, wanted: false }];
}

/** A project that formats by ESLint's rule alone gives Prettier only the files that it lints. */
function runsInEslint({ project, calls, languages }: World, dirs: readonly string[]): ToolSkip | null {
  const root = packageAt(project, '');
  const isRule = dependencyField(root?.manifest, 'eslint-plugin-prettier') !== null;
  const called = dirs.some((dir) => chooseCalls(calls, dir, project).length > 0);
  if (!isRule || called || languages.length > 0) return null;
  return {
    tool: NAME,
    root: '',
    reason: 'Prettier runs inside ESLint here (eslint-plugin-prettier), and no script calls it by itself',
    hint: 'to format all files, add a script with `prettier --check .`, or name prettier under "formatters"',
    wanted: false,
  };
}

/** The Prettier that comes with this package. */
function bundledPrettier(): InstalledPackage {
  const require = ownRequire();
  const path = require.resolve('prettier/package.json');
  const manifest = require('prettier/package.json') as { readonly version: string };
  return { dir: dirname(path), version: manifest.version, manifest: { ...manifest } };
}

async function useIn(world: World, dir: string): Promise<ToolUse | ToolSkip> {
  const installed = await world.project.resolvePackage(NAME, dir);
  const declared = declaredAbove(world.project, dir);
  const prettier = installed ?? bundledPrettier();
  if (installed === null && declared !== null && !(await satisfies(prettier.version, declared.range))) {
    const reason = `${declared.from} asks for Prettier ${declared.range}, which is not installed`;
    return { tool: NAME, root: dir, reason, hint: installCommand(world.project), wanted: true };
  }
  return describeUse(world, dir, { prettier, isBundled: installed === null });
}

async function satisfies(version: string, range: string): Promise<boolean> {
  const { default: semver } = await import('semver');
  return semver.satisfies(version, range);
}

interface Found {
  readonly prettier: InstalledPackage;
  readonly isBundled: boolean;
}

async function describeUse(world: World, dir: string, { prettier, isBundled }: Found): Promise<ToolUse> {
  const { project, calls } = world;
  const chosen = chooseCalls(calls, dir, project);
  const plain = chosen.length === 0 ? [WHOLE_FOLDER] : chosen.map(({ call }) => call);
  const configuration = await configurationOf(project, dir, plain);
  const evidence = evidenceOf(world, dir, chosen);
  const overridden = plain.some(({ overrides = {} }) => 'plugin' in overrides || 'parser' in overrides);
  return {
    id: `${NAME}@${dir}`,
    tool: NAME,
    roles: ['format'],
    version: prettier.version,
    origin: isBundled ? 'bundled' : 'project',
    root: dir,
    entry: prettier.dir,
    evidence: evidence ?? 'formatters in the config',
    scope: scopeOfCalls(chosen),
    configFiles: configuration.files,
    options: asOptions({
      calls: plain,
      ignores: await readIgnoreFiles(project, ignorePaths(plain, dir, prettier.version)),
      anyText: configuration.widens || overridden || hasPlugins(project),
      ...(evidence === null ? { languages: world.languages } : {}),
    }),
  };
}

function ignorePaths(calls: readonly PrettierCall[], dir: string, version: string): string[] {
  return calls.flatMap((call) => ignoreNames(call, version)).map((name) => posix.join(dir, name));
}

/** null: nothing but our own config asks for it. */
function evidenceOf({ project, configs }: World, dir: string, chosen: readonly ChosenCall[]): string | null {
  const config = nearestConfig(configs, dir);
  const lines = [...(config === undefined ? [] : [config]), ...chosen.map(({ from, line }) => `${from}: ${line}`)];
  if (lines.length > 0) return lines.join('; ');
  const declaring = [packageAt(project, dir), packageAt(project, '')].some(isDependency);
  return declaring ? (declaredAbove(project, dir)?.from ?? null) : null;
}

/** Prettier 2 loads by itself whatever is called so. */
function hasPlugins(project: ProjectView): boolean {
  const names = project.packages.flatMap(({ manifest }) =>
    [manifest?.dependencies, manifest?.devDependencies].flatMap((field) => Object.keys(field ?? {})),
  );
  return names.some((name) => /prettier-plugin|^@prettier\/plugin-/.test(name));
}
