import type { Early } from '../early.js';
import type { Repository } from '../git/repository.js';
import type { Failure } from '../model/failure.js';
import type { Result } from '../model/result.js';
import type { Target } from '../target.js';
import type { HookHooks, HookOutcome, HookRequest } from './request.js';

export interface Asked {
  readonly request: HookRequest;
  readonly hooks: HookHooks;
  readonly target: Target & { readonly repository: Repository };
  /** Workers that are loading already. */
  readonly early?: Early;
}

/** Everything that is found out by a hook, but for the time it took. */
export type Answer = Omit<HookOutcome, 'milliseconds'>;
export type Answered = Result<Answer, readonly Failure[]>;

export function files(number: number, kind: string): string {
  return `${String(number)} ${kind} ${number === 1 ? 'file' : 'files'}`;
}
