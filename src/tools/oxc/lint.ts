/** Findings of oxlint, from its JSON. */
import { absolutePath } from '../../host/paths.js';
import type { Diagnostic, Position, Severity } from '../../model/diagnostic.js';
import type { JobOutcome } from '../../model/job.js';
import type { ToolUse } from '../../model/tool-use.js';
import type { ProcessResult } from '../../host/process.js';
import { bytePositions } from '../byte-positions.js';
import { exitCodeOf } from '../ended.js';
import { whereTextsStand } from '../in-scratch.js';
import { outputFault, place, position, type OutputContext } from '../output/context.js';
import { distribute } from '../output/distribute.js';
import { at, isRecord, parseJson, text, type JsonRecord } from '../output/json.js';
import type { Engine, EngineContext, SourceText } from '../tool.js';
import { groupFiles, runBatches, trouble, type Group, type Session } from './run.js';

export function openOxlint(use: ToolUse, context: EngineContext): Engine {
  const session: Session = { use, context };
  return { check: (files) => checkAll(session, files) };
}

async function checkAll(session: Session, files: readonly SourceText[]): Promise<JobOutcome> {
  const { context } = session;
  const groups = await groupFiles(session, files);
  const found = await whereTextsStand(files, { tool: 'oxlint', context }, async (root) => {
    const all: Diagnostic[] = [];
    for (const group of groups) all.push(...(await lintGroup(session, group, root)));
    return all;
  });
  const linted = new Set(groups.flatMap((group) => group.files));
  const { files: outcomes, diagnostics } = distribute(files, found);
  return {
    files: outcomes.map((outcome, index) => {
      const file = files[index];
      return file === undefined || linted.has(file) ? outcome : { ...outcome, status: 'ignored' };
    }),
    diagnostics,
  };
}

async function lintGroup(session: Session, { call, files }: Group, root: string): Promise<Diagnostic[]> {
  const always = ['--format=json', ...call.flags];
  const results = await runBatches(session, { always, root, files });
  const positions = new Map(files.map((file) => [file.path, bytePositions(file.text)]));
  const where = { tool: 'oxlint', root, cwd: absolutePath(root, session.use.root) };
  return results.flatMap((result) => readResult(result, { session, where, positions }));
}

interface Reading {
  readonly session: Session;
  readonly where: OutputContext;
  readonly positions: ReadonlyMap<string, (offset: number) => Position>;
}

/** 1 is for errors, for warnings that count as errors, and for no file at all (the configuration leaves all of them out). */
function readResult(result: ProcessResult, { session, where, positions }: Reading): Diagnostic[] {
  const code = exitCodeOf('oxlint', result);
  const output = result.stdout.toString('utf8');
  const start = output.search(/^\{/m);
  if (code > 1 || start < 0) throw trouble(session, result);
  const report = parseJson(output.slice(start), 'a JSON report', where);
  const diagnostics = at(report, 'diagnostics');
  if (!Array.isArray(diagnostics)) throw outputFault(where, 'a JSON report with diagnostics', output);
  const isEmpty = diagnostics.length === 0;
  if (code === 1 && isEmpty && at(report, 'number_of_files') !== 0 && !output.includes('No files found')) {
    throw trouble(session, result);
  }
  return diagnostics.map((raw: unknown) => {
    if (!isRecord(raw)) throw outputFault(where, 'a JSON report with diagnostics', output);
    return readDiagnostic(raw, where, positions);
  });
}

const SEVERITIES: Readonly<Record<string, Severity>> = { error: 'error', warning: 'warning' };

function readDiagnostic(raw: JsonRecord, where: OutputContext, positions: Reading['positions']): Diagnostic {
  const finding = place(
    {
      file: text(raw.filename) ?? null,
      rule: text(raw.code) ?? null,
      severity: SEVERITIES[text(raw.severity) ?? ''] ?? 'info',
      message: text(raw.message) ?? '',
      start: position(at(raw, 'labels.0.span.line'), at(raw, 'labels.0.span.column')),
      url: text(raw.url),
    },
    where,
  );
  const offset = at(raw, 'labels.0.span.offset');
  const length = at(raw, 'labels.0.span.length');
  const positionAt = finding.path === null ? undefined : positions.get(finding.path);
  if (positionAt === undefined || typeof offset !== 'number' || typeof length !== 'number') return finding;
  return { ...finding, start: positionAt(offset), end: positionAt(offset + length) };
}
