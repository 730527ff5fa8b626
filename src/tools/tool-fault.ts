import type { Failure, FailureKind } from '../model/failure.js';

/** A tool failed as a whole. Thrown by engines only, and turned into a value at one place: the job's boundary. */
export class ToolFault extends Error {
  readonly failure: Failure;

  constructor(kind: FailureKind, tool: string, message: string, detail?: string) {
    super(message);
    this.name = 'ToolFault';
    this.failure = { kind, tool, message, ...(detail === undefined || detail === '' ? {} : { detail }) };
  }
}
