/** Which files of which packages the corpora are made of; always the same ones in the same order. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGES } from '../places.js';

/** First those whose types make sense by themselves: small corpora are made of the first ones. */
const FOLDERS = [
  'rxjs/src',
  'mongodb/src',
  'bson/src',
  'ox',
  'abitype/src',
  'zrender/src',
  'ethers/src.ts',
  'zod/src',
  '@wagmi/core/src',
  'hls.js/src',
  'effect/src',
  'viem',
  'three/src',
  'three/examples/jsm',
  'svelte/src',
  'ol',
];

/** Built again from the same sources, or tests that need what is not there. */
const LEFT_OUT = /^(?:_.*|node_modules|dist|build|libs?|tests?|__tests__)$/;
const SOURCE = /(?<!\.d)\.tsx?$|\.js$/;
const NO_SOURCE = /\.(?:test|spec|test-d|min)\.\w+$/;
/** What is larger was generated or bundled. */
const LARGEST = 60_000;

export interface Source {
  /** Absolute. */
  readonly from: string;
  /** In the corpus. */
  readonly path: string;
}

export function listSources(): Source[] {
  return FOLDERS.flatMap((folder) => {
    const name = folder.replace('@', '').replace(/\/src(?:\.ts)?$/, '');
    return filesBelow(join(PACKAGES, folder), `packages/${name}`);
  });
}

function filesBelow(folder: string, path: string): Source[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry): Source[] => {
      const source = { from: join(folder, entry.name), path: `${path}/${entry.name}` };
      if (entry.isDirectory()) return LEFT_OUT.test(entry.name) ? [] : filesBelow(source.from, source.path);
      const wanted = SOURCE.test(entry.name) && !NO_SOURCE.test(entry.name) && statSync(source.from).size <= LARGEST;
      return wanted ? [source] : [];
    });
}
