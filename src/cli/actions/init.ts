import { CONFIG_FILE } from '../../config/find.js';
import { type Accepted, type Agreed, accept } from '../../init/accept.js';
import { GITHUB_FILE } from '../../init/github.js';
import { type Existing, type Proposal, propose } from '../../init/proposal.js';
import type { Removal } from '../../init/removals.js';
import { paintFor, showPath } from '../../reporters/text.js';
import { askOnTerminal, refuse, wantsColor } from '../terminal.js';
import { dataOf, showProposal } from './init-text.js';

export interface InitFlags {
  readonly yes?: true;
  readonly dryRun?: true;
  readonly json?: true;
  readonly hook: boolean;
  readonly github: boolean;
  readonly replace?: true;
  readonly color?: boolean;
}

export async function init(flags: InitFlags): Promise<void> {
  const proposed = await propose(process.cwd());
  if (!proposed.ok) refuse(proposed.failure);
  else if ('existing' in proposed.value) sayExisting(proposed.value, flags);
  else await offer(offered(proposed.value, flags), flags);
}

function sayExisting({ root, existing }: Existing, { json }: InitFlags): void {
  process.stdout.write(
    json === true
      ? `${JSON.stringify({ root, existing, written: [] }, null, 2)}\n`
      : `There is a config already, in ${showPath(existing)}: nothing is changed\n`,
  );
}

function offered(proposal: Proposal, { hook, github }: InitFlags): Proposal {
  return { ...proposal, hook: hook && proposal.hook, github: github ? proposal.github : null };
}

async function offer(proposal: Proposal, flags: InitFlags): Promise<void> {
  const say = (text: string): void => {
    if (flags.json !== true) process.stdout.write(text);
  };
  say(showProposal(proposal, paintFor(wantsColor(flags.color, process.stdout))));
  const agreed = await agree(proposal, flags);
  if (agreed === null) {
    say(`\nNothing is written${process.stdin.isTTY ? '' : ': `quality init --yes` writes it'}\n`);
    if (flags.json === true) print(dataOf(proposal, null));
    return;
  }
  const accepted = await accept(proposal, agreed);
  if (!accepted.ok) refuse(accepted.failure);
  else if (flags.json === true) print(dataOf(proposal, accepted.value));
  else say(showAccepted(accepted.value, proposal));
}

function print(data: unknown): void {
  process.stdout.write(`${JSON.stringify(data, null, 2)}\n`);
}

/** null: nothing is to be written. */
async function agree({ hook, github, removals }: Proposal, flags: InitFlags): Promise<Agreed | null> {
  const { yes, dryRun, json, replace = false } = flags;
  if (dryRun === true) return null;
  if (yes === true) return { hook, github: github !== null, replace };
  if (!process.stdin.isTTY || json === true) return null;
  if (!(await isWished(`Write ${CONFIG_FILE}?`))) return null;
  const withHook = hook && (await isWished('Install the hook that runs before each commit?'));
  const canReplace = withHook && removals.some(({ cut }) => cut !== null);
  return {
    hook: withHook,
    github: github !== null && (await isWished(`Write ${GITHUB_FILE}?`)),
    replace: canReplace && (replace || (await isWished('Take away what it replaces, as listed above?'))),
  };
}

async function isWished(question: string): Promise<boolean> {
  return (await askOnTerminal(question, ['no', 'yes'])) === 'yes';
}

function showAccepted({ written, hook, takenAway }: Accepted, { install }: Proposal): string {
  const outcomes = hook?.outcomes ?? [];
  const lines = [
    ...written.map((path) => `Written: ${path}`),
    ...outcomes.flatMap(({ hook: name, detail, lines: added = [] }) => [
      `Hook ${name}: ${showPath(detail)}`,
      ...added.map((line) => `  ${line}`),
    ]),
    ...(hook?.notices ?? []).map(showPath),
    ...takenAway.map(({ what }) => `Taken away: ${showPath(what)}`),
    ...(takenAway.some(changesDependencies) ? [`Then: \`${install}\`, so that the lock file agrees`] : []),
    'Next: `quality plan` shows what would run, `quality run --check` what it would say',
  ];
  return `\n${lines.join('\n')}\n`;
}

function changesDependencies({ cut }: Removal): boolean {
  return cut?.kind === 'key' && cut.key.length > 1;
}
