/** Linting with a program. */
import pLimit from 'p-limit';
import { argumentBatches } from '../../host/argument-limit.js';
import type { ProcessResult } from '../../host/process.js';
import { exists } from '../../host/disk.js';
import { absolutePath, join } from '../../host/paths.js';
import type { Diagnostic } from '../../model/diagnostic.js';
import type { JobOutcome } from '../../model/job.js';
import { inUtf16 } from '../output/columns.js';
import { distribute } from '../output/distribute.js';
import { foldersUpward } from '../packages.js';
import { listWorkspace, withScratchCopy } from '../scratch.js';
import type { SourceText } from '../tool.js';
import { outputContext } from './format.js';
import type { LintPreset } from './preset.js';
import { type Setting, argumentPath, argumentsOf, crash, flagsFor, groupByFlags, runTool, streamOf } from './run.js';

const AT_ONCE = 4;

export async function lintFiles(files: readonly SourceText[], lint: LintPreset, setting: Setting): Promise<JobOutcome> {
  const texts = new Map(files.map((file) => [file.path, file.text]));
  const found = await findingsOf(files, lint, setting);
  return distribute(
    files,
    inUtf16(found, lint.columns ?? 'utf-16', (path) => texts.get(path)),
  );
}

async function findingsOf(files: readonly SourceText[], lint: LintPreset, setting: Setting): Promise<Diagnostic[]> {
  const virtual = files.filter((file) => file.virtual);
  if (virtual.length === 0) return lintOnDisk(files, lint, setting);
  if (lint.stdin === undefined) return inScratch(virtual, setting, (there) => lintOnDisk(files, lint, there));
  const onDisk = files.filter((file) => !file.virtual);
  return [...(await lintOnDisk(onDisk, lint, setting)), ...(await lintTexts(virtual, lint, setting))];
}

/** The tool sees the workspace with these texts in it; what it finds is as if they stood on disk. */
async function inScratch(
  virtual: readonly SourceText[],
  setting: Setting,
  work: (there: Setting) => Promise<Diagnostic[]>,
): Promise<Diagnostic[]> {
  const { root, signal } = setting.context;
  const contents = new Map(virtual.map((file) => [file.path, Buffer.from(file.text, 'utf8')]));
  const listed = await listWorkspace(root);
  const files = [...new Set([...listed, ...contents.keys()])].map((path) => ({ path }));
  return withScratchCopy(
    { tool: setting.says, root, files, contents, ...(signal === undefined ? {} : { signal }) },
    ({ folder }) => work({ ...setting, context: { ...setting.context, root: folder } }),
  );
}

async function lintOnDisk(files: readonly SourceText[], lint: LintPreset, setting: Setting): Promise<Diagnostic[]> {
  if (setting.preset.grain === 'project') return lintProject(lint, setting);
  const found: Diagnostic[] = [];
  for (const { flags, files: group } of groupByFlags(files, setting.use)) {
    const paths = group.map((file) => `${lint.literal ?? ''}${argumentPath(file.path, setting.use)}`);
    for (const batch of argumentBatches(argumentsOf(lint.args, { flags }, setting), paths)) {
      found.push(...(await lintBatch(batch, flags, { lint, setting })));
    }
  }
  return found;
}

async function lintProject(lint: LintPreset, setting: Setting): Promise<Diagnostic[]> {
  const flags = flagsFor(setting.use.root, setting.use);
  const args = argumentsOf(lint.args, { flags }, setting);
  const run = async (lock: readonly string[], there: Setting): Promise<Diagnostic[]> => {
    const words = args.flatMap((word) => (word === '{lock}' ? lock : [word]));
    return readFindings(await runTool(words, {}, there), lint, there);
  };
  if (lint.lock === undefined) return run([], setting);
  if (await isAbove(lint.lock.file, setting)) return run([lint.lock.flag], setting);
  return inScratch([], setting, (there) => run([], there));
}

/** Does it stand in the tool's folder, or in one above it within the workspace? */
async function isAbove(file: string, { use, context }: Setting): Promise<boolean> {
  const root = absolutePath(context.root, use.root);
  for (const folder of foldersUpward(root)) {
    if (await exists(join(folder, file))) return true;
    if (folder === context.root) return false;
  }
  return false;
}

async function lintBatch(
  batch: readonly string[],
  flags: readonly string[],
  { lint, setting }: { lint: LintPreset; setting: Setting },
): Promise<readonly Diagnostic[]> {
  const isListed = lint.listOnStdin === true;
  const args = argumentsOf(lint.args, { files: isListed ? [] : batch, flags }, setting);
  const result = await runTool(args, isListed ? { input: `${batch.join('\n')}\n` } : {}, setting);
  return readFindings(result, lint, setting);
}

async function lintTexts(files: readonly SourceText[], lint: LintPreset, setting: Setting): Promise<Diagnostic[]> {
  const limit = pLimit(AT_ONCE);
  const found = await Promise.allSettled(files.map((file) => limit(() => lintText(file, lint, setting))));
  return found.flatMap((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

async function lintText(file: SourceText, lint: LintPreset, setting: Setting): Promise<Diagnostic[]> {
  const values = { file: argumentPath(file.path, setting.use), flags: flagsFor(file.path, setting.use) };
  const result = await runTool(argumentsOf(lint.stdin ?? [], values, setting), { input: file.text }, setting);
  return readFindings(result, lint, setting);
}

/** The exit code and the output must agree: findings that nobody can read are a fault, not silence. */
async function readFindings(result: ProcessResult, lint: LintPreset, setting: Setting): Promise<Diagnostic[]> {
  const code = result.exitCode ?? -1;
  if (lint.config?.includes(code) === true) throw crash(result, setting.says, 'tool-config');
  if (!lint.ok.includes(code) && !lint.findings.includes(code)) throw crash(result, setting.says);
  const found = await lint.parse(streamOf(result, lint.stream), outputContext(setting));
  if (found.length === 0 && lint.findings.includes(code)) throw crash(result, setting.says);
  return [...found];
}
