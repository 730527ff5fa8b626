/** Commands of the project's own: those in `commands` of the config, and the tests that the gate may ask. */
import { Buffer } from 'node:buffer';
import picomatch from 'picomatch';
import type { CustomCommand } from '../config/schema.js';
import { durationMs } from '../config/units.js';
import { readTextIfThere } from '../host/disk.js';
import { absolutePath, join } from '../host/paths.js';
import { type ProcessResult, showCommand } from '../host/process.js';
import { hashBytes } from '../host/hash.js';
import { contentHashOf, stampOf } from '../host/stamp.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Edit } from '../model/edit.js';
import type { JobOutcome } from '../model/job.js';
import type { ToolRole, ToolUse } from '../model/tool-use.js';
import { type Order, logOf, outputOf, runOrder, takesFiles } from './custom/command.js';
import { failingLines, lastLines } from './custom/words.js';
import { whereTextsStand } from './in-scratch.js';
import { type OutputContext, outputFault } from './output/context.js';
import { distribute } from './output/distribute.js';
import { GCC, readLines } from './output/lines.js';
import { COMMON_PARSERS } from './output/parsers.js';
import { readUnifiedDiff } from './output/unified-diff.js';
import { crash } from './presets/run.js';
import { type Scratch, listWorkspace, withScratchCopy } from './scratch.js';
import { withLinkedCopy } from './scratch/linked.js';
import { ToolFault } from './tool-fault.js';
import type { ProjectView, SourceText, Tool } from './tool.js';

/** A command of the config. One that writes does so in a scratch copy; its edits come back in the outcome. */
export function customTool(name: string, command: CustomCommand): Tool {
  const matches = command.files.length === 0 ? () => true : picomatch([...command.files], { dot: true });
  return {
    name,
    roles: ['command'],
    grain: 'project',
    reach: () => 'world',
    runsIn: 'main',
    // One that writes gets its files in a copy, of just what was read.
    ...(command.effect === 'reads' ? { readsDisk: true } : {}),
    adapterVersion: 1,
    detect: (project) => Promise.resolve({ uses: [commandUse(name, command, project)], skips: [] }),
    takes: (_, file) => matches(file.path),
    open: (_, context) => {
      const timeout = command.timeout === undefined ? {} : { timeoutMs: durationMs(command.timeout) };
      const order: Order = { name, run: command.run, cwd: command.cwd, context, ...timeout };
      return Promise.resolve({ check: (files) => runCommand(order, command, files) });
    },
  };
}

function commandUse(name: string, command: CustomCommand, project: ProjectView): ToolUse {
  const isInput = command.inputs.length === 0 ? () => false : picomatch([...command.inputs], { dot: true });
  const inputs = project.files.map((file) => file.path).filter((path) => isInput(path));
  const options = { command: JSON.parse(JSON.stringify(command)) as CustomCommand };
  return { ...ownUse(name, 'command', `config commands.${name}`), root: command.cwd, configFiles: inputs, options };
}

function ownUse(name: string, role: ToolRole, evidence: string): ToolUse {
  const fixed = { version: 'unknown', origin: 'config', root: '', entry: '', scope: null, configFiles: [] } as const;
  return { ...fixed, id: `${name}@`, tool: name, roles: [role], evidence, options: {} };
}

async function runCommand(order: Order, command: CustomCommand, files: readonly SourceText[]): Promise<JobOutcome> {
  const paths = files.map((file) => file.path);
  if (command.effect === 'reads')
    return whereFilesStand(order, files, async (root) => {
      const results = await onlyReading(order, { files, root }, () => runOrder(order, root, paths));
      const found = await findingsOf(results, command, contextOf(order, root));
      return { ...distribute(files, found), log: logOf(results) };
    });
  return inScratch(order, files, async (scratch) => {
    const results = await runOrder(order, scratch.folder, paths);
    const context = contextOf(order, scratch.folder);
    const found = await findingsOf(results, command, context);
    const edits = await editsOf(results, command, { scratch, context });
    return { ...distribute(files, found), edits, log: logOf(results) };
  });
}

/** In the workspace itself where all of them stand there. Who is given files looks at these; others at what lies around, too. */
function whereFilesStand(
  order: Order,
  files: readonly SourceText[],
  work: (root: string) => Promise<JobOutcome>,
): Promise<JobOutcome> {
  const { name: tool, context } = order;
  const isLinked = takesFiles(order) && files.some((file) => file.virtual);
  // To make a link takes a right there that few have.
  if (!isLinked || process.platform === 'win32') return whereTextsStand(files, { tool, context }, work);
  const contents = files.map(({ path, text, virtual }) => [path, virtual ? Buffer.from(text, 'utf8') : null] as const);
  return withLinkedCopy({ root: context.root, files: new Map(contents), cwd: order.cwd }, work);
}

/** A command that writes although it is said only to read is found out by the files that it was given. */
async function onlyReading(
  { name, run }: Order,
  { files, root }: { readonly files: readonly SourceText[]; readonly root: string },
  work: () => Promise<ProcessResult[]>,
): Promise<ProcessResult[]> {
  if (!takesFiles({ run })) return work();
  const stamps = files.map(({ path }) => stampOf(absolutePath(root, path)));
  const results = await work();
  const changed = files.find(({ path, hash, virtual, text }, number) => {
    const file = absolutePath(root, path);
    if (stampOf(file) === stamps[number]) return false;
    return contentHashOf(file) !== (virtual ? hashBytes(Buffer.from(text, 'utf8')) : hash);
  });
  if (changed === undefined) return results;
  const message = `It was changed while "${name}" ran, which is said only to read`;
  const detail = 'if it was the command, give it "effect": "writes" in the config; else run again';
  throw new ToolFault('file-changed', name, message, { path: changed.path, detail });
}

function contextOf({ name, cwd }: Order, root: string): OutputContext {
  return { tool: name, root, cwd: absolutePath(root, cwd) };
}

async function inScratch(
  { name, context }: Order,
  files: readonly SourceText[],
  work: (scratch: Scratch) => Promise<JobOutcome>,
): Promise<JobOutcome> {
  const { root, signal } = context;
  const hashes = new Map(files.filter((file) => !file.virtual).map((file) => [file.path, file.hash]));
  const virtual = files.filter((file) => file.virtual);
  const listed = new Set([...(await listWorkspace(root)), ...files.map((file) => file.path)]);
  const options = {
    tool: name,
    root,
    files: [...listed].map((path) => ({ path, ...(hashes.has(path) ? { hash: hashes.get(path) ?? '' } : {}) })),
    contents: new Map(virtual.map((file) => [file.path, Buffer.from(file.text, 'utf8')])),
  };
  return withScratchCopy({ ...options, ...(signal === undefined ? {} : { signal }) }, work);
}

/** Exit code and output must agree: a failure that nobody can read is a fault, not silence. */
async function findingsOf(
  results: readonly ProcessResult[],
  { output }: CustomCommand,
  context: OutputContext,
): Promise<Diagnostic[]> {
  const found: Diagnostic[] = [];
  for (const result of results) {
    const isFine = result.exitCode === 0;
    if (output === 'exit-code') {
      if (!isFine) found.push(exitFinding(result, context.tool));
      continue;
    }
    const own = await parse(result, output, context);
    if (!isFine && own.length === 0) throw crash(result, context.tool);
    found.push(...own);
  }
  return found;
}

async function parse(
  result: ProcessResult,
  format: Exclude<CustomCommand['output'], 'exit-code'>,
  context: OutputContext,
): Promise<readonly Diagnostic[]> {
  // Lines may stand on either stream, among others; documents stand on one.
  if (format === 'gcc') return readLines(outputOf(result), GCC, context).found;
  const stdout = result.stdout.toString('utf8');
  return COMMON_PARSERS[format](stdout.trim() === '' ? result.stderr.toString('utf8') : stdout, context);
}

const QUOTED_LINES = 5;

function exitFinding(result: ProcessResult, tool: string): Diagnostic {
  const words = lastLines(outputOf(result), QUOTED_LINES);
  const message = `exit code ${String(result.exitCode)}${words === '' ? '' : `\n${words}`}`;
  return { tool, rule: null, severity: 'error', message, path: null };
}

/** A command that failed leaves nothing behind. */
async function editsOf(
  results: readonly ProcessResult[],
  { output }: CustomCommand,
  { scratch, context }: { scratch: Scratch; context: OutputContext },
): Promise<readonly Edit[]> {
  if (output === 'exit-code' && results.some((result) => result.exitCode !== 0)) return [];
  const written = await scratch.readEdits();
  if (output !== 'unified-diff' || written.length > 0) return written;
  return (await Promise.all(results.map((result) => editsOfDiff(result, context)))).flat();
}

/** A command that prints what it would change has changed nothing: its diff is applied to what it saw. */
async function editsOfDiff(result: ProcessResult, context: OutputContext): Promise<Edit[]> {
  const output = result.stdout.toString('utf8');
  const files = await readUnifiedDiff(output, context);
  return Promise.all(
    files.map(async (file): Promise<Edit> => {
      const text = file.kind === 'created' ? '' : await readTextIfThere(join(context.root, file.path));
      const after = text === null ? null : file.apply(text);
      if (text === null || after === null) throw outputFault(context, `a diff that fits ${file.path}`, output);
      return {
        path: file.path,
        before: file.kind === 'created' ? null : hashBytes(Buffer.from(text, 'utf8')),
        after: file.kind === 'deleted' ? null : Buffer.from(after, 'utf8'),
      };
    }),
  );
}

/**
 * The project's own check: exit code 0 is fine. Anything else is one finding for the exit code and one for each line
 * that names a failing test, so that a test that begins to fail beside others shows as a new finding.
 */
export function testTool(run: readonly string[]): Tool {
  const name = `test:${run.join(' ')}`;
  return {
    name,
    roles: ['check'],
    grain: 'project',
    reach: () => 'world',
    runsIn: 'main',
    readsDisk: true,
    adapterVersion: 1,
    detect: () =>
      Promise.resolve({ uses: [{ ...ownUse(name, 'check', 'config verify.tests'), options: { run } }], skips: [] }),
    takes: () => true,
    open: (_, context) =>
      Promise.resolve({ check: (files) => runTests({ name: 'test', run, cwd: '', context }, files) }),
  };
}

function runTests(order: Order, files: readonly SourceText[]): Promise<JobOutcome> {
  const { name: tool, context } = order;
  return whereTextsStand(files, { tool, context }, async (root) => {
    const results = await runOrder(order, root, []);
    const diagnostics = results.flatMap((result) => testFindings(result, order.run));
    return { ...distribute(files, diagnostics), log: logOf(results) };
  });
}

function testFindings(result: ProcessResult, run: readonly string[]): Diagnostic[] {
  if (result.exitCode === 0) return [];
  const rule = showCommand(run[0] ?? '', run.slice(1));
  const messages = [`exit code ${String(result.exitCode)}`, ...failingLines(outputOf(result))];
  return messages.map((message) => ({ tool: 'test', rule, severity: 'error', message, path: null }));
}
