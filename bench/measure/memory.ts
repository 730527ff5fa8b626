/** Peak memory of a process with all that it starts, by looking again and again. */
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import type { Watcher } from './command.js';

export interface Peak {
  /** Most that all processes held at one moment. */
  treeMiB: number;
  /** Most that one process of its own held: the first one that is no shell. */
  mainMiB: number;
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly kib: number;
}

const EVERY_MS = 25;

/** Looking costs time on the measured machine: runs whose time counts are not watched. */
export function watchMemory(): { readonly watcher: Watcher; readonly peak: Peak } {
  const peak: Peak = { treeMiB: 0, mainMiB: 0 };
  let timer: NodeJS.Timeout | undefined;
  const look = (root: number): void => {
    const [, ...family] = familyOf(root, process.platform === 'linux' ? readProc() : readPs());
    peak.treeMiB = Math.max(peak.treeMiB, family.reduce((sum, one) => sum + one.kib, 0) / 1024);
    peak.mainMiB = Math.max(peak.mainMiB, (family[0]?.kib ?? 0) / 1024);
  };
  return {
    peak,
    watcher: {
      started: (pid) => {
        timer = setInterval(() => look(pid), EVERY_MS);
      },
      ended: () => clearInterval(timer),
    },
  };
}

/** The process, then its children, then theirs. */
function familyOf(root: number, all: readonly Process[]): Process[] {
  const children = new Map<number, Process[]>();
  for (const one of all) children.set(one.parent, [...(children.get(one.parent) ?? []), one]);
  const family = all.filter(({ pid }) => pid === root);
  for (const one of family) family.push(...(children.get(one.pid) ?? []));
  return family;
}

const PAGE_KIB = 4;

function readProc(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        // After the name in brackets, which may hold anything: state, parent, … resident pages.
        const fields = readFileSync(`/proc/${name}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];
        return [{ pid: Number(name), parent: Number(fields[1]), kib: Number(fields[21]) * PAGE_KIB }];
      } catch {
        return [];
      }
    });
}

function readPs(): Process[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss='], { encoding: 'utf8' }).trim().split('\n');
  return lines.map((line) => {
    const [pid, parent, kib] = line.trim().split(/\s+/).map(Number);
    return { pid: pid ?? 0, parent: parent ?? 0, kib: kib ?? 0 };
  });
}
