/** Contenders in turn (A B A B …), so that both see the same machine; each in a working copy of its own. */
import { type Command, type Watcher, runCommand } from './command.js';
import { type Peak, watchMemory } from './memory.js';
import { type Spread, spreadOf } from './statistics.js';
import { treeOf } from './tree.js';

export interface Contender {
  readonly name: string;
  readonly folder: string;
  /** One after the other; together they are what is measured. */
  readonly commands: readonly Command[];
  /** Runs once unseen, so that what tools keep between runs is there. */
  readonly warm?: boolean;
  /** Before each run, not measured: brings the folder to the state from which it starts. */
  readonly before?: (run: number) => void;
}

export interface Measured {
  readonly name: string;
  readonly wallMs: readonly number[];
  readonly cpuMs: readonly number[];
  readonly wall: Spread;
  readonly cpu: Spread;
  readonly peak: Peak;
  /** What else a tool may say with its exit code differs from tool to tool. */
  readonly found: boolean;
  /** Hash of all files as the last run left them. */
  readonly tree: string;
}

interface Run {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly found: boolean;
}

/** Each contender runs once to be looked at (memory) and then `runs` times against the clock. */
export async function contest(contenders: readonly Contender[], runs: number): Promise<Measured[]> {
  const entries = contenders.map((contender) => ({ contender, ...watchMemory(), ends: [] as Run[] }));
  for (const { contender, watcher } of entries) {
    if (contender.warm === true) await runOnce(contender, UNSEEN);
    await runOnce(contender, LOOKED_AT, watcher);
  }
  for (let run = 1; run <= runs; run += 1)
    for (const { contender, ends } of entries) ends.push(await runOnce(contender, run));
  return entries.map(({ contender: { name, folder }, peak, ends }) => {
    const wallMs = ends.map((end) => end.wallMs);
    const cpuMs = ends.map((end) => end.cpuMs);
    const found = ends.some((end) => end.found);
    if (found !== ends.every((end) => end.found)) throw new Error(`${name} did not end in the same way each time`);
    return { name, wallMs, cpuMs, wall: spreadOf(wallMs), cpu: spreadOf(cpuMs), peak, found, tree: treeOf(folder) };
  });
}

/** Runs have numbers, so that each can be made another one. */
const UNSEEN = -1;
const LOOKED_AT = 0;

async function runOnce(contender: Contender, run: number, watcher?: Watcher): Promise<Run> {
  contender.before?.(run);
  const total = { wallMs: 0, cpuMs: 0, found: false };
  for (const command of contender.commands) {
    const { wallMs, cpuMs, code, output } = await runCommand(command, contender.folder, watcher);
    if (code !== 0 && !(command.findings ?? [1]).includes(code))
      throw new Error(`${contender.name}: ${command.words.join(' ')} ended with ${String(code)}:\n${output}`);
    total.wallMs += wallMs;
    total.cpuMs += cpuMs;
    total.found ||= code !== 0 && command.findingsIgnored !== true;
  }
  return total;
}
