/** The log of the step, which the runner reads for commands: what comes from elsewhere must not become one. */
import { randomUUID } from 'node:crypto';
import { info } from '@actions/core';
import { readable } from '../reporters/characters.js';

/** A line of our own words, whatever names it quotes. */
export function say(text: string): void {
  const line = readable(text).replace(/\s+/g, ' ').trim();
  info(line.replaceAll('##[', '##\u200B[').replace(/^::/, '\u200B::'));
}

/** While the work goes on, the runner takes nothing in the log for a command: tools print what they like. */
export async function withoutCommands<T>(work: (show: (output: Uint8Array) => void) => Promise<T>): Promise<T> {
  // Nobody can end it who does not know the word.
  const word = randomUUID();
  process.stdout.write(`::stop-commands::${word}\n`);
  try {
    return await work((output) => void process.stdout.write(output));
  } finally {
    process.stdout.write(`\n::${word}::\n`);
  }
}
