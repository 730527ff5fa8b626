/** Starting Biome, and what its end means. */
import { createRequire } from 'node:module';
import { argumentBatches } from '../../host/argument-limit.js';
import { absolutePath, join, relativeTo } from '../../host/paths.js';
import { runProcess, type ProcessResult } from '../../host/process.js';
import type { Diagnostic } from '../../model/diagnostic.js';
import type { ToolUse } from '../../model/tool-use.js';
import { exitCodeOf, lastWords } from '../ended.js';
import { ToolFault } from '../tool-fault.js';
import type { EngineContext, SourceText } from '../tool.js';
import type { BiomeCall } from './calls.js';
import { parseBiome } from './output.js';

export interface Session {
  readonly use: ToolUse;
  readonly context: EngineContext;
  readonly program: Program;
}

export interface Program {
  readonly file: string;
  readonly args: readonly string[];
}

/** The native program of this platform: the script before it costs three times as much as a small file. */
export function programOf({ entry }: ToolUse): Program {
  const script = join(entry, 'bin', 'biome');
  const require = createRequire(script);
  const names = [`${process.platform}-${process.arch}`, `${process.platform}-${process.arch}-musl`];
  const end = process.platform === 'win32' ? 'biome.exe' : 'biome';
  const found = names.flatMap((name) => resolved(require, `@biomejs/cli-${name}/${end}`));
  // With two of them only the script knows which C library there is.
  if (found.length === 1 && found[0] !== undefined && process.env.BIOME_BINARY === undefined) {
    return { file: found[0], args: [] };
  }
  return { file: process.execPath, args: [script] };
}

function resolved(require: NodeJS.Require, name: string): string[] {
  try {
    return [require.resolve(name)];
  } catch {
    return [];
  }
}

export interface Wish {
  readonly args: readonly string[];
  /** Absolute workspace root: the real one, or a scratch copy. */
  readonly root: string;
  readonly input?: string;
}

export async function runBiome(session: Session, { args, root, input }: Wish): Promise<ProcessResult> {
  const { use, context, program } = session;
  return runProcess(program.file, [...program.args, ...args], {
    cwd: absolutePath(root, use.root),
    env: { GITHUB_ACTIONS: undefined },
    timeoutMs: context.timeoutMs,
    ...(input === undefined ? {} : { input }),
    ...(context.signal === undefined ? {} : { signal: context.signal }),
  });
}

/** A path as an argument, seen from Biome's folder: nothing in it may look like a flag. */
export function argumentPath(path: string, { root }: ToolUse): string {
  const relative = relativeTo(root, path);
  return relative.startsWith('-') ? `./${relative}` : relative;
}

const REPORT = ['--reporter=json', '--max-diagnostics=none', '--colors=off', '--no-errors-on-unmatched'];

/** The findings of one command on these files, which stand on disk below `root`. */
export async function report(
  session: Session,
  call: BiomeCall,
  { files, root }: { readonly files: readonly SourceText[]; readonly root: string },
): Promise<readonly Diagnostic[]> {
  const always = [call.command, ...REPORT, ...call.flags];
  const texts = new Map(files.map((file) => [file.path, file.text]));
  const paths = files.map((file) => argumentPath(file.path, session.use));
  const found: Diagnostic[] = [];
  for (const batch of argumentBatches(always, paths)) {
    const result = await runBiome(session, { args: [...always, ...batch], root });
    found.push(...readReport(result, { session, root, textOf: (path) => texts.get(path) }));
  }
  return found;
}

interface Reading {
  readonly session: Session;
  readonly root: string;
  readonly textOf: (path: string) => string | undefined;
}

/** The exit code and the report must agree: errors that nobody can read are a fault, not silence. */
function readReport(result: ProcessResult, { session, root, textOf }: Reading): readonly Diagnostic[] {
  const code = exitCodeOf('biome', result);
  const output = result.stdout.toString('utf8');
  if (code !== 0 && output.trim() === '') throw trouble(result);
  const where = { tool: 'biome', root, cwd: absolutePath(root, session.use.root) };
  const found = parseBiome(output, where, textOf);
  if (code !== 0 && !found.some(({ severity }) => severity === 'error')) throw trouble(result);
  return found;
}

/** What to say when Biome did not do its work. */
export function trouble(result: ProcessResult): ToolFault {
  const words = lastWords(result);
  return /configuration|deserialize|\bbiome\.jsonc?\b/.test(words)
    ? new ToolFault('tool-config', 'biome', 'The configuration of Biome does not load', words)
    : new ToolFault('tool-crashed', 'biome', `Biome ended with exit code ${String(result.exitCode)}`, words);
}
