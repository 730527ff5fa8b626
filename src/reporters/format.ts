import type { Diagnostic } from '../model/diagnostic.js';
import type { EditRecord } from '../model/edit.js';
import type { Event } from '../model/event.js';
import type { Plan } from '../model/plan.js';
import type { Report } from '../model/report.js';
import type { RunState } from '../model/run-state.js';
import type { TrendPoint } from '../model/trend.js';

/** On which side of the run's edits: content as the run found it, or as it has left it. */
export type Side = 'before' | 'after';

/** Reports for other programs name files from the top of the repository, wherever the target is in it. */
export interface Place {
  /** Absolute. */
  readonly top: string;
  /** What workspace paths have in front when seen from the top: "" or "packages/a/". */
  readonly prefix: string;
  /** A file that findings of the project as a whole can be pinned to, where a format wants a place. */
  readonly anchor: string;
}

/** What lies around a run's log, fetched only by those who want it. */
export interface Evidence {
  /** Text of a file; null where there is none, and where it may be another one than the run has seen. */
  readonly source: (path: string, side: Side) => Promise<string | null>;
  /** The line that a finding is about with a marker below it; null where that cannot be had. */
  readonly excerpt: (finding: Diagnostic, side: Side) => Promise<string | null>;
  /** Both texts of an edit; null for a side that is no text, or no file. */
  readonly textsOf: (edit: EditRecord) => Promise<Readonly<Record<Side, string | null>>>;
  /** Unified diff; "" where the contents are gone. */
  readonly patchOf: (edit: EditRecord) => Promise<string>;
  /** What the newest earlier run of the same kind found; null where there was none. */
  readonly earlier: () => Promise<readonly Diagnostic[] | null>;
  readonly trend: () => Promise<readonly TrendPoint[]>;
  /** Script and style of the HTML report. */
  readonly page: () => Promise<{ readonly script: string; readonly style: string }>;
}

export interface Ending {
  readonly report: Report;
  /** Of the run, absolute. */
  readonly folder: string;
  readonly evidence: Evidence;
}

/** A run as its log tells it: all that a report is made from. */
export interface RunRecord extends Ending {
  readonly place: Place;
  readonly state: RunState;
  readonly events: readonly Event[];
  readonly plan: Plan | null;
}

export type Verbosity = 'quiet' | 'normal' | 'verbose';

/** Only the format for people asks for colour and verbosity. */
export interface FormatSettings {
  readonly color: boolean;
  readonly verbosity: Verbosity;
  /** One line for the person who asked: what a format has no room for. */
  readonly tell?: (message: string) => void;
}

/** A run in, text out. A new format is one file that exports one of these, and one line in the registry. */
export type Format = (record: RunRecord, settings: FormatSettings) => string | Promise<string>;
