/** The hooks that git runs on a developer's machine. */
import { nearest } from '../config/suggest.js';
import type { Failure } from '../model/failure.js';
import { type Result, failed, success } from '../model/result.js';

export const HOOK_NAMES = [
  'applypatch-msg',
  'pre-applypatch',
  'post-applypatch',
  'pre-commit',
  'pre-merge-commit',
  'prepare-commit-msg',
  'commit-msg',
  'post-commit',
  'pre-rebase',
  'post-checkout',
  'post-merge',
  'pre-push',
  'post-rewrite',
  'pre-auto-gc',
  'sendemail-validate',
] as const;

export type HookName = (typeof HOOK_NAMES)[number];

/** Git tells these what it is about on standard input, which can be read only once. */
export const READS_INPUT: ReadonlySet<string> = new Set<HookName>(['pre-push', 'post-rewrite']);

export function hookNames(words: readonly string[]): Result<readonly HookName[], readonly Failure[]> {
  const known = words.filter(isHookName);
  const unknown = words.filter((word) => !isHookName(word)).map(unknownHook);
  return unknown.length > 0 ? failed(unknown) : success([...new Set(known)]);
}

function isHookName(word: string): word is HookName {
  return (HOOK_NAMES as readonly string[]).includes(word);
}

function unknownHook(word: string): Failure {
  const guess = nearest(word, HOOK_NAMES);
  const all = `Hooks are ${HOOK_NAMES.join(', ')}.`;
  return {
    kind: 'usage',
    message: `Git has no hook "${word}"`,
    next: guess === null ? all : `Did you mean ${guess}?`,
  };
}
