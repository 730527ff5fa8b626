import { tool } from '../places.js';
import { wholeProject } from './whole-project.js';

export const deadCode = wholeProject({
  name: 'dead-code',
  about: 'look for unused files and exports: cold, and again with nothing changed',
  sizes: [1000],
  check: 'dead-code',
  kind: 'types',
  files: { 'knip.json': '{ "entry": ["packages/*/index.ts"], "project": ["packages/**/*.ts"] }\n' },
  peer: { name: 'knip', words: () => tool('knip') },
});
