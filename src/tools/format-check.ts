/** What `check` means for a tool that can only say what a file should look like. */
import type { FileOutcome, JobOutcome } from '../model/job.js';
import type { Engine, SourceText, Transformed } from './tool.js';

type Formatter = Required<Pick<Engine, 'transform'>>;

/** The check of a formatter: a file whose text it would change is not formatted. */
export function checkByTransform(
  tool: string,
  engine: Formatter,
): (files: readonly SourceText[]) => Promise<JobOutcome> {
  return async (files) => {
    const results = await engine.transform(files);
    return { files: files.map((file, at) => outcomeOf(tool, file, results[at])), diagnostics: [] };
  };
}

function outcomeOf(tool: string, file: SourceText, result: Transformed | undefined): FileOutcome {
  if (result === undefined) throw new Error(`${tool} gave no answer for ${file.path}`);
  const { path, hash } = file;
  const isFormatted = result.text === file.text;
  const own = result.diagnostics ?? [];
  if (result.status !== 'done') {
    const { status, failure } = result;
    return { path, hash, status, diagnostics: own, ...(failure === undefined ? {} : { failure }) };
  }
  const found = { tool, rule: 'format', severity: 'error', message: 'Not formatted', path, fixable: true } as const;
  return { path, hash, status: 'done', diagnostics: isFormatted ? own : [...own, found], settled: isFormatted };
}
