import { BASELINE_FILE, type BaselineEntry } from '../../model/baseline.js';
import { EMPTY_RUN, foldEvent } from '../../model/run-state.js';
import { type BaselineChange, checkBaseline, createBaseline, updateBaseline } from '../../rebaseline.js';
import { progressLine } from '../../reporters/plain.js';
import { count, paintFor, showFinding, showPath } from '../../reporters/text.js';
import type { Hooks } from '../../run.js';
import { withSignals } from '../signals.js';
import { refuse, wantsColor } from '../terminal.js';

export interface BaselineFlags {
  readonly workflow?: string;
  readonly force?: true;
}

export const baselineCreate = (flags: BaselineFlags): Promise<void> => act(createBaseline, flags, showCreated);
export const baselineUpdate = (flags: BaselineFlags): Promise<void> => act(updateBaseline, flags, showUpdated);
export const baselineCheck = (flags: BaselineFlags): Promise<void> => act(checkBaseline, flags, showChecked);

async function act(
  work: typeof createBaseline,
  flags: BaselineFlags,
  show: (change: BaselineChange) => readonly string[],
): Promise<void> {
  const done = await withSignals((signal) => work({ cwd: process.cwd(), ...flags }, { signal, ...progress() }));
  if (!done.ok) refuse(done.failure);
  else
    process.stdout.write(
      show(done.value)
        .map((line) => `${line}\n`)
        .join(''),
    );
}

/** On standard error: it may take as long as any other run. */
function progress(): Pick<Hooks, 'onEvent' | 'onNotice'> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const paint = paintFor(wantsColor(undefined, process.stderr));
  let state = EMPTY_RUN;
  return {
    onNotice: say,
    onEvent: (event) => {
      state = foldEvent(state, event);
      const line = progressLine(event, state, paint);
      if (line !== null) say(line);
    },
  };
}

function showCreated({ size, fresh }: BaselineChange): string[] {
  return [
    `${count(size, 'finding')} written to ${BASELINE_FILE}; commit it`,
    ...notes(fresh.length, 'not looked for: a tool is missing on this machine', showFindings(fresh)),
  ];
}

function showUpdated({ size, gone, fresh }: BaselineChange): string[] {
  return [
    ...notes(gone.length, 'no longer there, dropped', gone.map(showEntry)),
    ...notes(fresh.length, 'new, not added (`quality baseline update --force` does)', showFindings(fresh)),
    `${count(size, 'finding')} in ${BASELINE_FILE}`,
  ];
}

function showChecked({ size, gone, fresh }: BaselineChange): string[] {
  if (gone.length > 0 || fresh.some(({ severity }) => severity === 'error')) process.exitCode = 1;
  return [
    ...notes(fresh.length, 'new', showFindings(fresh)),
    ...notes(gone.length, 'no longer there: `quality baseline update` drops them', gone.map(showEntry)),
    `${count(size, 'finding')} in ${BASELINE_FILE}`,
  ];
}

const MOST_LINES = 20;

function notes(number: number, what: string, lines: readonly string[]): string[] {
  if (number === 0) return [];
  const rest = lines.length - MOST_LINES;
  const shown = lines.slice(0, MOST_LINES).map((line) => `  ${line}`);
  return [`${count(number, 'finding')} ${what}`, ...shown, ...(rest > 0 ? [`  … and ${String(rest)} more`] : [])];
}

function showFindings(findings: BaselineChange['fresh']): string[] {
  const paint = paintFor(wantsColor(undefined, process.stdout));
  return findings.map((finding) => showFinding(finding, paint));
}

function showEntry({ path, tool, rule, message }: BaselineEntry): string {
  return `${path === null ? '(project)' : showPath(path)}  ${showPath(message)}  ${tool} ${rule ?? ''}`.trimEnd();
}
