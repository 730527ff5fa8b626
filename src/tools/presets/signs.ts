/** What in a project shows that it uses a tool, and where. */
import { folderOf, isWithin, posix } from '../../host/paths.js';
import type { ProjectView, ToolCall } from '../tool.js';
import type { Preset } from './preset.js';

export interface Sign {
  /** Workspace folder that it speaks of. */
  readonly root: string;
  /** For people: "pyproject.toml [tool.black]". */
  readonly says: string;
  readonly call?: ToolCall;
}

type View = Pick<ProjectView, 'filesNamed' | 'readText' | 'callsOf' | 'config'>;

export async function signsOf(preset: Preset, project: View): Promise<readonly Sign[]> {
  const { files = [], sections = [], calls = [] } = preset.evidence;
  const own = project.filesNamed(...files).map((path): Sign => ({ root: rootOf(path), says: path }));
  const [inSections, inCalls] = await Promise.all([
    Promise.all(sections.map((section) => sectionSigns(section, project))),
    Promise.all(calls.map((call) => callSigns(call, project))),
  ]);
  return [...own, ...inSections.flat(), ...inCalls.flat()].filter((sign) => !SAMPLES.test(sign.root));
}

/** What stands in these folders is material of tests: it says nothing about the project. */
const SAMPLES =
  /(?:^|\/)(?:(?:__)?fixtures?(?:__)?|test[-_]?(?:data|cases|fixtures)|examples?(?:[-_]projects)?|samples?|snapshots?)(?:\/|$)/i;

/** A config file in `.github` or `.config` speaks of the folder around it. */
function rootOf(path: string): string {
  const folder = folderOf(path);
  return /(?:^|\/)\.(?:github|config)$/.test(folder) ? folderOf(folder) : folder;
}

async function sectionSigns(
  { files, pattern, says }: NonNullable<Preset['evidence']['sections']>[number],
  project: View,
): Promise<Sign[]> {
  const texts = await Promise.all(
    project.filesNamed(...files).map(async (path) => ({ path, text: await project.readText(path) })),
  );
  return texts.flatMap(({ path, text }) =>
    text !== null && pattern.test(text) ? [{ root: rootOf(path), says: `${path} ${says}` }] : [],
  );
}

async function callSigns(
  { tool, args }: NonNullable<Preset['evidence']['calls']>[number],
  project: View,
): Promise<Sign[]> {
  const calls = await project.callsOf(tool);
  return calls
    .filter((call) => args === undefined || args.test(call.args.join(' ')))
    .map((call): Sign => ({ root: call.dir === '' ? '' : posix.normalize(call.dir), says: call.from, call }));
}

/** In a link with isort, "ruff" means Ruff's import sorting. */
export function toolInLink(name: string, link: readonly string[]): string {
  return name === 'ruff' && link.includes('isort') ? 'ruff-imports' : name;
}

/**
 * Our config asks for a formatter by naming it. Among alternatives that is a wish for one of them: it counts only where
 * nothing else shows which one the project uses.
 */
export async function configSigns(preset: Preset, project: View, presets: readonly Preset[]): Promise<readonly Sign[]> {
  if (preset.format === undefined) return [];
  const languages = preset.languages.filter((language) => project.config.formatters[language] !== undefined);
  for (const language of languages) {
    for (const link of project.config.formatters[language] ?? []) {
      const names = (typeof link === 'string' ? [link] : link).map((name, _, all) => toolInLink(name, all));
      if (!names.includes(preset.name)) continue;
      if (await isOpenQuestion(names, project, presets)) return [{ root: '', says: `config formatters.${language}` }];
    }
  }
  return [];
}

async function isOpenQuestion(names: readonly string[], project: View, presets: readonly Preset[]): Promise<boolean> {
  if (names.length === 1) return true;
  const rivals = presets.filter((preset) => names.includes(preset.name));
  const signs = await Promise.all(rivals.map((rival) => signsOf(rival, project)));
  return signs.every((found) => found.length === 0);
}

/** Signs by the topmost folders: below them the tool finds nested configuration by itself, or ignores it as it does. */
export function byRoot(signs: readonly Sign[]): ReadonlyMap<string, readonly Sign[]> {
  const roots = [...new Set(signs.map((sign) => sign.root))];
  const top = roots.filter((root) => !roots.some((other) => other !== root && isWithin(other, root))).sort();
  const depth = (sign: Sign): number => sign.root.length;
  return new Map(
    top.map((root) => [root, signs.filter((sign) => isWithin(root, sign.root)).sort((a, b) => depth(a) - depth(b))]),
  );
}
