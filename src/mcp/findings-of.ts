import { type Sighting, sightingsOf } from '../reporters/agent/sightings.js';
import type { RunState } from '../model/run-state.js';
import type * as z from 'zod';
import type { finding } from './shapes.js';

export type Found = z.infer<typeof finding>;

/** The worst first; what is said in the same words of several places of a file is one. */
export function foundBy(state: RunState): readonly Found[] {
  return sightingsOf(state).map(foundOf);
}

export function foundOf({ severity, rule, message, path, places, fix }: Sighting): Found {
  return { severity, rule, message, path, places: [...places], fix };
}
