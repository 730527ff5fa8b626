/** One page with everything of a run, that needs neither network nor server. */
import { boundLines } from './bound-text.js';
import { xml } from './characters.js';
import type { Format, RunRecord } from './format.js';
import { editRows } from './html/edits.js';
import { packFindings } from './html/findings.js';
import type { Payload } from './html/payload.js';
import { timelineOf } from './html/timeline.js';
import { lands, paintFor } from './text.js';

const MOST_RUNS = 100;
const MOST_FUNCTIONS = 20;

export const html: Format = async (record) => {
  const [{ script, style }, payload] = await Promise.all([record.evidence.page(), payloadOf(record)]);
  // Nothing may be loaded from anywhere, whatever a message or a file name looks like.
  const policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="color-scheme" content="light dark">
<title>${xml(`quality ${payload.report.workflow}, run ${payload.report.run}`)}</title>
<style>${style.replaceAll('</style', '<\\/style')}</style>
</head>
<body>
<noscript>This page draws itself with the script in it; \`quality report --format text\` needs none.</noscript>
<script type="application/json" id="data">${embedded(payload)}</script>
<script>${script.replaceAll('</script', '<\\/script')}</script>
</body>
</html>
`;
};

/** JSON that no HTML parser sees a tag or a comment in, and that is a line of JavaScript too. */
function embedded(payload: Payload): string {
  return JSON.stringify(payload)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

async function payloadOf(record: RunRecord): Promise<Payload> {
  const { report, evidence } = record;
  const { run, qualityVersion, workflow, mode, status, exitCode, startedAt, milliseconds, files, counts } = report;
  const { failures, notices } = report;
  const trend = await evidence.trend();
  return {
    report: {
      ...{ run, qualityVersion, workflow, mode, status, exitCode, startedAt, milliseconds, files, counts },
      ...{ failures, notices },
    },
    ...(await packFindings(record)),
    ...(await editRows(record)),
    ...timelineOf(record),
    bound: boundLines(record, paintFor(false)),
    trend: trend.filter((point) => point.workflow === workflow && point.run <= run).slice(-MOST_RUNS),
    analysis:
      report.analysis === null
        ? null
        : { ...report.analysis, functions: report.analysis.functions.slice(0, MOST_FUNCTIONS) },
    inBaseline: report.known.length,
    landed: lands(report.mode),
  };
}
