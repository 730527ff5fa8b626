/** Set in worker processes: their children stay in the worker's process group, which the main process can kill whole. */
export const WORKER_MARK = 'QUALITY_WORKER';

/** What programs print is read by us, never shown as it is: colours would hide the words, and CI servers ask for them. */
export const PLAIN_OUTPUT = { NO_COLOR: '1', FORCE_COLOR: undefined, CLICOLOR_FORCE: undefined } as const;

/** A command line for people: quoted where a POSIX shell would need it. For display and for printed advice only. */
export function showCommand(file: string, args: readonly string[]): string {
  return [file, ...args].map(showWord).join(' ');
}

export function showWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
