/** What a row of the table of bounds is measured by. */
import type { Wanted, World } from '../corpus/world.js';
import type { Contender, Measured } from '../measure/contest.js';
import { ratioOf } from '../measure/statistics.js';

export interface Bound {
  readonly what: string;
  readonly value: number;
  readonly limit: number;
  readonly unit: '×' | 'ms' | 'MiB';
}

export interface Result {
  readonly scenario: string;
  /** Files in the corpus. */
  readonly size: number;
  /** Files that were changed before each run. */
  readonly changed: number;
  readonly measured: readonly Measured[];
  readonly bounds: readonly Bound[];
  /** In what the contenders that are compared did not end alike: what was measured does not count then. */
  readonly differences: readonly string[];
}

export interface Context {
  readonly makeWorld: (wanted: Wanted) => World;
  readonly contest: (contenders: readonly Contender[]) => Promise<Measured[]>;
}

export interface Scenario {
  readonly name: string;
  readonly about: string;
  readonly sizes: readonly number[];
  readonly measure: (context: Context, size: number) => Promise<readonly Result[]>;
}

/** ours / theirs, the median over pairs of runs, against what it may be. */
export function ratioBound(what: string, [ours, theirs]: readonly [Measured, Measured], limit: number): Bound {
  return { what, value: ratioOf(ours.wallMs, theirs.wallMs).median, limit, unit: '×' };
}

/** Do they agree on whether there is something to find, and do the same files stand there afterwards? */
export function differencesOf(one: Measured, other: Measured): string[] {
  return [
    ...(one.found === other.found ? [] : [`${whatFound(one)}, ${whatFound(other)}`]),
    ...(one.tree === other.tree ? [] : [`${one.name} and ${other.name} left different files`]),
  ];
}

function whatFound({ name, found }: Measured): string {
  return `${name} found ${found ? 'something' : 'nothing'}`;
}

/** By the place in which the contenders were given. */
export function at(measured: readonly Measured[], place: number): Measured {
  const one = measured[place];
  if (one === undefined) throw new Error(`There is no contender ${String(place)}`);
  return one;
}
