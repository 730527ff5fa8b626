/** Unused files, exports and dependencies, as the project's own knip reports them. */
import { absolutePath, folderOf, join, posix } from '../host/paths.js';
import { runProcess } from '../host/process.js';
import { type Diagnostic, compareText } from '../model/diagnostic.js';
import type { Language } from '../model/language.js';
import type { ToolSkip, ToolUse } from '../model/tool-use.js';
import { errorWords, exitCodeOf, lastWords } from './ended.js';
import { type KnipArguments, readKnipArguments } from './knip/command-line.js';
import { parseKnipReport } from './knip/report.js';
import { isBeside } from './members.js';
import { distribute } from './output/distribute.js';
import { addCommand, dependencyField, installCommand, lockFiles } from './packages.js';
import { ToolFault } from './tool-fault.js';
import type { Detection, Engine, EngineContext, InstalledPackage, ProjectView, SourceText, Tool } from './tool.js';

const CONFIG_NAMES = [
  ...['knip.json', 'knip.jsonc', '.knip.json', '.knip.jsonc', 'knip.ts', 'knip.js', 'knip.config.ts', 'knip.config.js'],
];

const LANGUAGES: ReadonlySet<Language | null> = new Set<Language>([
  ...(['javascript', 'typescript', 'json', 'jsonc', 'vue', 'svelte', 'astro', 'mdx', 'css', 'scss', 'yaml'] as const),
]);

export const knip: Tool = {
  name: 'knip',
  roles: ['dead-code'],
  grain: 'project',
  reach: () => 'workspace',
  runsIn: 'main',
  readsDisk: true,
  adapterVersion: 1,
  detect,
  takes: (_, file) => LANGUAGES.has(file.language),
  open: (use, context) => Promise.resolve(openKnip(use, context)),
};

/** Where knip runs, with which flags: each list of flags is a run, as the project's scripts have them. */
interface Place {
  readonly dir: string;
  readonly runs: readonly (readonly string[])[];
  readonly evidence: string;
}

async function detect(project: ProjectView): Promise<Detection> {
  const places = await findPlaces(project);
  const answers = await Promise.all(places.map((place) => useOf(place, project)));
  return {
    uses: answers.flatMap((answer) => ('reason' in answer ? [] : [answer])),
    skips: answers.flatMap((answer) => ('reason' in answer ? [answer] : [])),
  };
}

async function findPlaces(project: ProjectView): Promise<Place[]> {
  const called = await calledPlaces(project);
  if (called.length > 0) return called;
  // knip reads its config beside a package.json; elsewhere a file called knip.ts is just a file.
  const packages = new Set(project.packages.map(({ dir }) => dir));
  const configs = project
    .filesNamed(...CONFIG_NAMES)
    .map((path) => ({ dir: folderOf(path), evidence: path }))
    .filter(({ dir }) => packages.has(dir));
  const manifests = project.packages.flatMap(({ dir, manifest }) => {
    const path = posix.join(dir, 'package.json');
    const field = dependencyField(manifest, 'knip');
    if (manifest?.knip !== undefined) return [{ dir, evidence: `${path} knip` }];
    return field === null ? [] : [{ dir, evidence: `${path} ${field}.knip` }];
  });
  const byDir = new Map([...manifests, ...configs].map((place) => [place.dir, place]));
  return [...byDir.values()].map((place) => ({ ...place, runs: [[]] })).sort((a, b) => compareText(a.dir, b.dir));
}

async function calledPlaces(project: ProjectView): Promise<Place[]> {
  const calls = (await project.callsOf('knip'))
    .map((call) => ({ ...call, parsed: readKnipArguments(call.args) }))
    .filter(({ args, parsed }) => !parsed.isOther && !args.some((word) => /[$`]/.test(word)));
  const looking = calls.filter(({ parsed }) => !parsed.fixes);
  const places = new Map<string, Place>();
  for (const { dir, from, args, parsed } of looking.length > 0 ? looking : calls) {
    const folder = runFolder(dir, parsed);
    const known = places.get(folder);
    const runs = [...(known?.runs ?? []), parsed.flags];
    const unique = [...new Map(runs.map((run) => [run.join(' '), run])).values()];
    places.set(folder, {
      dir: folder,
      runs: unique,
      evidence: known?.evidence ?? `${from}: ${['knip', ...args].join(' ')}`,
    });
  }
  return [...places.values()];
}

function runFolder(dir: string, { directory }: KnipArguments): string {
  return directory === null ? dir : posix.join(dir, directory).replace(/^\.$/, '').replace(/\/$/, '');
}

async function useOf(place: Place, project: ProjectView): Promise<ToolUse | ToolSkip> {
  const installed = await project.resolvePackage('knip', place.dir);
  if (installed === null)
    return { ...notInstalled(place, project), wanted: !(await isBeside(project, place.dir, 'knip')) };
  const configs = project.filesNamed(...CONFIG_NAMES);
  const manifests = project.packages.map(({ dir }) => posix.join(dir, 'package.json'));
  return {
    id: `knip@${place.dir}`,
    tool: 'knip',
    roles: ['dead-code'],
    version: installed.version,
    origin: 'project',
    root: place.dir,
    entry: scriptOf(installed),
    evidence: place.evidence,
    scope: null,
    configFiles: [...new Set([...configs, ...manifests, ...lockFiles(project)])].sort(compareText),
    options: { runs: place.runs, warnings: await warningKinds(place.dir, project) },
  };
}

function scriptOf({ dir, manifest }: InstalledPackage): string {
  const named = (manifest.bin as Record<string, unknown> | undefined)?.knip;
  return join(dir, typeof named === 'string' ? named : 'bin/knip.js');
}

function notInstalled({ dir, evidence }: Place, project: ProjectView): ToolSkip {
  const isDeclared = project.packages.some(({ manifest }) => dependencyField(manifest, 'knip') !== null);
  const hint = isDeclared ? installCommand(project) : addCommand(project, 'knip');
  return { tool: 'knip', root: dir, reason: `${evidence}, but knip is not installed`, hint, wanted: true };
}

/** The kinds that a readable config sets to "warn": knip's report does not tell them from errors. */
async function warningKinds(dir: string, project: ProjectView): Promise<string[]> {
  const { parse } = await import('jsonc-parser');
  const names = CONFIG_NAMES.filter((name) => /\.jsonc?$/.test(name)).map((name) => posix.join(dir, name));
  const texts = await Promise.all(names.map((path) => project.readText(path)));
  const manifest = project.packages.find((one) => one.dir === dir)?.manifest;
  const configs = [manifest?.knip, ...texts.map((text) => (text === null ? undefined : (parse(text) as unknown)))];
  return configs.flatMap((config) => {
    const { rules } = (config ?? {}) as { rules?: Record<string, unknown> };
    return Object.entries(rules ?? {}).flatMap(([kind, level]) => (level === 'warn' ? [kind] : []));
  });
}

function openKnip(use: ToolUse, context: EngineContext): Engine {
  return {
    check: async (files) => {
      refuseVirtual(files);
      const found = new Map<string, Diagnostic>();
      for (const flags of use.options.runs as readonly (readonly string[])[]) {
        for (const one of await runKnip(use, flags, context)) found.set(JSON.stringify(one), one);
      }
      return distribute(files, [...found.values()]);
    },
  };
}

function refuseVirtual(files: readonly SourceText[]): void {
  const virtual = files.find((file) => file.virtual);
  if (virtual !== undefined) throw new Error(`knip reads the disk, and ${virtual.path} is not what stands there`);
}

async function runKnip(use: ToolUse, flags: readonly string[], context: EngineContext): Promise<Diagnostic[]> {
  const cwd = absolutePath(context.root, use.root);
  const hints = flags.some((flag) => HINTS_AS_ERRORS.has(flag));
  const args = [use.entry, ...flags, '--reporter', 'json', '--no-progress', ...(hints ? [] : ['--no-config-hints'])];
  const result = await runProcess(process.execPath, args, {
    cwd,
    // What loads the project's configs keeps a cache in its node_modules unless told not to.
    env: { JITI_FS_CACHE: 'false', JITI_CACHE: 'false' },
    timeoutMs: context.timeoutMs,
    ...(context.signal === undefined ? {} : { signal: context.signal }),
  });
  const exitCode = exitCodeOf('knip', result);
  if (exitCode === 2) throw new ToolFault('tool-config', 'knip', 'knip could not do its work', errorWords(result));
  if (exitCode !== 0 && exitCode !== 1) {
    throw new ToolFault('tool-crashed', 'knip', `knip ended with exit code ${exitCode}`, lastWords(result));
  }
  const warnings = new Set(use.options.warnings as readonly string[]);
  const severityOf = (kind: string): Diagnostic['severity'] =>
    exitCode === 0 || warnings.has(kind) ? 'warning' : 'error';
  const where = { tool: 'knip', root: context.root, cwd };
  const found = parseKnipReport(result.stdout.toString('utf8'), where, severityOf);
  if (exitCode === 1 && found.length === 0) {
    if (hints) return [hintFinding(lastWords({ ...result, stdout: Buffer.alloc(0) }))];
    throw new ToolFault('tool-output', 'knip', 'knip failed without a finding', lastWords(result));
  }
  return found;
}

const HINTS_AS_ERRORS = new Set(['--treat-config-hints-as-errors', '--treat-tag-hints-as-errors']);

function hintFinding(words: string): Diagnostic {
  return {
    tool: 'knip',
    rule: 'hints',
    severity: 'error',
    message: words === '' ? 'Configuration hints' : words,
    path: null,
  };
}
