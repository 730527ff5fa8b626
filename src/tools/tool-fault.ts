import type { Failure, FailureKind } from '../model/failure.js';

/** A tool failed as a whole. Thrown by engines only, and turned into a value at one place: the job's boundary. */
export class ToolFault extends Error {
  readonly failure: Failure;

  /** `more`: the tool's own words, and the file that is at fault where there is one. */
  constructor(kind: FailureKind, tool: string, message: string, more: string | Pick<Failure, 'detail' | 'path'> = '') {
    super(message);
    this.name = 'ToolFault';
    const { detail = '', path } = typeof more === 'string' ? { detail: more } : more;
    this.failure = {
      kind,
      tool,
      message,
      ...(detail === '' ? {} : { detail }),
      ...(path === undefined ? {} : { path }),
    };
  }
}
