/**
 * What stands in a hook file for us: one marked block, the same in a file of ours and in somebody else's script. Taken out,
 * it leaves the bytes that were there before. Texts are read as latin1, so that whatever they hold comes back unchanged.
 */
import { READS_INPUT } from './install-names.js';

export interface Block {
  readonly hook: string;
  /** The hook lets git go on where quality is not installed. */
  readonly optional: boolean;
  /** The folder is used by other repositories as well. */
  readonly shared: boolean;
  /** Name beside it of a hook that is no shell script, which the block runs too. */
  readonly kept: string | null;
}

export const LAUNCHER_NAME = 'quality-hook';
const BEGIN = '# >>> quality hook';
const END = '# <<< quality hook';
/** Why there is more to take away than the block: said in its first line. */
const MADE = 'file made by it';
const ENDED = 'line end added by it';
const SHEBANG = '#!/bin/sh\n';

/** A file in the work tree may have been checked out with other line ends. */
const WHOLE = new RegExp(`^${BEGIN} (\\S+)(?: \\((.*?)\\))?: [^\\n]*\\n([^]*?)^${END}\\r?\\n`, 'm');

/** The text of a hook that is not there yet. */
export function newHook(block: Block): string {
  return SHEBANG + blockText(block, MADE);
}

/** The script with the block before all else: what comes later may end it early. */
export function withBlock(script: string, block: Block): string {
  const at = startOf(script);
  const before = script.slice(0, at);
  const isOpen = before !== '' && !before.endsWith('\n');
  return before + (isOpen ? `\n${blockText(block, ENDED)}` : blockText(block)) + script.slice(at);
}

/** The text as it was before the block; `''` with `made` where there was no file. null where no whole block is found. */
export function withoutBlock(text: string): { readonly text: string; readonly made: boolean } | null {
  const match = WHOLE.exec(text);
  if (match === null) return null;
  const [whole, , why] = match;
  const before = text.slice(0, match.index);
  const rest = (why === ENDED ? before.replace(/\n$/, '') : before) + text.slice(match.index + whole.length);
  // Lines that somebody has added to our file are theirs.
  return why === MADE && rest.replace('\r', '') === SHEBANG ? { text: '', made: true } : { text: rest, made: false };
}

/** What the block in this text says; null where there is none. */
export function readBlock(text: string): Block | null {
  const match = WHOLE.exec(text);
  if (match === null) return null;
  const [, hook = '', , lines = ''] = match;
  const [, how = ''] = new RegExp(`/${LAUNCHER_NAME}" \\S+ (\\S+) `).exec(lines) ?? [];
  const kept = /"\$\{0%\/\*\}\/([^"]+)" "\$@"/.exec(lines)?.[1] ?? null;
  return { hook, optional: how.startsWith('optional'), shared: how.endsWith(',shared'), kept };
}

/** A beginning without its end, or the other way round: somebody has been at it. */
export function isDamaged(text: string): boolean {
  return (text.includes(BEGIN) || text.includes(END)) && readBlock(text) === null;
}

function blockText(block: Block, why?: string): string {
  const lines = READS_INPUT.has(block.hook) ? callsWithInput(block) : calls(block).map((call) => `${call} || exit $?`);
  const note = why === undefined ? '' : ` (${why})`;
  const first = `${BEGIN} ${block.hook}${note}: \`quality hook uninstall ${block.hook}\` takes this away`;
  return [first, ...lines, END, ''].join('\n');
}

function calls({ hook, optional, shared, kept }: Block): string[] {
  const how = `${optional ? 'optional' : 'required'}${shared ? ',shared' : ''}`;
  return [
    ...(kept === null ? [] : [`"\${0%/*}/${kept}" "$@"`]),
    `/bin/sh "\${0%/*}/${LAUNCHER_NAME}" ${hook} ${how} "$@"`,
  ];
}

/** The input is read once and given to everybody, the rest of the script included. */
function callsWithInput(block: Block): string[] {
  const give = '{ [ -z "$quality_input" ] || printf \'%s\\n\' "$quality_input"; } |';
  return [
    'quality_input=$(cat)',
    ...calls(block).map((call) => `${give} ${call} || exit $?`),
    'if [ -z "$quality_input" ]; then exec </dev/null; else exec <<QUALITY_INPUT',
    '$quality_input',
    'QUALITY_INPUT',
    'fi',
  ];
}

/** Behind the line that says what the script is for, and behind husky's, which starts the script a second time. */
function startOf(script: string): number {
  const husky = /^[ \t]*(?:\.|source)[ \t].*husky\.sh[^\n]*(?:\n|$)/m.exec(script);
  if (husky !== null) return husky.index + husky[0].length;
  return /^#![^\n]*(?:\n|$)/.exec(script)?.[0].length ?? 0;
}

/** Would a POSIX shell understand lines of ours in this file? Git gives a text without a first line of that kind to sh. */
export function isShellScript(text: string): boolean {
  if (text.includes('\0')) return false;
  const interpreter = /^#!(.*)/.exec(text)?.[1];
  return interpreter === undefined || /(?:^|[/\s])(?:ba|da|k|z|a|mk|busybox\s+)?sh(?:\.exe)?(?:\s|$)/.test(interpreter);
}
