import { now } from '../host/clock.js';
import type { Failure } from '../model/failure.js';
import { exitCodeOf } from '../model/failure.js';
import { showFailures } from '../reporters/failures.js';
import type { Output } from '../reporters/reporter.js';

/** Colours only for a person: a terminal, no NO_COLOR, no --no-color; FORCE_COLOR overrules the terminal test. */
export function wantsColor(flag: boolean | undefined, stream: NodeJS.WriteStream): boolean {
  if (flag === false || (process.env.NO_COLOR ?? '') !== '') return false;
  const forced = process.env.FORCE_COLOR;
  if (forced !== undefined && forced !== '0') return true;
  return stream.isTTY && process.env.TERM !== 'dumb';
}

/** A terminal that a person looks at and that can draw a line again. */
export function isCapable(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY && process.env.TERM !== 'dumb' && (process.env.CI ?? '') === '';
}

/** Progress goes to standard error when standard output must stay parsable. */
export function outputFor(color: boolean | undefined, parsable: boolean): Output {
  const progress = parsable ? process.stderr : process.stdout;
  const write = (text: string): void => void progress.write(text);
  return {
    out: (text) => void process.stdout.write(text),
    progress: write,
    color: wantsColor(color, process.stdout),
    terminal: { write, columns: () => (progress.columns > 0 ? progress.columns : 80), now, unicode: showsUnicode() },
  };
}

/** What the locale says, as other programs read it; Windows' terminals of today all do. */
function showsUnicode(): boolean {
  if (process.platform === 'win32') return true;
  const { LC_ALL, LC_CTYPE, LANG, TERM } = process.env;
  const locale = [LC_ALL, LC_CTYPE, LANG].find((value) => value !== undefined && value !== '') ?? '';
  return TERM !== 'linux' && /utf-?8/i.test(locale);
}

/** Prints failures that came before there was a run, and sets the exit code of the most serious one. */
export function refuse(failures: readonly Failure[]): void {
  process.stderr.write(showFailures(failures, wantsColor(undefined, process.stderr)));
  process.exitCode = Math.max(...failures.map(exitCodeOf));
}

/** A question with its safe answer first; the safe answer when nobody can be asked. */
export async function askOnTerminal(question: string, choices: readonly string[]): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const [safe = ''] = choices;
  // Ctrl-D ends the input, and no line comes any more.
  const ended = new Promise<string>((resolve) => prompt.once('close', () => resolve('')));
  try {
    const asked = prompt.question(`${question} [${choices.join('/')}] `).catch(interrupt);
    const answer = (await Promise.race([asked, ended])).trim();
    return choices.find((choice) => answer !== '' && choice.startsWith(answer)) ?? safe;
  } finally {
    prompt.close();
  }
}

/** While it is asked, the terminal hands Ctrl-C to the question; it is meant for all of us. Ctrl-D is no answer. */
function interrupt(reason: unknown): string {
  if (String(reason).includes('Ctrl+C')) process.kill(process.pid, 'SIGINT');
  return '';
}
