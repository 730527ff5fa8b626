import type { Event } from '../model/event.js';
import type { PlanSummary } from '../model/plan.js';
import type { Report } from '../model/report.js';

/** Where a reporter writes. Lines for people and programs go to `out`, progress to `progress`. */
export interface Output {
  readonly out: (text: string) => void;
  readonly progress: (text: string) => void;
  readonly color: boolean;
}

export interface ReporterSettings {
  readonly output: Output;
  readonly verbosity: 'quiet' | 'normal' | 'verbose';
}

/** Events in, text out. A new reporter is one file that exports a `ReporterFactory`, and one line in the registry. */
export interface Reporter {
  readonly onPlan: (plan: PlanSummary) => void;
  readonly onEvent: (event: Event) => void;
  /** `folder` is the run's, absolute. */
  readonly onEnd: (report: Report, folder: string) => void;
}

export type ReporterFactory = (settings: ReporterSettings) => Reporter;
