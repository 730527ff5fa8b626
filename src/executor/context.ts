import type { Config } from '../config/schema.js';
import type { Repository } from '../git/repository.js';
import type { Runner } from '../jobs/runner.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { EventBody } from '../model/event.js';
import type { Plan } from '../model/plan.js';
import type { Batches } from './batches.js';
import type { Foresight } from './foresight.js';
import type { Ledger } from './ledger.js';
import type { Memo } from './memo.js';
import type { Soundness } from './soundness.js';
import type { Tree } from './tree.js';

/** Everything a step needs; made once for each run by `execute`. */
export interface RunContext {
  readonly run: string;
  readonly root: string;
  /** `.quality/runs/<id>`, absolute. */
  readonly runDir: string;
  readonly plan: Plan;
  readonly config: Config;
  readonly repository: Repository | null;
  readonly tree: Tree;
  readonly memo: Memo;
  readonly ledger: Ledger;
  readonly runner: Runner;
  readonly batches: Batches;
  readonly foresight: Foresight;
  readonly soundness: Soundness;
  /** Goes on beside everything else, one after the other; the run ends when it has, and fails when it has failed. */
  readonly meanwhile: (work: () => Promise<void>) => void;
  readonly emit: (event: EventBody) => void;
  readonly signal: AbortSignal;
  /** Asks on a terminal; null where there is none to ask. */
  readonly ask: ((question: string, choices: readonly string[]) => Promise<string>) | null;
  /** Takes the snapshot; called before anything is written, and does its work once. False: nothing may be written. */
  readonly beforeFirstWrite: () => Promise<boolean>;
  /** When each step that has begun must be done, in `ticks`. */
  readonly deadlines: Map<string, number>;
  /** Files that linters were asked about and that all of them leave out, as their own configurations say. */
  readonly unlinted: Set<string>;
  /** All findings of each verify so far, by step. */
  readonly findings: Map<string, readonly Diagnostic[]>;
}
