import type { ReporterFactory } from './reporter.js';

/** Every event of the run as one line of JSON, as it happens: the same lines as in `events.jsonl`. */
export const ndjson: ReporterFactory = ({ output }) => ({
  onPlan: () => undefined,
  onEvent: (event) => output.out(`${JSON.stringify(event)}\n`),
  onEnd: () => undefined,
});
