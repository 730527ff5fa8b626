/** Entry of a worker process: one job at a time, each tool loaded once. */
import type { KeptCode } from '../host/compiled-code.js';
import { keepToolsCode } from '../host/tools-code.js';
import { housekeeping, watchPeak } from '../host/memory.js';
import { join } from '../host/paths.js';
import { enterFolder, serveParent } from '../host/worker-process.js';
import type { Job, JobOutcome } from '../model/job.js';
import { localFolder } from '../runs/run-folder.js';
import { together } from './cache/answers.js';
import { loadTools } from '../tools/registry.js';
import { createEngines } from './engines.js';
import { type Reads, watchToolReads } from './reads.js';
import { runJob } from './run-job.js';
import { usesOf } from './uses.js';

export type WorkerRequest =
  | {
      readonly type: 'open';
      readonly root: string;
      readonly cacheFolder: string;
      readonly timeoutMs: number;
      /** Bytes that the process may keep between two jobs. */
      readonly keptBytes: number;
    }
  | { readonly type: 'job'; readonly job: Job };

export type WorkerReply =
  /** This use goes to work now: were the process lost, it would be with it. */
  | { readonly type: 'turn'; readonly job: string; readonly use: string }
  /** `memory`: bytes that the process keeps. */
  | { readonly type: 'outcome'; readonly job: string; readonly outcome: JobOutcome; readonly memory: number };

type Reply = (reply: WorkerReply) => void;
type Work = (job: Job, reply: Reply) => Promise<void>;

/** `ours`: compiled code of our own modules. */
export function serve(ours: KeptCode): void {
  const opened: { root: string; work?: Work; last: Promise<void> } = { root: '', last: Promise.resolve() };
  // Before any tool is loaded: what it takes from `fs` by name is watched as well.
  const reads = watchToolReads(() => opened.root);
  serveParent((message, reply) => {
    const request = message as WorkerRequest;
    if (request.type === 'open') Object.assign(opened, { root: request.root, work: workIn(request, { reads, ours }) });
    else opened.last = opened.last.then(() => opened.work?.(request.job, reply));
  });
}

function workIn(
  settings: Extract<WorkerRequest, { type: 'open' }>,
  { reads, ours }: { readonly reads: Reads; readonly ours: KeptCode },
): Work {
  const { tidy, released } = housekeeping(settings.keptBytes);
  const compiled = keepToolsCode(join(localFolder(settings.root), 'compiled'), importsWhileRunning);
  const engineOf = createEngines({ ...settings, enter: enterFolder, noteReach: reads.note, released });
  const tools = loadTools();
  return async (job, reply) => {
    await tools;
    const peak = watchPeak();
    const outcome = await runJob(settings.root, job, (use) => {
      reply({ type: 'turn', job: job.id, use: use.id });
      compiled.turnTo(use.entry);
      reads.turnTo(use);
      return engineOf(use);
    });
    reads.turnTo(null);
    await Promise.all([ours.keep(), compiled.keep()]);
    const dependsOn = together([outcome.dependsOn, reads.of(usesOf(job))]);
    const whole = { ...outcome, peakMemory: peak(), ...(dependsOn === undefined ? {} : { dependsOn }) };
    reply({ type: 'outcome', job: job.id, outcome: whole, memory: await tidy() });
  };
}

/** What does not parse may do whatever it likes. */
async function importsWhileRunning(path: string, text: string): Promise<boolean> {
  const { parseSync } = await import('oxc-parser');
  const { errors, module } = parseSync(path, text, { lang: 'js', sourceType: 'commonjs' });
  return errors.length > 0 || module.dynamicImports.length > 0;
}
