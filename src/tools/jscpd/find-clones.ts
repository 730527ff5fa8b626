/** Clones among given files, found by the bundled jscpd. */
import { makeFolder, readTextIfThere, writeFile } from '../../host/disk.js';
import { join } from '../../host/paths.js';
import { type ProcessResult, runProcess } from '../../host/process.js';
import { withTemporaryFolder } from '../../host/temporary-folder.js';
import type { Language } from '../../model/language.js';
import { exitCodeOf, lastWords } from '../ended.js';
import { ToolFault } from '../tool-fault.js';
import { cloneProgram } from './program.js';
import { type CloneFile, type Places, placeFiles } from './places.js';
import { type Clone, type CloneReport, NO_CLONES, readCloneReport } from './report.js';

/** Languages in which the same lines twice are worth a word; data and prose repeat themselves by nature. */
export const CLONE_LANGUAGES: ReadonlySet<Language | null> = new Set<Language>([
  ...(['javascript', 'typescript', 'css', 'scss', 'less', 'html', 'vue', 'svelte', 'astro', 'handlebars'] as const),
  ...(['python', 'go', 'rust', 'shell', 'ruby', 'java', 'kotlin', 'c', 'cpp', 'csharp', 'php', 'swift'] as const),
  ...(['lua', 'sql', 'terraform', 'zig', 'elixir', 'scala', 'dart'] as const),
]);

export interface CloneRequest {
  /** All of them are looked at, whatever ignore files say. Virtual ones are read from their `text`. */
  readonly files: readonly CloneFile[];
  readonly minLines: number;
  readonly minTokens: number;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** Sorted by place; the same files give the same report. Throws `ToolFault`. */
export async function findClones(request: CloneRequest): Promise<CloneReport> {
  if (request.files.length === 0) return NO_CLONES;
  return withTemporaryFolder('clones', async (folder) => {
    const texts = join(folder, TEXTS);
    await makeFolder(texts);
    const { pathOf } = await placeFiles(request.files, texts);
    const config = join(folder, 'config.json');
    await writeFile(config, JSON.stringify(settingsOf(request, folder)));
    const program = await cloneProgram();
    const args = [...program.args, '--config', config, '--absolute', '--no-gitignore', '--follow-symlinks'];
    const result = await runProcess(program.file, args, {
      cwd: folder,
      timeoutMs: request.timeoutMs,
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    });
    const report = readResult(result, await readTextIfThere(join(folder, 'jscpd-report.json')), pathOf);
    // A file that has come into a folder meanwhile is nobody's business.
    const known = new Set(request.files.map(({ path }) => path));
    const isKnown = ({ first, second }: Clone): boolean => known.has(first.path) && known.has(second.path);
    return { ...report, clones: report.clones.filter(isKnown) };
  });
}

const TEXTS = 'texts';

function settingsOf({ minLines, minTokens }: CloneRequest, folder: string): object {
  const path = [join(folder, TEXTS)];
  return { path, output: folder, minLines, minTokens, reporters: ['json'], maxSize: '1gb', maxLines: 10_000_000 };
}

/** The exit code says nothing about clones, and little about trouble: the report is there or it is not. */
function readResult(result: ProcessResult, report: string | null, pathOf: Places['pathOf']): CloneReport {
  const exitCode = exitCodeOf('jscpd', result);
  if (exitCode !== 0 || report === null) {
    const message = `jscpd ended with exit code ${exitCode}${report === null ? ' and left no report' : ''}`;
    throw new ToolFault('tool-crashed', 'jscpd', message, lastWords(result));
  }
  const read = readCloneReport(parse(report), pathOf);
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
