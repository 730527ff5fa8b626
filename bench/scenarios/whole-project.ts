/** A tool that looks at the project as a whole: as long as it takes alone, cold; and nothing when nothing changed. */
import type { Kind } from '../corpus/configs.js';
import type { World } from '../corpus/world.js';
import { coldOurs, gitStatus, nodeAlone, ours } from './contenders.js';
import { nearLimit } from './no-change.js';
import { type Scenario, at, differencesOf, ratioBound } from './scenario.js';

const RATIO = 1.2;

export interface WholeProject {
  readonly name: string;
  readonly about: string;
  readonly sizes: readonly number[];
  /** Of quality's `verify.checks`. */
  readonly check: string;
  readonly kind: Kind;
  readonly files?: Readonly<Record<string, string>>;
  readonly peer: { readonly name: string; readonly words: (world: World) => readonly string[] };
  /** In what the two results differ that the exit codes do not tell. */
  readonly differences?: (here: World, there: World) => readonly string[];
}

export function wholeProject({ name, about, sizes, check, kind, ...rest }: WholeProject): Scenario {
  const config = { '.quality-config.json': `{ "verify": { "checks": ["${check}"] } }\n` };
  return {
    name,
    about,
    sizes,
    measure: async ({ makeWorld, contest }, size) => {
      const wanted = { size, kind, files: { ...config, ...rest.files } };
      const [here, there] = [makeWorld(wanted), makeWorld(wanted)];
      const peer = { name: rest.peer.name, folder: there.folder, commands: [{ words: rest.peer.words(there) }] };
      const cold = await contest([coldOurs(here, 'verify'), peer]);
      const [quality, alone] = [at(cold, 0), at(cold, 1)];
      const results = rest.differences?.(here, there) ?? [];
      const warm = await contest([{ ...ours(here, 'verify'), warm: true }, peer, nodeAlone(here), gitStatus(here)]);
      return [
        {
          ...{ scenario: name, size, changed: size, measured: cold },
          bounds: [ratioBound(`of ${peer.name} alone`, [quality, alone], RATIO)],
          differences: [...differencesOf(quality, alone), ...results],
        },
        {
          ...{ scenario: `${name}, warm`, size, changed: 0, measured: warm },
          bounds: [nearLimit(warm)],
          differences: differencesOf(at(warm, 0), at(warm, 1)),
        },
      ];
    },
  };
}
