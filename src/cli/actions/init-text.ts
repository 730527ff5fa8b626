/** A proposed config for people, and as data. */
import { CONFIG_FILE } from '../../config/find.js';
import type { Accepted } from '../../init/accept.js';
import { GITHUB_FILE } from '../../init/github.js';
import type { Proposal } from '../../init/proposal.js';
import { isTakenOver } from '../../init/removals.js';
import { renderConfig } from '../../init/setting.js';
import type { Meaning, TakenOver } from '../../init/take-over.js';
import type { ToolSkip } from '../../model/tool-use.js';
import { showTools } from '../../reporters/plan-tools.js';
import { type Paint, showPath } from '../../reporters/text.js';

export function showProposal(proposal: Proposal, paint: Paint): string {
  const { plan, adds, lines, removals, before } = proposal;
  const tools = showTools(plan, paint);
  const isChecked = proposal.settings.some(({ path }) => path.join('.') === 'verify.checks');
  const sections = [
    tools,
    isChecked ? missingTools(plan.skips, paint) : noTools(plan.skips, paint),
    configSection(proposal, paint),
    section('it would add', [...adds, ...offersOf(proposal)], paint),
    section('it does as well, before a commit', lines.filter(isTakenOver).map(showLine), paint),
    section('it does not do: leave where it is', lines.filter(isLeft).map(showLine), paint),
    section(
      'to be taken away, once the hook is there (`--replace` does it, but for what is marked)',
      removals.map(({ what, cut }) => (cut === null ? `${what} (by you)` : what)),
      paint,
    ),
    section('to be done first', before, paint),
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

const isLeft = ({ meaning }: TakenOver): boolean => meaning.kind === 'other';

function section(title: string, lines: readonly string[], paint: Paint): string {
  return lines.length === 0 ? '' : [paint.bold(title), ...lines.map((line) => `  ${showPath(line)}`)].join('\n');
}

const MOST_HINTS = 5;

/** Nothing is switched on that the project did not ask for; how it could ask is said. */
function noTools(skips: readonly ToolSkip[], paint: Paint): string {
  const hints = skips.map(({ tool, hint }) => `${tool}: ${hint}`);
  const title = 'nothing here shows a formatter, a linter or a type checker; to switch one on';
  return section(title, [...new Set(hints)].slice(0, MOST_HINTS), paint);
}

function missingTools(skips: readonly ToolSkip[], paint: Paint): string {
  const missing = skips.filter(({ wanted }) => wanted);
  return section(
    'not installed',
    missing.map(({ tool, reason }) => `${tool}: ${reason}`),
    paint,
  );
}

function configSection({ settings, layout }: Proposal, paint: Paint): string {
  const lines = renderConfig(settings, { ...layout, comments: true })
    .trimEnd()
    .split('\n');
  const note = layout.comments
    ? ''
    : paint.dim('  (written without the comments: other programs here would refuse them)');
  return [
    `${paint.bold(`proposed ${CONFIG_FILE}`)}${note}`,
    ...lines.map((line) => `  ${showConfigLine(line, paint)}`),
  ].join('\n');
}

function showConfigLine(line: string, paint: Paint): string {
  const [, before = '', rest = ''] = /^(\s*)(.*)$/.exec(line) ?? [];
  return `${before.replaceAll('\t', '  ')}${rest.startsWith('//') ? paint.dim(showPath(rest)) : showPath(rest)}`;
}

function offersOf({ hook, github }: Proposal): string[] {
  return [
    ...(hook ? ['a hook before commits: formats, cleans and lints what is staged (`quality hook install`)'] : []),
    ...(github === null
      ? []
      : [`${GITHUB_FILE}: a job that runs \`quality run --check\`, with a summary and annotations`]),
  ];
}

function showLine({ from, name, meaning }: TakenOver): string {
  const words = wordsFor(meaning);
  if (words === '' || words === name) return `${from}  ${name}`;
  return `${from}  ${name}  ${meaning.kind === 'other' ? `(${words})` : `→ ${words}`}`;
}

function wordsFor(meaning: Meaning): string {
  switch (meaning.kind) {
    case 'tools':
      return meaning.tools.join(', ');
    case 'tests':
      return 'verify.tests';
    case 'own':
      return `commands.${meaning.command.name}`;
    case 'list':
      return 'the lists';
    case 'other':
      return meaning.programs.join(', ');
  }
}

/** `accepted`: null where nothing was written. */
export function dataOf(proposal: Proposal, accepted: Accepted | null): unknown {
  const { root, settings, text, adds, lines, removals, before, hook, github } = proposal;
  return {
    root,
    file: CONFIG_FILE,
    existing: null,
    settings: settings.map(({ path, value, reason }) => ({ key: path.join('.'), value, reason })),
    text: accepted?.text ?? text,
    adds,
    replaces: lines.filter(isTakenOver).map(({ from, name, meaning }) => ({ from, name, by: wordsFor(meaning) })),
    stays: lines.filter(isLeft).map(({ from, name }) => ({ from, name })),
    removals: removals.map(({ what }) => what),
    before,
    offers: { hook, github: github === null ? null : { file: GITHUB_FILE, text: github } },
    written: accepted?.written ?? [],
    hook: accepted?.hook?.outcomes ?? [],
    takenAway: (accepted?.takenAway ?? []).map(({ what }) => what),
  };
}
