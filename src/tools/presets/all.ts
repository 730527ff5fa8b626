/** Every preset, one line each. */
import { gofmt, goimports, golangciLint } from './go.js';
import type { Preset } from './preset.js';
import { black, isort } from './python.js';
import { ruff, ruffCheck, ruffImports } from './ruff.js';
import { clippy, rustfmt } from './rust.js';
import { actionlint, hadolint, shellcheck, shfmt } from './shell.js';
import { cspell, dprint, markdownlint, markdownlintCli2, stylelint, taplo } from './web.js';

export const PRESETS: readonly Preset[] = [
  ruffCheck,
  ruffImports,
  ruff,
  isort,
  black,
  gofmt,
  goimports,
  golangciLint,
  rustfmt,
  clippy,
  shfmt,
  shellcheck,
  hadolint,
  actionlint,
  stylelint,
  markdownlint,
  markdownlintCli2,
  cspell,
  taplo,
  dprint,
];
