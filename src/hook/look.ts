/** A run over contents that need not stand on disk: those of an index, or of a commit. */
import type { Failure } from '../model/failure.js';
import type { PlanSummary } from '../model/plan.js';
import { type Result, success } from '../model/result.js';
import { type Opened, type Prepared, type Request, openTarget } from '../open.js';
import { type RunResult, runOpened } from '../quality.js';
import type { Asked } from './asked.js';

export interface Look {
  readonly asked: Asked;
  readonly opened: Opened;
  readonly run: RunResult;
  readonly plan: PlanSummary;
}

/** `onPrepared`: hears what will be done as soon as that is known. */
export async function lookAtContents(
  wishes: Request,
  asked: Asked,
  onPrepared: (prepared: Prepared) => void = () => undefined,
): Promise<Result<Look, readonly Failure[]>> {
  const opened = await openTarget(wishes, asked.target);
  if (!opened.ok) return opened;
  const seen: { plan?: PlanSummary } = {};
  const run = await runOpened(wishes, asked.hooks, {
    opened: opened.value,
    tree: null,
    onPrepared: (prepared) => {
      seen.plan = prepared.plan;
      onPrepared(prepared);
    },
    ...(asked.early === undefined ? {} : { early: asked.early }),
  });
  if (!run.ok) return run;
  if (seen.plan === undefined) throw new Error('A run without a plan');
  return success({ asked, opened: opened.value, run: run.value, plan: seen.plan });
}
