import type { ReporterFactory } from './reporter.js';

/** The report, as in `report.json`, and nothing else on standard output. */
export const json: ReporterFactory = ({ output }) => ({
  onPlan: () => undefined,
  onEvent: () => undefined,
  onEnd: (report) => output.out(`${JSON.stringify(report, null, 2)}\n`),
});
