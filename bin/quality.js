#!/usr/bin/env node
import { readFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';

const STDOUT = 1;
const words = process.argv.slice(2);
if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) printVersion();
else {
  const { start } = createRequire(import.meta.url)('../dist/main.js');
  await start();
}

/** Editors and scripts ask for it again and again: it loads nothing of ours, and not even Node's streams. */
function printVersion() {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  try {
    writeSync(STDOUT, `${version}\n`);
  } catch (error) {
    // A reader that has gone (`quality --version | true`) is no fault of ours.
    if (error.code !== 'EPIPE') throw error;
  }
}
