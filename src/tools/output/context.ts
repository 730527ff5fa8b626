/** What every reader of a tool's output shares: where paths lead to, and what to say when the output is not what it should be. */
import { fileURLToPath, isAbsolute, join, resolve, workspacePath } from '../../host/paths.js';
import type { Diagnostic, Position } from '../../model/diagnostic.js';
import { ToolFault } from '../tool-fault.js';

/** Where an output comes from. */
export interface OutputContext {
  /** Name that the findings carry. */
  readonly tool: string;
  /** Absolute path of the workspace root. */
  readonly root: string;
  /** Absolute folder that the tool ran in: its relative paths start here. */
  readonly cwd: string;
}

/** Reads the whole output of a tool; throws `ToolFault` when it is not what it should be. */
export type OutputParser = (
  output: string,
  context: OutputContext,
) => readonly Diagnostic[] | Promise<readonly Diagnostic[]>;

const EXCERPT_LENGTH = 4_000;

/** The raw output for a failure's detail, cut to what a person can take in. */
export function excerpt(output: string): string {
  return output.length <= EXCERPT_LENGTH
    ? output
    : `${output.slice(0, EXCERPT_LENGTH)}\n… (${output.length} characters)`;
}

export function outputFault(context: OutputContext, expected: string, output: string): ToolFault {
  const shown = output.trim() === '' ? '(it printed nothing)' : excerpt(output);
  return new ToolFault(
    'tool-output',
    context.tool,
    `Expected ${expected} from ${context.tool}, and got something else`,
    shown,
  );
}

/** A finding whose path is as the tool wrote it: relative to its folder, absolute, or a `file:` URI. */
export interface RawFinding {
  readonly file: string | null;
  readonly rule: string | null;
  readonly severity: Diagnostic['severity'];
  readonly message: string;
  readonly start?: Position | undefined;
  readonly end?: Position | undefined;
  readonly url?: string | undefined;
  readonly fixable?: boolean | undefined;
}

/** As a `Diagnostic`: the path mapped to the workspace; one outside of it is named in the message instead. */
export function place(raw: RawFinding, context: OutputContext): Diagnostic {
  const path = raw.file === null ? null : pathInWorkspace(raw.file, context);
  const about = {
    tool: context.tool,
    rule: raw.rule,
    severity: raw.severity,
    path,
    ...(raw.url === undefined || raw.url === '' ? {} : { url: raw.url }),
    ...(raw.fixable === true ? { fixable: true } : {}),
  };
  const { file, start, end, message } = raw;
  if (file !== null && path === null) return { ...about, message: `${shownPlace(file, start)}: ${message}` };
  return { ...about, message, ...(start === undefined ? {} : { start, ...(end === undefined ? {} : { end }) }) };
}

function shownPlace(file: string, start: Position | undefined): string {
  return start === undefined ? file : `${file}:${start.line}:${start.column}`;
}

/** Workspace path of a path as a tool writes it, or null when it lies outside of the workspace. */
export function pathInWorkspace(file: string, { root, cwd }: OutputContext): string | null {
  const path = workspacePath(root, absoluteOf(file, cwd));
  return path === '' ? null : path;
}

function absoluteOf(file: string, cwd: string): string {
  if (file.startsWith('file:')) {
    try {
      return fileURLToPath(file);
    } catch {
      return resolve(cwd, file.replace(/^file:(?:\/\/)?/, ''));
    }
  }
  return isAbsolute(file) ? resolve(file) : join(cwd, file);
}

/** A 1-based position; undefined where the tool has none (it says 0, null or nothing). */
export function position(line: unknown, column: unknown, base: 0 | 1 = 1): Position | undefined {
  if (typeof line !== 'number' || !Number.isInteger(line) || line < 1) return undefined;
  const known = typeof column === 'number' && Number.isInteger(column) ? column - base + 1 : 1;
  return { line, column: Math.max(1, known) };
}
