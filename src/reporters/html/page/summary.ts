import type { Severity } from '../../../model/diagnostic.js';
import { data, findings, looked } from './data.js';
import { duration, h } from './dom.js';
import { section } from './section.js';

const VERDICTS: Readonly<Record<string, readonly [kind: string, text: string]>> = {
  clean: ['good', 'Nothing left to do'],
  findings: ['fair', 'Findings remain'],
  changes: ['fair', 'Changes to make'],
  regression: ['fair', 'Edits that would have made things worse were taken back'],
  failed: ['bad', 'Something failed'],
  interrupted: ['bad', 'Interrupted; everything was put back as it was'],
  unfinished: ['bad', 'Cut off before its end: what is shown is what it had done until then'],
};

export function summarySection(): HTMLElement {
  const { report } = data;
  const [kind, text] = VERDICTS[report.status] ?? ['bad', report.status];
  return section(
    'summary',
    text,
    h(
      'p',
      { class: 'quiet' },
      `${report.workflow}, run ${report.run}, ${new Date(report.startedAt).toLocaleString('en')}`,
    ),
    h('div', { class: `tiles ${kind}` }, ...tiles()),
    ...failures(),
    ...data.report.notices.map((notice) => h('p', { class: 'notice' }, notice)),
  );
}

function tiles(): HTMLElement[] {
  const { report, changes, refused, steps } = data;
  const known = steps.reduce((sum, step) => sum + step.known, 0);
  const wrote = data.landed ? 'changed' : 'would change';
  return [
    ...(looked ? counts() : []),
    tile(changes.length, `files ${wrote}`),
    ...(refused.length === 0 ? [] : [tile(refused.length, 'edits not kept')]),
    ...(data.inBaseline === 0 ? [] : [tile(data.inBaseline, 'known findings, in the baseline')]),
    tile(report.files, 'files looked at'),
    tile(report.milliseconds === null ? 'unknown' : duration(report.milliseconds), 'time'),
    ...(known === 0 ? [] : [tile(known, 'answers known from before')]),
  ];
}

function counts(): HTMLElement[] {
  return [
    tile(numberOf(0), 'errors', before('error')),
    tile(numberOf(1), 'warnings', before('warning')),
    tile(numberOf(2), 'notes'),
  ];
}

function numberOf(severity: number): number {
  return findings.filter((finding) => finding.severity === severity).length;
}

function before(severity: Severity): string {
  const { before: first, after } = data.report.counts;
  return first === null || after === null || first[severity] === after[severity]
    ? ''
    : `${first[severity].toLocaleString('en')} before`;
}

function tile(value: number | string, what: string, note = ''): HTMLElement {
  const shown = typeof value === 'number' ? value.toLocaleString('en') : value;
  return h(
    'div',
    { class: 'tile' },
    h('strong', {}, shown),
    h('span', {}, what),
    note === '' ? null : h('span', { class: 'quiet' }, note),
  );
}

function failures(): HTMLElement[] {
  return data.report.failures.map(({ message, path, detail, nextStep }) =>
    h(
      'div',
      { class: 'failure' },
      h('p', {}, h('strong', {}, 'Failed: '), path === undefined ? '' : `${path}: `, message),
      detail === undefined ? null : h('pre', { tabindex: 0, role: 'group', 'aria-label': 'Details' }, detail),
      h('p', { class: 'quiet' }, nextStep),
    ),
  );
}
