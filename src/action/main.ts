/** The action: runs `quality` on what GitHub has checked out and says in GitHub's own ways what came of it. */
import { error, setSecret } from '@actions/core';
import { nextStepOf } from '../model/failure.js';
import { readable } from '../reporters/characters.js';
import { act } from './act.js';
import { say } from './log.js';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort(signal));
const token = process.env.INPUT_TOKEN ?? '';
if (token !== '') setSecret(token);

try {
  const result = await act(stop.signal);
  if (!result.ok) {
    for (const failure of result.failure) {
      const detail = failure.detail === undefined ? '' : `\n${failure.detail}`;
      error(readable(`${failure.message}. ${nextStepOf(failure)}${detail}`), { title: 'quality' });
    }
    process.exitCode = 1;
  } else if (result.value !== null) {
    say(`Failed: ${result.value}`);
    process.exitCode = 1;
  }
} catch (cause) {
  const words = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  error(`This is a bug in quality; please report it with the text below.\n${readable(words)}`, { title: 'quality' });
  process.exitCode = 1;
}
