import type { Failure } from './failure.js';

/** What can go wrong and is expected to: a value, never an exception (DESIGN idea 6). */
export type Result<T, E = Failure> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: E };

export function success<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function failed<E>(failure: E): { readonly ok: false; readonly failure: E } {
  return { ok: false, failure };
}

/** For the default branch of a switch over a closed union: a new member does not compile until it is handled. */
export function unreachable(value: never): never {
  throw new Error(`Unhandled case: ${JSON.stringify(value)}`);
}
