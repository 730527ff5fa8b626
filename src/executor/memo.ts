/**
 * What tools have answered, in this run and in earlier ones, by everything that the answer depends on: nothing is asked
 * twice (DESIGN idea 7). Verify's answers answer most of format's questions, and the last verify asks only about what
 * changed in between.
 */
import { type Answer, type AnswerStore, together } from '../jobs/cache/answers.js';
import { fileOfText, jobOfText, setOfText, textOfFile, textOfJob, textOfSet } from '../jobs/cache/outcome-text.js';
import type { Dependencies, FileOutcome, JobFile, JobOutcome } from '../model/job.js';
import type { PlannedTask } from '../model/plan.js';
import type { ToolUse } from '../model/tool-use.js';
import { toolOf } from '../tools/registry.js';
import { noteHistory, whyOpen } from './explain-cache.js';
import { type Question, type Settings, findAnswer, questionOf } from './question.js';
import type { SettingsOf } from './settings.js';
import type { Tree } from './tree.js';
import type { TreeDigests } from './tree-digests.js';

export interface Memo {
  readonly ask: (task: PlannedTask, files: readonly JobFile[], again: boolean) => Promise<Asked>;
  readonly askProject: (task: PlannedTask, files: readonly JobFile[], again: boolean) => Promise<AskedProject>;
  /** What all answers so far depend on; null when not all of them can be kept. */
  readonly dependencies: () => RunDependencies | null;
  /** Writes what later runs may use. */
  readonly save: () => Promise<void>;
  /** The same answers, to be asked for something else: what those depend on is told apart. */
  readonly anew: () => Memo;
}

/** Besides the files of the workspace. */
export interface RunDependencies {
  /** Answers hang on more files of the workspace than those that were asked about. */
  readonly isWide: boolean;
  /** Absolute paths. */
  readonly files: readonly string[];
  /** Environment variables. */
  readonly variables: readonly string[];
  /** Files and folders that tools read beyond those they were given. */
  readonly named: readonly string[];
}

export interface Asked {
  /** The task as jobs get it: each use with its setting. */
  readonly task: PlannedTask;
  readonly answers: readonly FileOutcome[];
  /** What the answers hang on besides their files. */
  readonly dependsOn?: Dependencies | undefined;
  /** Files that nothing is known about. */
  readonly open: readonly JobFile[];
  readonly keep: (jobs: readonly JobOutcome[]) => void;
  /** Of a part of the files that will be asked about: nothing is said of them together. */
  readonly keepEach: (jobs: readonly JobOutcome[]) => void;
}

export interface AskedProject {
  readonly task: PlannedTask;
  readonly answer: JobOutcome | null;
  readonly keep: (outcome: JobOutcome) => void;
}

export interface MemoOptions {
  readonly tree: Tree;
  readonly digests: TreeDigests;
  readonly settingsOf: SettingsOf;
  readonly store: AnswerStore;
  /** Told in words why files must be asked about again; null: nobody asks. */
  readonly explain: ((message: string) => void) | null;
}

export function createMemo(given: MemoOptions): Memo {
  const seen = {
    isWhole: true,
    isWide: false,
    files: new Set<string>(),
    variables: new Set<string>(),
    named: new Set<string>(),
  };
  const noteAnswer = ({ dependsOn }: Pick<Answer, 'dependsOn'>): void => {
    dependsOn?.named.forEach((name) => seen.named.add(name));
    seen.isWide ||= dependsOn?.reach !== undefined;
  };
  const noteSettings = (settings: Settings): void => {
    for (const { outside } of settings.values()) {
      outside.files.forEach((file) => seen.files.add(file));
      outside.variables.forEach((name) => seen.variables.add(name));
    }
  };
  const noteGap = (): void => {
    seen.isWhole = false;
  };
  const options: Noting = { ...given, noteAnswer, noteGap };
  return {
    dependencies: () =>
      seen.isWhole && [...seen.named].every(given.digests.isKnown)
        ? { isWide: seen.isWide, files: [...seen.files], variables: [...seen.variables], named: [...seen.named] }
        : null,
    ask: async (planned, files, again) => {
      if (!isKept(planned)) return { task: planned, answers: [], open: files, keep: noteGap, keepEach: noteGap };
      const settings = await options.settingsOf(usesOf(planned));
      const task = withSettings(planned, settings);
      noteSettings(settings);
      return askFiles({ task, files, again, question: questionOf(planned, settings) }, options);
    },
    askProject: async (planned, files, again) => {
      if (!isKept(planned)) return { task: planned, answer: null, keep: noteGap };
      const settings = await options.settingsOf(usesOf(planned));
      const task = withSettings(planned, settings);
      noteSettings(settings);
      return askProject({ task, files, again, question: questionOf(planned, settings) }, options);
    },
    save: given.store.save,
    anew: () => createMemo({ ...given, explain: null }),
  };
}

interface Noting extends MemoOptions {
  readonly noteAnswer: (answer: Pick<Answer, 'dependsOn'>) => void;
  /** An answer that cannot be kept. */
  readonly noteGap: () => void;
}

interface Inquiry {
  readonly task: PlannedTask;
  readonly question: Question;
  readonly files: readonly JobFile[];
  readonly again: boolean;
}

/** For all files at once if it can be, else file by file. */
async function askFiles({ task, question, files, again }: Inquiry, options: Noting): Promise<Asked> {
  const { store, digests } = options;
  const set = again ? null : store.sets.find(question.keyOfAll(files), digests.of);
  if (set !== null) {
    options.noteAnswer(set);
    const nothing = (): void => undefined;
    return {
      task,
      answers: setOfText(set.text, files),
      ...dependsOnOf([set]),
      open: [],
      keep: nothing,
      keepEach: nothing,
    };
  }
  const rows = await store.files();
  const find = (key: string): Answer | null => rows.find(key, digests.of);
  const found = files.map((file) => (again ? null : findAnswer(file, question, find)));
  const open = files.filter((_, index) => found[index] === null);
  if (options.explain !== null) for (const line of whyOpen(open, question.history, find)) options.explain(line);
  const keepEach = (jobs: readonly JobOutcome[]): ReadonlyMap<string, Answer & { readonly hash: string }> => {
    const kept = new Map(jobs.flatMap((job) => answersIn(job, task, digests)));
    for (const [path, { hash, ...answer }] of kept)
      if (isTrue(answer, options)) rows.keep(question.keyOf({ path, hash }), answer, digests.of);
    return kept;
  };
  return {
    task,
    answers: files.flatMap((file, index) => {
      const answer = found[index] ?? null;
      return answer === null ? [] : [fileOfText(answer.text, file)];
    }),
    ...dependsOnOf(found),
    open,
    keepEach,
    keep: (jobs) => {
      const kept = keepEach(jobs);
      noteHistory(kept, question.history, (key, text) => rows.keep(key, { text }, digests.of));
      const fresh = ({ path, hash }: JobFile): Answer | null => {
        const answer = kept.get(path);
        return answer?.hash === hash ? answer : null;
      };
      keepSet({ question, files, answers: files.map((file, index) => fresh(file) ?? found[index] ?? null) }, options);
    },
  };
}

function dependsOnOf(answers: readonly (Answer | null)[]): Pick<Asked, 'dependsOn'> {
  const dependsOn = together(answers.map((answer) => answer?.dependsOn));
  return dependsOn === undefined ? {} : { dependsOn };
}

interface WholeSet {
  readonly question: Question;
  readonly files: readonly JobFile[];
  readonly answers: readonly (Answer | null)[];
}

function keepSet({ question, files, answers }: WholeSet, options: Noting): void {
  const known = answers.filter((answer) => answer !== null);
  const dependsOn = together(known.map((answer) => answer.dependsOn));
  const answer = { text: textOfSet(known.map(({ text }) => text)), dependsOn };
  options.noteAnswer(answer);
  if (known.length < files.length || !isTrue(answer, options)) options.noteGap();
  else options.store.sets.keep(question.keyOfAll(files), answer, options.digests.of);
}

function askProject({ task, question, files, again }: Inquiry, options: Noting): AskedProject {
  const { store, digests } = options;
  const key = question.keyOfAll(files);
  const known = again ? null : store.sets.find(key, digests.of);
  if (known !== null) options.noteAnswer(known);
  return {
    task,
    answer: known === null ? null : jobOfText(known.text),
    keep: (outcome) => {
      const text = outcome.failure === undefined ? textOfJob(outcome) : null;
      const dependsOn = digests.beyond(together([reachOf(task), outcome.dependsOn]));
      options.noteAnswer({ dependsOn });
      if (text === null || !isTrue({ text, dependsOn }, options)) options.noteGap();
      else store.sets.keep(key, { text, dependsOn }, digests.of);
    },
  };
}

/** What was found beside edits that stand only here may not hold for the disk. */
function isTrue({ dependsOn }: Answer, { tree }: MemoOptions): boolean {
  if (dependsOn === undefined || tree.isOnDisk()) return true;
  const stands = (name: string): boolean => !name.endsWith('/') && tree.get(name)?.content === undefined;
  return dependsOn.reach === undefined && dependsOn.named.every(stands);
}

/** What a test or a command of one's own says may hang on more than files: it is asked each time. */
function isKept(task: PlannedTask): boolean {
  return usesOf(task).every((use) => toolOf(use).reach?.(use) !== 'world');
}

function reachOf(task: PlannedTask): Dependencies | undefined {
  const isWide = usesOf(task).some((use) => toolOf(use).reach?.(use) === 'workspace');
  return isWide ? { reach: 'workspace', named: [] } : undefined;
}

function usesOf(task: PlannedTask): readonly ToolUse[] {
  return [...(task.trigger === undefined ? [] : [task.trigger]), ...task.links.flat()];
}

function withSettings(task: PlannedTask, settings: Settings): PlannedTask {
  const withOne = (use: ToolUse): ToolUse => ({ ...use, setting: settings.get(use)?.whole ?? '' });
  return {
    ...task,
    links: task.links.map((link) => link.map(withOne)),
    ...(task.trigger === undefined ? {} : { trigger: withOne(task.trigger) }),
  };
}

/** Failures that the content itself causes: the same content fails the same way. */
const LASTING: ReadonlySet<string> = new Set(['syntax-error']);

/** Where a tool of the chain failed, its files came through without it: no answer to build on. */
function answersIn(
  job: JobOutcome,
  task: PlannedTask,
  digests: TreeDigests,
): [string, Answer & { readonly hash: string }][] {
  if (job.failure !== undefined) return [];
  const dependsOn = digests.beyond(together([reachOf(task), job.dependsOn]));
  return job.files.flatMap((outcome) => {
    const isLasting = outcome.failure === undefined || LASTING.has(outcome.failure.kind);
    const text = isLasting && outcome.isStandIn !== true ? textOfFile(outcome) : null;
    return text === null ? [] : [[outcome.path, { hash: outcome.hash, text, dependsOn }]];
  });
}
