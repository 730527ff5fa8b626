/** Biome on many files: one report says which of them need work; each of those goes through its standard input. */
import pLimit from 'p-limit';
import type { ProcessResult } from '../../host/process.js';
import type { Diagnostic } from '../../model/diagnostic.js';
import type { FileOutcome, JobOutcome } from '../../model/job.js';
import type { ToolUse } from '../../model/tool-use.js';
import { exitCodeOf, lastWords } from '../ended.js';
import { whereTextsStand } from '../in-scratch.js';
import { distribute } from '../output/distribute.js';
import type { Engine, EngineContext, SourceText, Transformed } from '../tool.js';
import { callFor, checks, optionsOf, type BiomeCall } from './calls.js';
import { PARSE } from './output.js';
import { argumentPath, programOf, report, runBiome, trouble, type Session } from './run.js';

/** Programs at once within one job; jobs run side by side as well. */
const AT_ONCE = 4;

export function openBiome(use: ToolUse, context: EngineContext): Engine {
  const session: Session = { use, context, program: programOf(use) };
  return {
    check: (files) => checkAll(session, files),
    transform: (files) => transformAll(session, files),
  };
}

type Group = readonly [BiomeCall, readonly SourceText[]];

function groupByCall(files: readonly SourceText[], callOf: (file: SourceText) => BiomeCall | null): Group[] {
  const groups = new Map<BiomeCall, SourceText[]>();
  for (const file of files) {
    const call = callOf(file);
    if (call !== null) groups.set(call, [...(groups.get(call) ?? []), file]);
  }
  return [...groups];
}

async function checkAll(session: Session, files: readonly SourceText[]): Promise<JobOutcome> {
  const { use, context } = session;
  const groups = [...lintGroups(use, files), ...formatGroups(use, files)];
  const found = await whereTextsStand(files, { tool: 'biome', context }, (root) => reportAll(session, groups, root));
  const { files: outcomes, diagnostics } = distribute(files, found);
  return { files: outcomes.map((outcome) => ({ ...outcome, settled: isSettled(use, outcome) })), diagnostics };
}

function lintGroups(use: ToolUse, files: readonly SourceText[]): Group[] {
  return groupByCall(files, ({ path }) => callFor(optionsOf(use).lint, use.root, path));
}

/** Where `biome check` is the linter, what is not formatted is a finding like others; also where only `biome format` looks. */
function formatGroups(use: ToolUse, files: readonly SourceText[]): Group[] {
  const { lint, format } = optionsOf(use);
  if (!checks(lint)) return [];
  const isChecked = ({ path }: SourceText): boolean => callFor(lint, use.root, path)?.command === 'check';
  return groupByCall(
    files.filter((file) => !isChecked(file)),
    ({ path }) => callFor(format, use.root, path),
  );
}

async function reportAll(session: Session, groups: readonly Group[], root: string): Promise<Diagnostic[]> {
  const found: Diagnostic[] = [];
  for (const [call, files] of groups) found.push(...(await report(session, call, { files, root })));
  return found;
}

/** Has the transform nothing to do? What `biome lint` finds does not say so, nor do findings of which some are not shown. */
function isSettled(use: ToolUse, { path, diagnostics }: FileOutcome): boolean {
  const { lint, format } = optionsOf(use);
  const call = callFor(format, use.root, path);
  if (call === null) return true;
  return checks(lint) && diagnostics.length === 0 && !call.flags.some(isLevel);
}

function isLevel(flag: string): boolean {
  return flag.startsWith('--diagnostic-level');
}

async function transformAll(session: Session, files: readonly SourceText[]): Promise<readonly Transformed[]> {
  const { use, context } = session;
  const callOf = ({ path }: SourceText): BiomeCall | null => callFor(optionsOf(use).format, use.root, path);
  const onDisk = groupByCall(
    files.filter(({ virtual }) => !virtual),
    callOf,
  );
  const found = await reportAll(session, onDisk.map(withAllLevels), context.root);
  const open = new Set(found.map(({ path }) => path));
  const limit = pLimit(AT_ONCE);
  const results = await Promise.allSettled(
    files.map((file): Promise<Transformed> => {
      const call = callOf(file);
      if (call === null) return Promise.resolve({ status: 'ignored', text: file.text });
      if (!file.virtual && !open.has(file.path)) return Promise.resolve({ status: 'done', text: file.text });
      return limit(() => transformOne(session, call, { file, syntax: syntaxOf(file, found) }));
    }),
  );
  // Only when all have ended: none may still run when the job's outcome is known.
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

/** Fixes of findings that are not shown are made as well. */
function withAllLevels([call, files]: Group): Group {
  return [{ ...call, flags: withoutLevel(call.flags) }, files];
}

/** The flag may be one word or two. */
function withoutLevel(flags: readonly string[]): string[] {
  return flags.filter((flag, at) => !isLevel(flag) && flags[at - 1] !== '--diagnostic-level');
}

function syntaxOf({ path }: SourceText, found: readonly Diagnostic[]): Diagnostic | undefined {
  return found.find((one) => one.path === path && one.rule === PARSE);
}

interface Piece {
  readonly file: SourceText;
  /** The syntax error in it that the report named. */
  readonly syntax: Diagnostic | undefined;
}

const BOM = '\uFEFF';

async function transformOne(session: Session, call: BiomeCall, { file, syntax }: Piece): Promise<Transformed> {
  const { command, flags } = call;
  const write = command === 'check' ? ['--write'] : [];
  const path = argumentPath(file.path, session.use);
  const args = [command, ...write, ...flags, '--colors=off', `--stdin-file-path=${path}`];
  // Biome keeps the byte order mark of a file, and garbles that of its standard input.
  const mark = file.text.startsWith(BOM) ? BOM : '';
  const result = await runBiome(session, { args, root: session.context.root, input: file.text.slice(mark.length) });
  return readTransformed(result, mark + result.stdout.toString('utf8'), { file, syntax });
}

function readTransformed(result: ProcessResult, text: string, { file, syntax }: Piece): Transformed {
  const code = exitCodeOf('biome', result);
  const words = lastWords(result);
  const isLost = result.stdout.length === 0 && file.text.trim() !== '';
  if (code > 1 || (isLost && !/pars(?:e|ing)\b/.test(words))) throw trouble(result);
  if (isLost || (syntax !== undefined && text === file.text)) return syntaxError(file, syntax, words);
  return { status: text === file.text && code === 1 ? 'ignored' : 'done', text };
}

function syntaxError({ path, text }: SourceText, found: Diagnostic | undefined, words: string): Transformed {
  const message = found?.message ?? /^\s*[×✖]\s*(.+)$/m.exec(words)?.[1] ?? 'Syntax error';
  const diagnostic = found ?? { tool: 'biome', rule: PARSE, severity: 'error' as const, message, path };
  const failure = { kind: 'syntax-error', tool: 'biome', path, message, detail: words } as const;
  return { status: 'failed', text, diagnostics: [diagnostic], failure };
}
