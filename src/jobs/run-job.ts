/** What happens inside a job: pure, whichever process it runs in. The one boundary where a tool's fault becomes a value. */
import type { Diagnostic } from '../model/diagnostic.js';
import type { Failure } from '../model/failure.js';
import type { FileOutcome, Job, JobOutcome } from '../model/job.js';
import type { ToolUse } from '../model/tool-use.js';
import { toolOf } from '../tools/registry.js';
import { ToolFault } from '../tools/tool-fault.js';
import type { Engine, SourceText, Transformed } from '../tools/tool.js';
import { readSources } from './source.js';

/** Gives the loaded engine of a use, moving into its folder first. Throws `ToolFault`. */
export type EngineSource = (use: ToolUse) => Promise<Engine>;

/** Cleanup and formatting take turns until neither finds anything; this many turns are never needed by honest tools. */
const MOST_ROUNDS = 10;

export async function runJob(root: string, job: Job, engineOf: EngineSource): Promise<JobOutcome> {
  const uses = [...job.links.flat(), ...(job.trigger === undefined ? [] : [job.trigger])];
  const { sources, unreadable } = await readSources(
    root,
    job.files,
    uses.every((use) => toolOf(use).readsDisk === true),
  );
  const outcome =
    job.action === 'check' ? await check(job, sources, engineOf) : await transform(job, sources, engineOf);
  return { ...outcome, files: [...outcome.files, ...unreadable] };
}

async function check(job: Job, sources: readonly SourceText[], engineOf: EngineSource): Promise<JobOutcome> {
  const use = job.links[0]?.[0];
  if (use === undefined) throw new Error(`Job ${job.id} has no tool`);
  return atBoundary(use, async () => {
    const engine = await engineOf(use);
    if (engine.check === undefined) throw new Error(`${use.tool} has no check`);
    return engine.check(sources);
  });
}

async function atBoundary(use: ToolUse, work: () => Promise<JobOutcome>): Promise<JobOutcome> {
  try {
    return await work();
  } catch (error) {
    return { files: [], diagnostics: [], failure: faultOf(use, error) };
  }
}

function faultOf(use: ToolUse, error: unknown): Failure {
  if (error instanceof ToolFault) return { ...error.failure, tool: use.tool };
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { kind: 'tool-crashed', tool: use.tool, message: `${use.tool} crashed`, detail };
}

/** One file on its way through the chain. */
interface Piece {
  readonly source: SourceText;
  text: string;
  tools: string[];
  ignoredBy: number;
  diagnostics: Diagnostic[];
  failure: Failure | undefined;
  isStandIn: boolean;
}

async function transform(job: Job, sources: readonly SourceText[], engineOf: EngineSource): Promise<JobOutcome> {
  const pieces = sources.map((source): Piece => ({
    source,
    text: source.text,
    tools: [],
    ignoredBy: 0,
    diagnostics: [],
    failure: undefined,
    isStandIn: false,
  }));
  const failures: Failure[] = [];
  let turn: readonly Piece[] = pieces;
  const steps = job.links.length;
  for (let round = 0; round < MOST_ROUNDS && turn.length > 0; round++) {
    if (job.trigger !== undefined) turn = await passLink([job.trigger], turn, { engineOf, failures });
    for (const piece of turn) piece.ignoredBy = 0;
    for (const link of job.links) await passLink(link, turn, { engineOf, failures });
    if (job.trigger === undefined) break;
    turn = turn.filter((piece) => !isLeftAlone(piece, steps));
  }
  return {
    files: pieces.map((piece) => outcomeOf(piece, steps)),
    diagnostics: [],
    ...(failures[0] === undefined ? {} : { failure: failures[0] }),
  };
}

interface Passage {
  readonly engineOf: EngineSource;
  readonly failures: Failure[];
}

/** Sends the pieces through one link: the first alternative that works does all of them. Returns those it changed. */
async function passLink(
  link: readonly ToolUse[],
  pieces: readonly Piece[],
  passage: Passage,
): Promise<readonly Piece[]> {
  const alive = pieces.filter((piece) => piece.failure === undefined);
  if (alive.length === 0) return [];
  const faults: Failure[] = [];
  for (const use of link) {
    try {
      const engine = await passage.engineOf(use);
      const changed = await passEngine(use, engine, alive);
      if (faults.length > 0) for (const piece of alive) piece.isStandIn = true;
      return changed;
    } catch (error) {
      faults.push(faultOf(use, error));
    }
  }
  passage.failures.push(...faults.slice(0, 1));
  // An edit passes the whole chain or does not land; a file that is as it was may go on to the links after this one.
  for (const piece of alive) if (piece.text !== piece.source.text) piece.failure = faults[0];
  return [];
}

async function passEngine(use: ToolUse, engine: Engine, pieces: readonly Piece[]): Promise<readonly Piece[]> {
  if (engine.transform === undefined) throw new Error(`${use.tool} cannot transform`);
  const results = await engine.transform(
    pieces.map((piece) => ({
      ...piece.source,
      text: piece.text,
      virtual: piece.source.virtual || piece.text !== piece.source.text,
    })),
  );
  return pieces.filter((piece, index) => takeResult(piece, use, results[index]));
}

/** Whether the piece's text changed. */
function takeResult(piece: Piece, use: ToolUse, result: Transformed | undefined): boolean {
  if (result === undefined) throw new Error(`${use.tool} gave no answer for ${piece.source.path}`);
  if (result.status === 'ignored') piece.ignoredBy += 1;
  if (result.status === 'failed') {
    piece.failure = result.failure ?? {
      kind: 'tool-crashed',
      tool: use.tool,
      path: piece.source.path,
      message: `${use.tool} failed`,
    };
    piece.diagnostics.push(...(result.diagnostics ?? []));
    return false;
  }
  if (result.text === piece.text) return false;
  piece.text = result.text;
  if (!piece.tools.includes(use.tool)) piece.tools.push(use.tool);
  return true;
}

/** What each formatter of the project is told to ignore (input of tests, code of others) is left as it was. */
function isLeftAlone(piece: Piece, links: number): boolean {
  if (links === 0 || piece.ignoredBy < links) return false;
  piece.text = piece.source.text;
  piece.tools = [];
  piece.diagnostics = [];
  return true;
}

function outcomeOf(piece: Piece, links: number): FileOutcome {
  const { path, hash } = piece.source;
  if (piece.failure !== undefined)
    return { path, hash, status: 'failed', diagnostics: piece.diagnostics, failure: piece.failure };
  const changed = piece.text !== piece.source.text;
  return {
    path,
    hash,
    status: links > 0 && piece.ignoredBy === links && !changed ? 'ignored' : 'done',
    ...(changed ? { after: Buffer.from(piece.text, 'utf8'), tools: piece.tools } : {}),
    ...(piece.isStandIn ? { isStandIn: true } : {}),
    diagnostics: piece.diagnostics,
  };
}
