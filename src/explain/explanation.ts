/** What `quality explain` has to say, as data. */
import type { Diagnostic } from '../model/diagnostic.js';
import type { Report } from '../model/report.js';
import type { NextStep } from '../reporters/agent/next-steps.js';

export interface RuleExplanation {
  readonly kind: 'rule';
  readonly tool: string;
  /** `eslint/no-undef` */
  readonly rule: string;
  /** In the words of the tool, where it has any. */
  readonly what: string;
  readonly url: string | null;
  /** What mends it, in words. */
  readonly fix: string;
  /** How the project has it set, where that is known. */
  readonly setting: string | null;
  readonly silence: readonly string[];
  readonly seen: {
    readonly run: string;
    readonly findings: number;
    /** A few of them. */
    readonly examples: readonly Diagnostic[];
  } | null;
  readonly next: readonly NextStep[];
}

export interface FileTool {
  readonly tool: string;
  readonly version: string;
  /** What it is asked for: `format`, `lint`, a command. */
  readonly asked: readonly string[];
  readonly evidence: string;
  /** Files that decide what it does here, nearest first. */
  readonly configs: readonly string[];
}

export interface FileExplanation {
  readonly kind: 'file';
  readonly path: string;
  readonly line: number | null;
  readonly language: string | null;
  /** null where there was no run that verified. */
  readonly run: string | null;
  /** Of that run: in this line, or in the whole file where no line is asked for. */
  readonly findings: readonly Diagnostic[];
  /** Others in the file. */
  readonly others: number;
  readonly tools: readonly FileTool[];
  /** What formats it, in order: `eslint → prettier`. */
  readonly chain: string | null;
  /** Why not, or not everything, is done here. */
  readonly skipped: readonly string[];
  readonly next: readonly NextStep[];
}

export interface ExplainedStep {
  readonly step: string;
  readonly status: string;
  /** Why it stands in the plan, or why it was skipped. */
  readonly reason: string;
  readonly files: number;
  readonly changed: readonly string[];
}

export interface RunExplanation extends Pick<
  Report,
  'run' | 'workflow' | 'mode' | 'status' | 'exitCode' | 'counts' | 'refused' | 'takenBack' | 'failures' | 'notices'
> {
  readonly kind: 'run';
  readonly phases: readonly {
    readonly phase: string;
    readonly reason: string;
    readonly steps: readonly ExplainedStep[];
  }[];
  readonly gate: string;
  readonly rolledBack: boolean;
  readonly changes: number;
  readonly next: readonly NextStep[];
}

export type Explanation = RuleExplanation | FileExplanation | RunExplanation;
