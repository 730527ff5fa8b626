/** The project's own ESLint, asked about a rule: in a process of its own, as its configuration is the project's code. */
import { ownFolder } from '../host/own-package.js';
import { absolutePath, extname, folderOf, join, workspacePath } from '../host/paths.js';
import { runProcess } from '../host/process.js';
import { type PlannedTask, stepsOf } from '../model/plan.js';
import type { ToolUse } from '../model/tool-use.js';
import { type Opened, prepare } from '../open.js';
import { MARK } from './eslint-mark.js';

export interface EslintKnowledge {
  readonly rule: string;
  readonly isKnown: boolean;
  readonly meta: {
    readonly description?: string;
    readonly url?: string;
    readonly fixable: boolean;
    readonly hasSuggestions: boolean;
    readonly deprecated: boolean;
  } | null;
  /** How it is set for a file; null where it is not. */
  readonly setting: { readonly value: string; readonly file: string } | null;
  /** All rules that it knows there. */
  readonly names: readonly string[];
}

const TIMEOUT_MS = 30_000;

/** Why it could not be asked, in its own words. */
export interface EslintTrouble {
  readonly trouble: string;
}

/** null where the project does not use ESLint. */
export async function askEslint(
  opened: Opened,
  { rule, sample }: { readonly rule: string; readonly sample: string | null },
): Promise<EslintKnowledge | EslintTrouble | null> {
  const prepared = await prepare(opened, { cwd: opened.root, mode: 'check', workflow: 'verify-only' });
  if (!prepared.ok) return null;
  const tasks = stepsOf(prepared.value.plan).flatMap((step) => step.tasks);
  const asked = useFor(tasks, sample);
  if (asked === null) return null;
  const { use, files } = asked;
  const question = {
    entry: use.entry,
    cwd: absolutePath(opened.root, use.root),
    files: files.map((file) => absolutePath(opened.root, file)),
    isFlat: use.options.mode === 'flat',
    rule,
  };
  const child = join(ownFolder(), 'dist', 'eslint-rules.js');
  const ended = await runProcess(process.execPath, [child, JSON.stringify(question)], {
    cwd: question.cwd,
    timeoutMs: TIMEOUT_MS,
  });
  const text = ended.stdout.toString('utf8');
  const from = text.lastIndexOf(MARK);
  if (from < 0) return { trouble: ended.trouble ?? ended.stderr.toString('utf8').trim() };
  const { setting, ...told } = JSON.parse(text.slice(from + MARK.length)) as Omit<EslintKnowledge, 'rule'>;
  const file = setting === null ? null : workspacePath(opened.root, setting.file);
  return { ...told, rule, setting: setting === null ? null : { ...setting, file: file ?? setting.file } };
}

interface Asked {
  readonly use: ToolUse;
  readonly files: readonly string[];
}

/** The use that looks at the file where the rule was broken; else one that looks at most files. */
function useFor(tasks: readonly PlannedTask[], sample: string | null): Asked | null {
  const own = tasks
    .flatMap((task) => (task.links[0]?.[0]?.tool === 'eslint' ? [{ use: task.links[0][0], files: task.files }] : []))
    .filter(({ use, files }) => use.options.mode !== 'command-line' && files.length > 0)
    .sort((a, b) => b.files.length - a.files.length);
  const there = sample === null ? undefined : own.find(({ files }) => files.includes(sample));
  if (there !== undefined && sample !== null) return { use: there.use, files: [sample] };
  const [most] = own;
  return most === undefined ? null : { use: most.use, files: oneOfEach(most.files) };
}

const SOURCE = /\.(?:[cm]?[jt]sx?|vue|svelte|astro)$/;

const MOST_FILES = 100;

/** Plugins may be there for some files only, and others be ignored: one of each kind in each folder. */
function oneOfEach(files: readonly string[]): readonly string[] {
  const ofKind = new Map<string, string>();
  for (const file of files) {
    const kind = `${folderOf(file)}/*${extname(file)}`;
    if (SOURCE.test(file) && !file.includes('.config.') && !ofKind.has(kind)) ofKind.set(kind, file);
  }
  return ofKind.size > 0 ? [...ofKind.values()].slice(0, MOST_FILES) : files.slice(0, 1);
}
