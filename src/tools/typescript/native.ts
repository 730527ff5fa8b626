/** Project references with the native compiler: it is asked through its programming interface, which never emits. */
import { makeFolder, writeFile } from '../../host/disk.js';
import { hashText } from '../../host/hash.js';
import { absolutePath, join, pathToFileURL } from '../../host/paths.js';
import { runProcess } from '../../host/process.js';
import type { Diagnostic } from '../../model/diagnostic.js';
import { exitCodeOf, lastWords } from '../ended.js';
import { place, position } from '../output/context.js';
import { ToolFault } from '../tool-fault.js';
import type { EngineContext } from '../tool.js';
import { unseenFolder } from './engines.js';

interface NativeDiagnostic {
  readonly fileName?: string;
  readonly pos: number;
  readonly code: number;
  readonly category: number;
  readonly text: string;
  readonly messageChain?: readonly NativeDiagnostic[];
}

type Ask = 'getSyntacticDiagnostics' | 'getProgramDiagnostics' | 'getGlobalDiagnostics' | 'getSemanticDiagnostics';

interface NativeProgram extends Record<
  Ask | 'getConfigFileParsingDiagnostics' | 'getDeclarationDiagnostics',
  () => readonly NativeDiagnostic[]
> {
  getCompilerOptions(): { readonly declaration?: boolean; readonly composite?: boolean };
}

interface NativeApi {
  updateSnapshot(params: { openProject: string }): {
    getProject(config: string): { readonly program: NativeProgram } | undefined;
  };
  close(): void;
}

interface Answer {
  readonly file: string | null;
  readonly offset: number;
  readonly code: number;
  readonly category: number;
  readonly message: string;
}

/**
 * Its text is what the other process runs, so it refers to nothing but its parameters. The order, and what is asked only
 * when nothing else was found, are those of the command line.
 */
function askCompiler(api: NativeApi, configs: readonly string[], print: (text: string) => void): void {
  const flatten = (diagnostic: NativeDiagnostic, depth: number): string =>
    [
      '  '.repeat(depth) + diagnostic.text,
      ...(diagnostic.messageChain ?? []).map((next) => flatten(next, depth + 1)),
    ].join('\n');
  const answers = configs.flatMap((config) => {
    const program = api.updateSnapshot({ openProject: config }).getProject(config)?.program;
    if (program === undefined) throw new Error(`${config} could not be opened`);
    const { declaration, composite } = program.getCompilerOptions();
    const turns = [
      () => [...program.getConfigFileParsingDiagnostics(), ...program.getSyntacticDiagnostics()],
      () => [...program.getProgramDiagnostics(), ...program.getGlobalDiagnostics()],
      () => program.getSemanticDiagnostics(),
      () => ((declaration ?? composite) === true ? program.getDeclarationDiagnostics() : []),
    ];
    const found = turns.reduce<readonly NativeDiagnostic[]>((some, ask) => (some.length > 0 ? some : ask()), []);
    return found.map((diagnostic) => ({
      file: diagnostic.fileName ?? null,
      offset: diagnostic.pos,
      code: diagnostic.code,
      category: diagnostic.category,
      message: flatten(diagnostic, 0),
    }));
  });
  api.close();
  print(JSON.stringify(answers));
}

export interface NativeRun {
  /** Absolute path of the compiler's module. */
  readonly module: string;
  /** Workspace paths of configs, those referred to first. */
  readonly configs: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Text of a workspace file, for line and column. */
  readonly textOf: (path: string) => Promise<string | null>;
}

export async function checkWithNative(run: NativeRun, context: EngineContext): Promise<Diagnostic[]> {
  const text = scriptText(run, context.root);
  const folder = unseenFolder(context.stateFolder);
  const script = join(folder, `native-${hashText(text).slice(0, 16)}.mjs`);
  await makeFolder(folder);
  await writeFile(script, text);
  const result = await runProcess(process.execPath, [script], {
    cwd: run.cwd,
    env: run.env,
    timeoutMs: context.timeoutMs,
    ...(context.signal === undefined ? {} : { signal: context.signal }),
  });
  if (exitCodeOf('tsc', result) !== 0) throw new ToolFault('tool-crashed', 'tsc', 'tsc crashed', lastWords(result));
  const answers = parseAnswers(result.stdout.toString('utf8'));
  const unique = [...new Map(answers.map((answer) => [JSON.stringify(answer), answer])).values()];
  return Promise.all(unique.map((answer) => findingOf(answer, run, context.root)));
}

function scriptText(run: NativeRun, root: string): string {
  const configs = run.configs.map((config) => absolutePath(root, config));
  return [
    `import { API } from ${JSON.stringify(pathToFileURL(run.module).href)};`,
    `const api = new API({ cwd: ${JSON.stringify(run.cwd)} });`,
    `(${askCompiler.toString()})(api, ${JSON.stringify(configs)}, (text) => process.stdout.write(text));`,
  ].join('\n');
}

function parseAnswers(output: string): readonly Answer[] {
  try {
    return JSON.parse(output) as readonly Answer[];
  } catch {
    throw new ToolFault('tool-output', 'tsc', 'Expected a list of findings from tsc, and got something else', output);
  }
}

const CATEGORIES = ['warning', 'error', 'info', 'info'] as const;

async function findingOf(answer: Answer, run: NativeRun, root: string): Promise<Diagnostic> {
  const context = { tool: 'tsc', root, cwd: run.cwd };
  const raw = {
    file: answer.file,
    rule: `TS${answer.code}`,
    severity: CATEGORIES[answer.category] ?? 'error',
    message: answer.message,
  };
  const { path } = place(raw, context);
  const text = path === null ? null : await run.textOf(path);
  return place(text === null ? raw : { ...raw, start: lineAndColumn(text, answer.offset) }, context);
}

function lineAndColumn(text: string, offset: number): ReturnType<typeof position> {
  // The compiler does not count a byte order mark.
  const before = text.replace(/^\uFEFF/, '').slice(0, offset);
  const lines = before.split(/\r\n|[\n\r\u2028\u2029]/);
  return position(lines.length, (lines.at(-1) ?? '').length + 1);
}
