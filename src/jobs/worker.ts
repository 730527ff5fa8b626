/** Entry of a worker process: one job at a time, each tool loaded once. */
import { enterFolder, serveParent } from '../host/worker-process.js';
import type { Job, JobOutcome } from '../model/job.js';
import { createEngines } from './engines.js';
import { type EngineSource, runJob } from './run-job.js';

export type WorkerRequest =
  | { readonly type: 'open'; readonly root: string; readonly cacheFolder: string; readonly timeoutMs: number }
  | { readonly type: 'job'; readonly job: Job };

export interface WorkerReply {
  readonly type: 'outcome';
  readonly job: string;
  readonly outcome: JobOutcome;
}

export function serve(): void {
  let root = '';
  let engineOf: EngineSource = () => Promise.reject(new Error('The worker has not been opened'));
  serveParent((message, reply) => {
    const request = message as WorkerRequest;
    if (request.type === 'open') {
      root = request.root;
      engineOf = createEngines({ ...request, enter: enterFolder }).engineOf;
      return;
    }
    void runJob(root, request.job, engineOf).then((outcome) =>
      reply({ type: 'outcome', job: request.job.id, outcome } satisfies WorkerReply),
    );
  });
}
