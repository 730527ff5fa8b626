/** The HTML report in the browser: draws everything from the data in the page. */
import { analysisSection } from './analysis.js';
import { data } from './data.js';
import { h } from './dom.js';
import { duplicationSection } from './duplication.js';
import { changesSection, refusedSection } from './edits.js';
import { findingsSection } from './findings.js';
import { summarySection } from './summary.js';
import { timelineSection } from './timeline.js';
import { trendsSection } from './trends.js';

function draw(): void {
  const sections = [
    summarySection(),
    findingsSection(),
    refusedSection(),
    changesSection(),
    timelineSection(),
    duplicationSection(),
    analysisSection(),
    trendsSection(),
  ].filter((one) => one !== null);
  const places = sections
    .slice(1)
    .map((one) => h('a', { href: `#${one.id}` }, one.querySelector('h2')?.textContent ?? ''));
  document.body.append(
    h('a', { href: '#findings', class: 'skip' }, 'Skip to the findings'),
    h(
      'header',
      {},
      h('h1', {}, 'quality', h('span', { class: 'quiet' }, ` ${data.report.workflow}`)),
      h('nav', { 'aria-label': 'Parts of the report' }, ...places),
      themeButton(),
    ),
    h('main', {}, ...sections),
    h(
      'footer',
      { class: 'quiet' },
      `Made by quality ${data.report.qualityVersion} from the log of run ${data.report.run}`,
    ),
  );
  document.addEventListener('keydown', onKey);
}

/** As the system has it until the reader says otherwise. */
function themeButton(): HTMLElement {
  const isDark = (): boolean =>
    (document.documentElement.dataset.theme ??
      (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';
  const button = h('button', { type: 'button', class: 'theme' });
  const label = (): void => {
    button.textContent = isDark() ? 'Light' : 'Dark';
    button.setAttribute('aria-label', isDark() ? 'Use light colours' : 'Use dark colours');
  };
  button.addEventListener('click', () => {
    document.documentElement.dataset.theme = isDark() ? 'light' : 'dark';
    label();
  });
  label();
  return button;
}

function onKey(event: KeyboardEvent): void {
  const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
  if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  const search = document.getElementById('search');
  if (search === null) return;
  event.preventDefault();
  search.focus();
}

draw();
