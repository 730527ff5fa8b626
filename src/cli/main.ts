/** The command: the one place where a bug becomes a message. */
import { CommanderError } from 'commander';
import { createProgram } from './program.js';

const USAGE = 2;
const BUG = 3;

export async function main(): Promise<void> {
  // A reader that has gone (`quality … | head`) is no fault of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    throw error;
  });
  process.once('beforeExit', stranded);
  try {
    await createProgram().parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : USAGE;
    else {
      process.exitCode = BUG;
      process.stderr.write(
        `This is a bug in quality; please report it with the text below.\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      );
    }
  } finally {
    process.off('beforeExit', stranded);
  }
}

/** Nothing is under way any more, and we still wait for something: Node would call that a success. */
function stranded(): void {
  process.exitCode = BUG;
  process.stderr.write('This is a bug in quality; please report it: the command ended before it was done.\n');
}
