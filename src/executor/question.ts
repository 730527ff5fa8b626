/** How an answer is called: by everything that it depends on. And how one can be told from others. */
import { hashBytes } from '../host/hash.js';
import { type Answer, answerKey, together } from '../jobs/cache/answers.js';
import { fileOfText, textOfFile } from '../jobs/cache/outcome-text.js';
import type { Setting } from '../jobs/cache/settings.js';
import type { Dependencies, FileOutcome, JobFile } from '../model/job.js';
import type { PlannedTask } from '../model/plan.js';
import type { ToolUse } from '../model/tool-use.js';
import type { History } from './explain-cache.js';

export type Settings = ReadonlyMap<ToolUse, Setting>;

type Verb = 'check' | 'transform' | 'trigger';

/** How the answers to a task are called, under the settings as they are now. */
export interface Question {
  readonly keyOf: (file: JobFile) => string;
  readonly keyOfAll: (files: readonly JobFile[]) => string;
  /** Each link of a plain chain as a question of its own; empty for any other task. */
  readonly links: readonly Link[];
  readonly history: History;
}

interface Link {
  readonly tool: string;
  readonly keyOf: (verb: Verb, file: JobFile) => string;
}

export function questionOf(task: PlannedTask, settings: Settings): Question {
  const verb: Verb = task.trigger === undefined ? task.action : 'trigger';
  const all = [...settings.values()];
  const keyOf = (asked: Verb, of: readonly Setting[]) => {
    return ({ path, hash }: JobFile): string => answerKey(asked, ...of.map((setting) => setting.at(path)), path, hash);
  };
  const isChain = verb === 'transform';
  return {
    history: { verb, settings },
    keyOf: keyOf(verb, all),
    keyOfAll: (files) =>
      answerKey('all', verb, ...all.map(({ whole }) => whole), ...files.map(({ path, hash }) => `${path}\0${hash}`)),
    links: (isChain ? task.links : []).flatMap(([first]) => {
      const setting = first === undefined ? undefined : settings.get(first);
      if (first === undefined || setting === undefined) return [];
      return [{ tool: first.tool, keyOf: (asked: Verb, file: JobFile) => keyOf(asked, [setting])(file) }];
    }),
  };
}

type Find = (key: string) => Answer | null;

export function findAnswer(file: JobFile, question: Question, find: Find): Answer | null {
  return find(question.keyOf(file)) ?? chainAnswer(file, question, find);
}

/** Walks the chain from answer to answer: what verify has found settled needs no formatting. null as soon as one is missing. */
function chainAnswer(file: JobFile, { links }: Question, find: Find): Answer | null {
  if (links.length === 0) return null;
  const walk: Walk = { current: file, tools: [], depends: [] };
  for (const link of links) {
    const answer = passLink(walk, link, find);
    if (answer !== 'next') return answer;
  }
  const { current, tools, depends, after } = walk;
  const changed = after !== undefined && current.hash !== file.hash;
  const outcome: FileOutcome = { ...file, status: 'done', diagnostics: [], ...(changed ? { after, tools } : {}) };
  const text = textOfFile(outcome);
  return text === null ? null : { text, dependsOn: together(depends) };
}

interface Walk {
  current: JobFile;
  after?: Uint8Array;
  tools: string[];
  depends: (Dependencies | undefined)[];
}

function passLink(walk: Walk, link: Link, find: Find): 'next' | Answer | null {
  const { current, tools, depends } = walk;
  const checked = find(link.keyOf('check', current));
  const said = checked === null ? null : fileOfText(checked.text, current);
  if (said?.settled === true || said?.status === 'ignored') {
    depends.push(checked?.dependsOn);
    return 'next';
  }
  const answer = find(link.keyOf('transform', current));
  if (answer === null) return null;
  const { after, status } = fileOfText(answer.text, current);
  if (status === 'failed') return answer;
  depends.push(answer.dependsOn);
  if (after === undefined) return 'next';
  tools.push(link.tool);
  Object.assign(walk, { after, current: { path: current.path, hash: hashBytes(after) } });
  return 'next';
}
