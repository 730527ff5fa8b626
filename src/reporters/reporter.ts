import type { Event } from '../model/event.js';
import type { PlanSummary } from '../model/plan.js';
import type { Terminal } from './live/screen.js';
import type { Ending, FormatSettings } from './format.js';

/** Where a reporter writes. Lines for people and programs go to `out`, progress to `progress`. */
export interface Output {
  readonly out: (text: string) => void;
  readonly progress: (text: string) => void;
  readonly color: boolean;
  /** Where progress goes, for reporters that draw. */
  readonly terminal: Terminal;
}

export interface ReporterSettings extends Pick<FormatSettings, 'verbosity'> {
  readonly output: Output;
}

/** Shows a run as it goes on: events in, text out. A new one is one file and one line in the registry. */
export interface Reporter {
  readonly onPlan: (plan: PlanSummary) => void;
  readonly onEvent: (event: Event) => void;
  readonly onEnd: (ending: Ending) => void | Promise<void>;
  /** While this work goes on nothing else is drawn: a question is asked, a line is printed by somebody else. */
  readonly aside?: <T>(work: () => T | Promise<T>) => Promise<T>;
}

export type ReporterFactory = (settings: ReporterSettings) => Reporter;
