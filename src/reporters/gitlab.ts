/** GitLab's Code Quality report: the part of Code Climate's format that GitLab reads. */
import type { Severity } from '../model/diagnostic.js';
import { readable } from './characters.js';
import type { Format } from './format.js';
import { problemsOf, ruleIdOf } from './problems.js';

const SEVERITIES: Readonly<Record<Severity, string>> = { error: 'major', warning: 'minor', info: 'info' };
/** What stops the work itself stands above what is found in it. */
const OF_THE_RUN = 'blocker';

export const gitlab: Format = ({ state, place }) => {
  const issues = problemsOf(state).map(({ finding, fingerprint }) => ({
    type: 'issue',
    description: readable(finding.message),
    check_name: readable(ruleIdOf(finding)),
    fingerprint,
    severity: finding.tool === 'quality' && finding.rule !== 'would-change' ? OF_THE_RUN : SEVERITIES[finding.severity],
    location: {
      path: readable(`${place.prefix}${finding.path ?? place.anchor}`),
      lines: { begin: Math.max(1, finding.start?.line ?? 1) },
    },
  }));
  return `${JSON.stringify(issues, null, 1)}\n`;
};
