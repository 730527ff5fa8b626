/** Clones among given files, found by the bundled jscpd. */
import { makeFolder, readTextIfThere, writeFile } from '../../host/disk.js';
import { basename, dirname, join } from '../../host/paths.js';
import { type ProcessResult, runProcess } from '../../host/process.js';
import { withTemporaryFolder } from '../../host/temporary-folder.js';
import type { Language } from '../../model/language.js';
import { exitCodeOf, lastWords } from '../ended.js';
import { ToolFault } from '../tool-fault.js';
import type { SourceText } from '../tool.js';
import { cloneProgram } from './program.js';
import { type CloneReport, NO_CLONES, readCloneReport } from './report.js';

/** Languages in which the same lines twice are worth a word; data and prose repeat themselves by nature. */
export const CLONE_LANGUAGES: ReadonlySet<Language | null> = new Set<Language>([
  ...(['javascript', 'typescript', 'css', 'scss', 'less', 'html', 'vue', 'svelte', 'astro', 'handlebars'] as const),
  ...(['python', 'go', 'rust', 'shell', 'ruby', 'java', 'kotlin', 'c', 'cpp', 'csharp', 'php', 'swift'] as const),
  ...(['lua', 'sql', 'terraform', 'zig', 'elixir', 'scala', 'dart'] as const),
]);

export interface CloneRequest {
  /** All of them are looked at, whatever ignore files say. Virtual ones are read from their `text`. */
  readonly files: readonly Pick<SourceText, 'path' | 'absolutePath' | 'text' | 'virtual'>[];
  readonly minLines: number;
  readonly minTokens: number;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** Sorted by place; the same files give the same report. Throws `ToolFault`. */
export async function findClones(request: CloneRequest): Promise<CloneReport> {
  if (request.files.length === 0) return NO_CLONES;
  return withTemporaryFolder('clones', async (folder) => {
    const paths = await placeFiles(request, folder);
    const config = join(folder, 'config.json');
    await writeFile(config, JSON.stringify(settingsOf(request, [...paths.keys()], folder)));
    const program = await cloneProgram();
    const args = [...program.args, '--config', config, '--absolute', '--no-gitignore'];
    const result = await runProcess(program.file, args, {
      cwd: folder,
      timeoutMs: request.timeoutMs,
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    });
    return readResult(result, await readTextIfThere(join(folder, 'jscpd-report.json')), paths);
  });
}

/** Workspace paths by the absolute path that jscpd reads. */
async function placeFiles({ files }: CloneRequest, folder: string): Promise<ReadonlyMap<string, string>> {
  const paths = new Map<string, string>();
  for (const [index, file] of files.entries()) {
    const copy = join(folder, 'texts', String(index), basename(file.path));
    if (file.virtual) {
      await makeFolder(dirname(copy));
      await writeFile(copy, file.text);
    }
    paths.set(file.virtual ? copy : file.absolutePath, file.path);
  }
  return paths;
}

function settingsOf({ minLines, minTokens }: CloneRequest, path: readonly string[], output: string): object {
  return { path, output, minLines, minTokens, reporters: ['json'], maxSize: '1gb', maxLines: 10_000_000 };
}

/** The exit code says nothing about clones, and little about trouble: the report is there or it is not. */
function readResult(result: ProcessResult, report: string | null, paths: ReadonlyMap<string, string>): CloneReport {
  const exitCode = exitCodeOf('jscpd', result);
  if (exitCode !== 0 || report === null) {
    const message = `jscpd ended with exit code ${exitCode}${report === null ? ' and left no report' : ''}`;
    throw new ToolFault('tool-crashed', 'jscpd', message, lastWords(result));
  }
  const read = readCloneReport(parse(report), (name) => paths.get(name) ?? null);
  if (read === null) {
    throw new ToolFault(
      'tool-output',
      'jscpd',
      'Expected a report from jscpd, and got something else',
      report.slice(0, 4_000),
    );
  }
  return read;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
