/** Findings: search, filters, and the source of the one that is looked at. */
import { type Finding, SEVERITIES, data, findings, looked } from './data.js';
import { count, h, link } from './dom.js';
import { disclosure, limitedList } from './limited-list.js';
import { section } from './section.js';
import { sourceOf } from './source.js';

interface Filter {
  readonly words: readonly string[];
  readonly severities: ReadonlySet<number>;
  readonly tool: string;
  readonly rule: string;
  readonly fixable: boolean;
  readonly isNew: boolean;
}

const STEP = 100;

export function findingsSection(): HTMLElement {
  if (findings.length === 0)
    return section(
      'findings',
      'Findings',
      h('p', {}, looked ? 'No findings remain.' : 'This run did not look for any.'),
    );
  const controls = createControls();
  const status = h('p', { role: 'status', class: 'quiet' });
  const place = h('div');
  const draw = (): void => {
    const filter = controls.read();
    const shown = ordered.filter((finding) => matches(finding, filter));
    status.textContent = `${shown.length.toLocaleString('en')} of ${count(findings.length, 'finding')}`;
    place.replaceChildren(limitedList(shown, { step: STEP, what: 'finding', row }));
  };
  controls.element.addEventListener('input', draw);
  controls.element.addEventListener('reset', () => void setTimeout(draw));
  draw();
  return section('findings', 'Findings', controls.element, status, place);
}

/** New ones first, then by severity, then as the report has them: by place. */
const ordered: readonly Finding[] = [...findings].sort((a, b) => rank(a) - rank(b));

function rank({ isNew, severity }: Finding): number {
  return (isNew ? 0 : 3) + severity;
}

function matches(finding: Finding, filter: Filter): boolean {
  return (
    filter.severities.has(finding.severity) &&
    (filter.tool === '' || finding.ruleRow.tool === filter.tool) &&
    (filter.rule === '' || String(finding.rule) === filter.rule) &&
    (!filter.fixable || finding.fixable) &&
    (!filter.isNew || finding.isNew) &&
    filter.words.every((word) => finding.haystack.includes(word))
  );
}

interface Controls {
  readonly element: HTMLFormElement;
  readonly read: () => Filter;
}

function createControls(): Controls {
  const search = h('input', { type: 'search', id: 'search', name: 'search', placeholder: 'file, rule or words' });
  const tool = select('tool', 'All tools', toolOptions());
  const rule = select('rule', 'All rules', ruleOptions());
  const severities = SEVERITIES.map((name, index) => {
    const number = findings.filter((finding) => finding.severity === index).length;
    return { index, ...checkbox(`${name}s (${number.toLocaleString('en')})`, number > 0) };
  });
  const fixable = checkbox('fixable only', false);
  const isNew = checkbox('new only', false);
  const element = h(
    'form',
    { class: 'controls', role: 'search', 'aria-label': 'Findings', submit: (event) => event.preventDefault() },
    h('label', { class: 'wide' }, 'Search ', search, h('kbd', { 'aria-hidden': 'true' }, '/')),
    h('label', {}, 'Tool ', tool),
    h('label', {}, 'Rule ', rule),
    h(
      'fieldset',
      {},
      h('legend', { class: 'hidden' }, 'Show'),
      ...[...severities, fixable, isNew].map(({ label }) => label),
    ),
    h('button', { type: 'reset' }, 'Reset'),
  );
  const read = (): Filter => ({
    words: search.value.toLowerCase().split(/\s+/).filter(Boolean),
    severities: new Set(severities.filter(({ input }) => input.checked).map(({ index }) => index)),
    tool: tool.value,
    rule: rule.value,
    fixable: fixable.input.checked,
    isNew: isNew.input.checked,
  });
  return { element, read };
}

function checkbox(text: string, checked: boolean): { readonly label: HTMLElement; readonly input: HTMLInputElement } {
  const input = h('input', { type: 'checkbox', checked });
  return { input, label: h('label', { class: 'check' }, input, ` ${text}`) };
}

type Options = readonly (readonly [value: string, text: string])[];

function select(name: string, all: string, options: Options): HTMLSelectElement {
  return h(
    'select',
    { name },
    h('option', { value: '' }, all),
    ...options.map(([value, text]) => h('option', { value }, text)),
  );
}

function toolOptions(): Options {
  return tally(findings.map(({ ruleRow }) => ruleRow.tool)).map(([tool, number]) => [tool, `${tool} (${number})`]);
}

function ruleOptions(): Options {
  return tally(findings.map(({ rule }) => String(rule))).map(([number, times]) => {
    const { tool, rule } = data.rules[Number(number)] ?? { tool: '', rule: null };
    return [number, `${tool} ${rule ?? ''} (${times})`];
  });
}

/** Most frequent first. */
function tally(values: readonly string[]): [string, number][] {
  const numbers = new Map<string, number>();
  for (const value of values) numbers.set(value, (numbers.get(value) ?? 0) + 1);
  return [...numbers].sort(([, a], [, b]) => b - a);
}

function row(finding: Finding): HTMLElement {
  const { severity, ruleRow, message, pathText, line, column, isNew, fixable } = finding;
  const place = line === 0 ? pathText : `${pathText}:${String(line)}:${String(column)}`;
  const name = SEVERITIES[severity];
  return disclosure(
    [
      h('span', { class: `badge ${name}` }, name),
      ...(isNew ? [h('span', { class: 'badge new' }, 'new')] : []),
      ...(fixable ? [h('span', { class: 'badge fixable' }, 'fixable')] : []),
      h('span', { class: 'message' }, message.split('\n', 1)[0] ?? ''),
      h('span', { class: 'place' }, place),
      h('span', { class: 'rule' }, `${ruleRow.tool} ${ruleRow.rule ?? ''}`),
    ],
    () => whole(finding),
  );
}

function whole(finding: Finding): HTMLElement {
  const { message, ruleRow, related } = finding;
  return h(
    'div',
    { class: 'body' },
    message.includes('\n') ? h('p', { class: 'words' }, message) : null,
    sourceOf(finding),
    ...related.map((one) =>
      h('p', { class: 'quiet' }, `${one.path}${one.line === 0 ? '' : `:${String(one.line)}`}: ${one.message}`),
    ),
    h('p', { class: 'quiet' }, 'Rule: ', link(ruleRow.url, `${ruleRow.tool} ${ruleRow.rule ?? ''}`)),
  );
}
