/**
 * What jobs have answered, by tool, version, options and content hash: an answer is never asked for twice (DESIGN idea 7).
 * Verify's answers answer most of format's questions, and the last verify asks only about what changed in between.
 */
import { hashBytes, hashText } from '../host/hash.js';
import type { FileOutcome, JobFile, JobOutcome } from '../model/job.js';
import type { PlannedTask } from '../model/plan.js';
import type { ToolUse } from '../model/tool-use.js';

export interface Memo {
  readonly knownFile: (task: PlannedTask, file: JobFile) => FileOutcome | null;
  readonly rememberFile: (task: PlannedTask, outcome: FileOutcome) => void;
  readonly knownProject: (task: PlannedTask, files: readonly JobFile[]) => JobOutcome | null;
  readonly rememberProject: (task: PlannedTask, files: readonly JobFile[], outcome: JobOutcome) => void;
}

type Verb = 'check' | 'transform' | 'trigger';

export function createMemo(): Memo {
  const files = new Map<string, FileOutcome>();
  const projects = new Map<string, JobOutcome>();
  const find = (verb: Verb, use: ToolUse, file: JobFile): FileOutcome | null =>
    files.get(fileKey(verb, use, file)) ?? null;
  return {
    knownFile: (task, file) => {
      if (task.trigger !== undefined) return find('trigger', task.trigger, file);
      const use = task.links[0]?.[0];
      if (use === undefined) return null;
      return task.action === 'check' ? find('check', use, file) : knownChain(task.links, file, find);
    },
    rememberFile: (task, outcome) => {
      if (outcome.failure !== undefined && !LASTING.has(outcome.failure.kind)) return;
      const use = task.trigger ?? (task.links.length === 1 ? task.links[0]?.[0] : undefined);
      if (use === undefined || (task.trigger !== undefined && outcome.after !== undefined)) return;
      const verb: Verb = task.trigger !== undefined ? 'trigger' : task.action;
      files.set(fileKey(verb, use, outcome), outcome);
    },
    knownProject: (task, asked) => projects.get(projectKey(task, asked)) ?? null,
    rememberProject: (task, asked, outcome) => {
      if (outcome.failure === undefined && !isOwnCommand(task)) projects.set(projectKey(task, asked), outcome);
    },
  };
}

/** What a test or a command of one's own says may hang on more than files: it is asked each time. */
function isOwnCommand(task: PlannedTask): boolean {
  return task.links.flat().some((use) => use.roles.includes('check') || use.roles.includes('command'));
}

/** Failures that the content itself causes: the same content fails the same way. */
const LASTING: ReadonlySet<string> = new Set(['syntax-error']);

function fileKey(verb: Verb, use: ToolUse, file: { readonly path: string; readonly hash: string }): string {
  return `${verb}\0${useKey(use)}\0${file.path}\0${file.hash}`;
}

const keys = new WeakMap<ToolUse, string>();

function useKey(use: ToolUse): string {
  const known = keys.get(use) ?? JSON.stringify([use.tool, use.version, use.root, use.options]);
  keys.set(use, known);
  return known;
}

function projectKey(task: PlannedTask, files: readonly JobFile[]): string {
  const uses = task.links.flat().map(useKey);
  return hashText(JSON.stringify([task.action, uses, files.map((file) => [file.path, file.hash])]));
}

/** Walks the chain from answer to answer; null as soon as one is missing. */
function knownChain(
  links: PlannedTask['links'],
  file: JobFile,
  find: (verb: Verb, use: ToolUse, file: JobFile) => FileOutcome | null,
): FileOutcome | null {
  let current = file;
  let after: Uint8Array | undefined;
  const tools: string[] = [];
  for (const [use] of links) {
    if (use === undefined) return null;
    const checked = find('check', use, current);
    if (checked?.settled === true || checked?.status === 'ignored') continue;
    const answer = find('transform', use, current);
    if (answer === null) return null;
    if (answer.status === 'failed') return { ...answer, hash: file.hash };
    if (answer.after === undefined) continue;
    after = answer.after;
    tools.push(use.tool);
    current = { path: file.path, hash: hashBytes(after) };
  }
  const changed = after !== undefined && current.hash !== file.hash;
  return { path: file.path, hash: file.hash, status: 'done', diagnostics: [], ...(changed ? { after, tools } : {}) };
}
