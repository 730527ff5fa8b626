/** Entry of a worker process: one job at a time, each tool loaded once. */
import { housekeeping } from '../host/memory.js';
import { enterFolder, serveParent } from '../host/worker-process.js';
import type { Job, JobOutcome } from '../model/job.js';
import { together } from './cache/answers.js';
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
  | { readonly type: 'turn'; readonly use: string }
  /** `memory`: bytes that the process keeps. */
  | { readonly type: 'outcome'; readonly job: string; readonly outcome: JobOutcome; readonly memory: number };

type Reply = (reply: WorkerReply) => void;
type Work = (job: Job, reply: Reply) => Promise<void>;

export function serve(): void {
  const opened: { root: string; work?: Work } = { root: '' };
  // Before any tool is loaded: what it takes from `fs` by name is watched as well.
  const reads = watchToolReads(() => opened.root);
  serveParent((message, reply) => {
    const request = message as WorkerRequest;
    if (request.type === 'open') Object.assign(opened, { root: request.root, work: workIn(request, reads) });
    else void opened.work?.(request.job, reply);
  });
}

function workIn(settings: Extract<WorkerRequest, { type: 'open' }>, reads: Reads): Work {
  const { tidy, released } = housekeeping(settings.keptBytes);
  const engineOf = createEngines({ ...settings, enter: enterFolder, noteReach: reads.note, released });
  return async (job, reply) => {
    const outcome = await runJob(settings.root, job, (use) => {
      reply({ type: 'turn', use: use.id });
      reads.turnTo(use);
      return engineOf(use);
    });
    reads.turnTo(null);
    const dependsOn = together([outcome.dependsOn, reads.of(usesOf(job))]);
    const whole = dependsOn === undefined ? outcome : { ...outcome, dependsOn };
    reply({ type: 'outcome', job: job.id, outcome: whole, memory: await tidy() });
  };
}
