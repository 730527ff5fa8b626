#!/usr/bin/env node
'use strict';
// A CommonJS module: as an ES module it would take Node 4 ms more to get here, of 60.
const { readFileSync, writeSync } = require('node:fs');
const { join } = require('node:path');

const STDOUT = 1;
const words = process.argv.slice(2);
if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) printVersion();
else void require('../dist/main.js').start();

/** Editors and scripts ask for it again and again: it loads nothing of ours, and not even Node's streams. */
function printVersion() {
  const { version } = JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8'));
  try {
    writeSync(STDOUT, `${version}\n`);
  } catch (error) {
    // A reader that has gone (`quality --version | true`) is no fault of ours.
    if (error.code !== 'EPIPE') throw error;
  }
}
