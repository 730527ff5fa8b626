/** Whether and where a project uses the tool of a preset. */
import { exists, isExecutable } from '../../host/disk.js';
import { absolutePath, folderOf, isWithin, join, relativeTo, workspacePath } from '../../host/paths.js';
import type { ToolSkip, ToolUse } from '../../model/tool-use.js';
import { addCommand } from '../packages.js';
import type { Detection, ProjectView } from '../tool.js';
import { flagsOf, scopeOf } from './calls.js';
import { hookScope } from './pre-commit.js';
import type { Preset } from './preset.js';
import { type Sign, byRoot, configSigns, signsOf } from './signs.js';

export async function detectPreset(
  preset: Preset,
  project: ProjectView,
  presets: readonly Preset[],
): Promise<Detection> {
  const signs = [...(await signsOf(preset, project)), ...(await configSigns(preset, project, presets))];
  if (signs.length === 0) return { uses: [], skips: unusedSkip(preset, project) };
  const found = await Promise.all([...byRoot(signs)].map(([root, own]) => detectAt(root, own, { preset, project })));
  return {
    uses: found.flatMap((one) => ('id' in one ? [one] : [])),
    skips: found.flatMap((one) => ('id' in one ? [] : [one])),
  };
}

interface Place {
  readonly preset: Preset;
  readonly project: ProjectView;
}

/** In the plan, so that a person learns what there would be; not for tools that would be in every plan. */
function unusedSkip(preset: Preset, project: ProjectView): ToolSkip[] {
  if (preset.quiet === true || !project.files.some((file) => couldTake(preset, file))) return [];
  const config = preset.format === undefined ? '' : ', or name it under "formatters" in .quality-config.json';
  return [
    {
      tool: preset.name,
      root: '',
      reason: 'nothing shows that the project uses it',
      hint: `To switch it on, ${preset.switchOn}${config}.`,
      wanted: false,
    },
  ];
}

export function couldTake(preset: Preset, file: Pick<ProjectView['files'][number], 'path' | 'language'>): boolean {
  if (file.language === null || !preset.languages.includes(file.language)) return false;
  return preset.only?.test(file.path) !== false && preset.never?.test(file.path) !== true;
}

async function detectAt(root: string, signs: readonly Sign[], place: Place): Promise<ToolUse | ToolSkip> {
  const { preset, project } = place;
  const says = [...new Set(signs.map((sign) => sign.says))];
  const evidence = says.length > 3 ? `${says.slice(0, 3).join(', ')} and ${says.length - 3} more` : says.join(', ');
  const program = await findProgram(root, place);
  if (program === null) return missing(root, evidence, place);
  const calls = signs.flatMap((sign) => sign.call ?? []);
  return {
    id: `${preset.name}@${root}`,
    tool: preset.name,
    roles: [preset.role],
    version: await versionOf(program, root, place),
    origin: workspacePath(project.root, program) === null ? 'system' : 'project',
    root,
    entry: program,
    evidence,
    scope: preset.grain === 'file' ? scopeOf(calls, { preset, root, project }) : null,
    configFiles: project
      .filesNamed(...preset.configFiles)
      .filter((path) => isWithin(root, folderOf(path)) || isWithin(folderOf(path), root)),
    options: {
      flags: flagsOf(calls, preset),
      folders: await folderFlags(root, place),
      hooks: { ...(await hookScope(calls, project)) },
    },
  };
}

async function versionOf(program: string, root: string, { preset, project }: Place): Promise<string> {
  if ('npm' in preset.install && program.includes('node_modules')) {
    const installed = await project.resolvePackage(preset.install.npm, root);
    if (installed !== null) return installed.version;
  }
  const { program: other, args } = preset.version;
  const asked = other === undefined ? program : await project.findExecutable(other, root);
  if (asked === null) return 'unknown';
  const words = args.map((word) => word.replace('{program}', program));
  return project.executableVersion(asked, words);
}

function missing(root: string, evidence: string, { preset, project }: Place): ToolSkip {
  const { install } = preset;
  const command = 'npm' in install ? addCommand(project, install.npm) : install.command;
  return {
    tool: preset.name,
    root,
    reason: `asked for by ${evidence}, but ${preset.programs.join(' or ')} is not installed`,
    hint: command,
    wanted: true,
    languages: preset.languages,
    ofMachine: 'command' in preset.install,
  };
}

const VENVS = process.platform === 'win32' ? ['.venv/Scripts', 'venv/Scripts'] : ['.venv/bin', 'venv/bin'];

async function findProgram(root: string, { preset, project }: Place): Promise<string | null> {
  for (const name of preset.programs) {
    const found =
      (preset.python === true ? await inVirtualEnvironment(name, root, project) : null) ??
      (await project.findExecutable(name, root));
    if (found !== null) return found;
  }
  return null;
}

async function inVirtualEnvironment(name: string, root: string, project: ProjectView): Promise<string | null> {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  for (const folder of new Set([absolutePath(project.root, root), project.root])) {
    for (const venv of VENVS) {
      const program = join(folder, venv, file);
      if ((await exists(program)) && (await isExecutable(program))) return program;
    }
  }
  return null;
}

/** Arguments by folder, relative to the use's root; "" is the root. */
async function folderFlags(root: string, { preset, project }: Place): Promise<Record<string, readonly string[]>> {
  const wish = preset.folderFlags;
  if (wish === undefined) return {};
  const named = project.filesNamed(...wish.files);
  const textAt = async (path: string): Promise<string> => (await project.readText(path)) ?? '';
  const entries = named
    .filter((path) => (wish.of === 'root' ? folderOf(path) === root : isWithin(root, folderOf(path))))
    .map(async (path): Promise<[string, readonly string[]]> => {
      const above = named.filter((other) => other !== path && isWithin(folderOf(other), folderOf(path))).reverse();
      const flags = wish.read({
        path: relativeTo(root, path),
        text: await textAt(path),
        parents: await Promise.all(above.map(textAt)),
      });
      return [relativeTo(root, folderOf(path)), flags];
    });
  const found = await Promise.all(entries);
  return Object.fromEntries(found.filter(([, flags]) => flags.length > 0).sort());
}
