/**
 * Everything that may go wrong and is expected to, as one closed union of kinds.
 * Each kind has one row in FAILURES: its exit code and what to do next.
 */
export const FAILURES = {
  usage: { exitCode: 2, next: 'Run `quality --help` for the commands and flags.' },
  'config-invalid': { exitCode: 2, next: 'Correct the places above; `.quality-config.example.json` shows every key.' },
  'target-invalid': { exitCode: 2, next: 'Name an existing folder or files inside the repository.' },
  'git-state': { exitCode: 2, next: 'Finish or abort what git has in progress, then run again.' },
  'lock-held': { exitCode: 2, next: 'Wait for the other run to end, or give it longer with `--lock-timeout`.' },
  'disk-low': { exitCode: 2, next: 'Free some disk space, then run again.' },
  'memory-low': { exitCode: 2, next: 'Free some memory, or lower `--max-parallel`, then run again.' },
  'run-unknown': { exitCode: 2, next: 'List the runs with `quality runs`.' },
  'tool-missing': { exitCode: 1, next: 'Install the tool with the command shown, or take it out of the config.' },
  'tool-config': { exitCode: 1, next: 'Run the tool by hand with the command shown; its configuration does not load.' },
  'tool-crashed': { exitCode: 1, next: 'Read the tool’s own words in the step log.' },
  'tool-timeout': { exitCode: 1, next: 'Raise the time-out with `--timeout` or `timeouts` in the config.' },
  'tool-output': { exitCode: 1, next: 'Read the raw output in the step log; the tool printed something unexpected.' },
  'syntax-error': { exitCode: 1, next: 'Correct the syntax; the file was left alone.' },
  'file-unreadable': { exitCode: 1, next: 'Check the permissions of the file.' },
  'file-unwritable': { exitCode: 1, next: 'Check the permissions of the file and its folder.' },
  'file-changed': {
    exitCode: 1,
    next: 'Run again: the file was changed by someone else meanwhile and was not touched.',
  },
  'disk-full': { exitCode: 1, next: 'Free some disk space, then run again; what this phase wrote was taken back.' },
  'restore-failed': { exitCode: 5, next: 'Restore by hand with the commands shown; nothing was deleted.' },
  interrupted: { exitCode: 130, next: 'Run again.' },
  bug: { exitCode: 3, next: 'This is a bug in quality; please report it with the text above.' },
} as const satisfies Record<string, { exitCode: number; next: string }>;

export type FailureKind = keyof typeof FAILURES;

export interface Failure {
  readonly kind: FailureKind;
  /** What happened, one sentence, without the place. */
  readonly message: string;
  /** Where: a path relative to the workspace root, when there is one. */
  readonly path?: string;
  readonly tool?: string;
  /** More lines: the tool's own words, the source line with its marker, the owner of a lock. */
  readonly detail?: string;
  /** What to do next, where it is more exact than the kind's own. */
  readonly next?: string;
}

export function exitCodeOf(failure: Failure): number {
  return FAILURES[failure.kind].exitCode;
}

export function nextStepOf(failure: Failure): string {
  return failure.next ?? FAILURES[failure.kind].next;
}
