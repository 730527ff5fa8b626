import type { Report } from '../model/report.js';
import type { Format } from './format.js';
import type { ReporterFactory } from './reporter.js';

/** The report, as in `report.json`, and nothing else on standard output. */
export const json: ReporterFactory = ({ output }) => ({
  onPlan: () => undefined,
  onEvent: () => undefined,
  onEnd: ({ report }) => output.out(textOf(report)),
});

export const jsonReport: Format = ({ report }) => textOf(report);

function textOf(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
