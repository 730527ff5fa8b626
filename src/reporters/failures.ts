import { type Failure, nextStepOf } from '../model/failure.js';
import { paintFor, showFailure } from './text.js';

/** What happened, where, and what to do next: for failures that end a command before there is a run. */
export function showFailures(failures: readonly Failure[], color: boolean): string {
  const paint = paintFor(color);
  const blocks = failures.map((failure) => {
    const { detail } = failure;
    return `${paint.red('error')} ${showFailure(failure, paint)}${detail === undefined ? '' : `\n${detail}`}`;
  });
  const next = [...new Set(failures.map(nextStepOf))];
  return `${[...blocks, ...next].join('\n')}\n`;
}
