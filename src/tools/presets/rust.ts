/** rustfmt and clippy. */
import { parseCargo } from '../output/cargo.js';
import type { FolderFile, Preset } from './preset.js';
import { tomlSection, tomlString } from './toml.js';

const RUSTFMT_FILES = ['rustfmt.toml', '.rustfmt.toml'];

/** rustfmt knows nothing of Cargo.toml; `cargo fmt` hands the edition on, and so do we. */
function edition({ text: manifest, parents }: FolderFile): readonly string[] {
  const own = tomlSection(manifest, 'package');
  if (own === null) return [];
  const inherits = /^\s*edition(?:\.workspace\s*=\s*true|\s*=\s*\{\s*workspace\s*=\s*true)/m.test(own);
  const sources = inherits ? [manifest, ...parents].map((text) => tomlSection(text, 'workspace.package') ?? '') : [own];
  const found = sources.map((lines) => tomlString(lines, 'edition')).find((value) => value !== null);
  return ['--edition', found ?? '2015'];
}

export const rustfmt: Preset = {
  name: 'rustfmt',
  role: 'format',
  grain: 'file',
  languages: ['rust'],
  programs: ['rustfmt'],
  version: { args: ['--version'] },
  install: { command: 'rustup component add rustfmt' },
  evidence: { files: RUSTFMT_FILES, calls: [{ tool: 'rustfmt' }, { tool: 'cargo', args: /^(?:\+\S+ )?fmt\b/ }] },
  switchOn: 'add a rustfmt.toml (it may be empty)',
  configFiles: [...RUSTFMT_FILES, 'Cargo.toml'],
  flags: { valued: ['--config', '--config-path', '--style-edition'] },
  folderFlags: { files: ['Cargo.toml'], of: 'each', read: edition },
  format: {
    // No list: asked for one file, rustfmt follows its `mod` lines into all the others.
    stdin: {
      args: ['--emit', 'stdout', '{flags}'],
      ok: [0],
      trouble: [1],
      syntax: /^error(?:\[E\d+\])?: /m,
      inFileFolder: true,
    },
  },
};

const CLIPPY_FILES = ['clippy.toml', '.clippy.toml'];

export const clippy: Preset = {
  name: 'clippy',
  role: 'lint',
  grain: 'project',
  languages: ['rust'],
  programs: ['cargo'],
  version: { args: ['clippy', '--version'] },
  install: { command: 'rustup component add clippy' },
  evidence: {
    files: CLIPPY_FILES,
    sections: [{ files: ['Cargo.toml'], pattern: /^\s*\[(?:workspace\.)?lints\.clippy\]/m, says: '[lints.clippy]' }],
    calls: [{ tool: 'cargo', args: /^(?:\+\S+ )?clippy\b/ }, { tool: 'cargo-clippy' }],
  },
  switchOn: 'add a clippy.toml, or a [lints.clippy] section to Cargo.toml',
  configFiles: [...CLIPPY_FILES, 'Cargo.toml', 'Cargo.lock', 'rust-toolchain.toml', 'rust-toolchain'],
  flags: {
    alone: [
      '--all-targets',
      '--all-features',
      '--no-default-features',
      '--workspace',
      '--all',
      '--tests',
      '--benches',
      '--examples',
      '--lib',
      '--bins',
      '--no-deps',
      '--locked',
      '--offline',
      '--frozen',
      '--release',
      '--',
    ],
    valued: ['-p', '--package', '-F', '--features', '--exclude', '--target', '-D', '-W', '-A', '-F'],
  },
  env: { CARGO_TARGET_DIR: '{state}', CARGO_TERM_COLOR: 'never' },
  lint: {
    args: ['clippy', '--message-format=json', '--quiet', '{lock}', '{flags}'],
    stream: 'stdout',
    parse: parseCargo,
    ok: [0],
    findings: [101],
    lock: { file: 'Cargo.lock', flag: '--locked' },
  },
};
