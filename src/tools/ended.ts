/** How a tool's process may end, and what it means when it is not by an exit code. */
import type { ProcessResult } from '../host/process.js';
import { ToolFault } from './tool-fault.js';

const LONGEST_WORDS = 4_000;

/** The end of what a process printed: its own words for a failure's detail. */
export function lastWords({ stdout, stderr }: ProcessResult): string {
  const words = [stderr, stdout].map((output) => output.toString('utf8').trim()).filter((text) => text !== '');
  return words.join('\n').slice(-LONGEST_WORDS);
}

/** What a tool that prints its findings to stdout says of its own troubles; everything where that is nothing. */
export function errorWords(result: ProcessResult): string {
  const words = result.stderr.toString('utf8').trim();
  return words === '' ? lastWords(result) : words.slice(-LONGEST_WORDS);
}

/** The exit code; every other end is a fault. */
export function exitCodeOf(tool: string, result: ProcessResult): number {
  if (result.exitCode !== null) return result.exitCode;
  const { end, shown } = result;
  if (end === 'timeout') {
    throw new ToolFault('tool-timeout', tool, `${tool} took longer than it may`, `${shown}\n${lastWords(result)}`);
  }
  if (end === 'aborted') throw new ToolFault('interrupted', tool, `${tool} was stopped`);
  if (end === 'missing') throw new ToolFault('tool-missing', tool, `${tool} could not be started`, result.trouble);
  if (end === 'overflow') throw new ToolFault('tool-output', tool, `${tool} printed too much`, shown);
  const how = end === 'signal' ? `signal ${result.signal ?? 'unknown'}` : (result.trouble ?? end);
  throw new ToolFault('tool-crashed', tool, `${tool} ended by ${how}`, `${shown}\n${lastWords(result)}`);
}
