/** Whether, where and how the project uses Biome. */
import { folderOf, isWithin } from '../../host/paths.js';
import type { FileFacts } from '../../model/file.js';
import type { ToolRole, ToolSkip, ToolUse } from '../../model/tool-use.js';
import { scopeOfCalls } from '../called-files.js';
import { addCommand, dependencyField, installCommand, lockFiles } from '../packages.js';
import type { Detection, InstalledPackage, ProjectView, ToolCall } from '../tool.js';
import { foldersOfUse } from '../use-folders.js';
import { asOptions, checks, chooseCalls, type BiomeOptions } from './calls.js';

const PACKAGE = '@biomejs/biome';
const CONFIG_NAMES = ['biome.json', 'biome.jsonc', '.biome.json', '.biome.jsonc'];
const COMPANIONS = ['package.json', 'tsconfig.json', '.editorconfig', '.gitignore'];

/** Its first version with findings as JSON. */
const FIRST_VERSION = '1.8.0';

export async function detectBiome(project: ProjectView): Promise<Detection> {
  const calls = await project.callsOf('biome');
  const configs = project.filesNamed(...CONFIG_NAMES);
  const filesCalled = (dir: string) => chooseCalls(calls, dir, project).chosen.map(({ files }) => files);
  const configured = [...new Set(configs.map(folderOf))];
  const dirs = await foldersOfUse({ project, calls, filesCalled, configured, isTarget: isKnownToBiome });
  const found = await Promise.all(dirs.map((dir) => useIn({ project, calls, configs }, dir)));
  return {
    uses: found.filter((one): one is ToolUse => 'id' in one),
    skips: found.filter((one): one is ToolSkip => !('id' in one)),
  };
}

interface World {
  readonly project: ProjectView;
  readonly calls: readonly ToolCall[];
  readonly configs: readonly string[];
}

async function useIn(world: World, dir: string): Promise<ToolUse | ToolSkip> {
  const { project, configs } = world;
  const { options, chosen } = chooseCalls(world.calls, dir, project);
  const config = configs.find((path) => folderOf(path) === dir);
  const lines = chosen.map(({ from, line }) => `${from}: ${line}`);
  const evidence = [...(config === undefined ? [] : [config]), ...lines].join('; ');
  const installed = await project.resolvePackage(PACKAGE, dir);
  const obstacle = await obstacleFor(installed);
  if (installed === null || obstacle !== null) {
    const reason = `${evidence} asks for Biome, ${obstacle ?? 'but it is not installed'}`;
    return { tool: 'biome', root: dir, reason, hint: hintFor(project, installed), wanted: true };
  }
  return {
    id: `biome@${dir}`,
    tool: 'biome',
    roles: rolesOf(options),
    version: installed.version,
    origin: 'project',
    root: dir,
    entry: installed.dir,
    evidence,
    scope: scopeOfCalls(chosen),
    configFiles: configFilesOf(world, dir),
    options: asOptions(options),
  };
}

async function obstacleFor(installed: InstalledPackage | null): Promise<string | null> {
  if (installed === null) return null;
  const { default: semver } = await import('semver');
  if (semver.valid(installed.version) === null || semver.gte(installed.version, FIRST_VERSION)) return null;
  return `but ${installed.version} cannot say what it finds; ${FIRST_VERSION} or newer can`;
}

function hintFor(project: ProjectView, installed: InstalledPackage | null): string {
  const isDeclared = project.packages.some(({ manifest }) => dependencyField(manifest, PACKAGE) !== null);
  return isDeclared && installed === null ? installCommand(project) : addCommand(project, PACKAGE);
}

/** The findings of `biome check` are of all kinds, so that it is a linter first, which also says what is not formatted. */
function rolesOf({ lint, format }: BiomeOptions): ToolRole[] {
  if (checks(lint)) return ['lint', 'format'];
  return [...(format.length > 0 ? (['format'] as const) : []), ...(lint.length > 0 ? (['lint'] as const) : [])];
}

/** Configs there, above and below; other JSON files that they extend; plugins; and what is installed. */
function configFilesOf({ project }: World, dir: string): string[] {
  const isNear = (path: string): boolean => isWithin(folderOf(path), dir) || isWithin(dir, folderOf(path));
  const shared = project.files.filter(({ path }) => /\.grit$|(?:^|\/)[^/]*biome[^/]*\.jsonc?$/.test(path));
  const near = project.filesNamed(...CONFIG_NAMES, ...COMPANIONS).filter(isNear);
  return [...new Set([...near, ...shared.map(({ path }) => path), ...lockFiles(project)])].sort();
}

const EXTENSIONS =
  /\.(?:[cm]?[jt]sx?|es6|jsonc?|json5|geojson|webmanifest|code-workspace|avsc|har|css|pcss|postcss|graphqls?|gql|html?|vue|svelte|astro|grit|md|ya?ml)$/i;
/** Names without an extension that stand for JSON: `.babelrc`, `.swcrc`. */
const RC = /(?:^|\/)\.[\w-]+rc$/;

export function isKnownToBiome({ path, language }: FileFacts): boolean {
  return EXTENSIONS.test(path) || RC.test(path) || language === 'json' || language === 'jsonc';
}
