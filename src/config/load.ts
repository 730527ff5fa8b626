/** From the files of a project to its config, or all the mistakes at once. */
import { keepJson, readKeptJson } from '../host/disk.js';
import { hashText } from '../host/hash.js';
import { ownBuild } from '../host/own-package.js';
import { join } from '../host/paths.js';
import type { Failure } from '../model/failure.js';
import { type Result, failed, success } from '../model/result.js';
import { DEFAULT_CONFIG } from './default.js';
import { findSources, type FoundSource } from './find.js';
import type { KnownNames } from './known.js';
import type { Config } from './schema.js';

export type { KnownNames } from './known.js';

export interface LoadedConfig {
  readonly config: Config;
  /** Where it came from, for people: `package.json`, `.quality-config.json`; null means that these are the defaults. */
  readonly source: string | null;
  /** Relative to the root; null when it lies outside or there is none. */
  readonly path: string | null;
}

export interface LoadOptions {
  /** Absolute. */
  readonly root: string;
  /** The file of `--config`, absolute: then nothing else is looked at. */
  readonly file?: string;
  /** What these are hangs on our own build alone. */
  readonly known: () => Promise<KnownNames>;
  /** Absolute: where to remember of a text that it is right, so that the next start needs neither a parser nor zod. */
  readonly keptIn?: string;
}

export async function loadConfig({
  root,
  file,
  known,
  keptIn,
}: LoadOptions): Promise<Result<LoadedConfig, readonly Failure[]>> {
  const found = await findSources(root, file);
  if (!found.ok) return found;
  const [source, rival] = found.value;
  if (source === undefined) return success({ config: DEFAULT_CONFIG, source: null, path: null });
  const checked = await checkOnce(source, { known, keptIn });
  if (rival !== undefined)
    return failed([...(checked.ok ? [] : checked.failure), ...(await refuse(rival, source, known))]);
  return checked.ok ? success({ config: checked.value, source: source.name, path: source.path }) : checked;
}

type Checked = Result<Config, readonly Failure[]>;

async function checkOnce(
  source: FoundSource,
  { known, keptIn }: Pick<LoadOptions, 'known' | 'keptIn'>,
): Promise<Checked> {
  const file = keptIn === undefined ? null : join(keptIn, 'config.json');
  const key = hashText(JSON.stringify([ownBuild(), source.name, source.text]));
  const kept = file === null ? null : ((await readKeptJson(file)) as Kept | null);
  if (kept?.key === key) return success(kept.config);
  const { checkConfig } = await import('./check.js');
  const checked = await checkConfig(source, await known());
  if (file !== null && checked.ok) await keepJson(file, { key, config: checked.value } satisfies Kept);
  return checked;
}

interface Kept {
  /** Digest of all that the config follows from. */
  readonly key: string;
  readonly config: Config;
}

/** Two configs at once: which one counts is for the person to say. What else is wrong with the second is told too. */
async function refuse(
  rival: FoundSource,
  source: FoundSource,
  known: LoadOptions['known'],
): Promise<readonly Failure[]> {
  const { checkConfig } = await import('./check.js');
  const checked = await checkConfig(rival, await known(), source.name);
  return checked.ok ? [] : checked.failure;
}
