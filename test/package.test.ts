/** What others install: all that is needed, and nothing else. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PACKAGE_FOLDER } from './quality.js';
import { repository, temporaryFolder } from './rig.js';

interface Manifest {
  readonly name: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
}

const MANIFEST = JSON.parse(readFileSync(join(PACKAGE_FOLDER, 'package.json'), 'utf8')) as Manifest;
const EXPECTED = [
  /^(?:package\.json|README\.md|LICENSE|quality-config\.schema\.json|\.quality-config\.example\.json)$/,
  /^bin\/(?:quality\.js|package\.json|hook-launcher\.sh)$/,
  /^dist\/(?:[\w-]+\.js|package\.json|licenses\.txt|page\/page\.(?:js|css)|types\/.*\.d\.ts)$/,
];

/** A project with the package beside what it depends on and nothing else; and the names of the package's files. */
function installed(): { readonly folder: string; readonly files: readonly string[] } {
  const packed = temporaryFolder();
  const flags = ['--json', '--ignore-scripts', '--offline', `--pack-destination=${packed}`];
  const out = execFileSync('npm', ['pack', ...flags], { cwd: PACKAGE_FOLDER, encoding: 'utf8', stdio: 'pipe' });
  const [told] = JSON.parse(out) as { filename: string; files: readonly { path: string }[] }[];
  const folder = repository({ '.gitignore': 'node_modules\n', 'a.js': 'import b from "b";\nexport const a = 1;\n' });
  const modules = join(folder, 'node_modules');
  const own = join(modules, MANIFEST.name);
  mkdirSync(own, { recursive: true });
  execFileSync('tar', ['xzf', join(packed, told?.filename ?? ''), '--strip-components=1', '-C', own]);
  for (const name of Object.keys(MANIFEST.dependencies))
    symlinkSync(join(PACKAGE_FOLDER, 'node_modules', name), join(modules, name));
  return { folder, files: (told?.files ?? []).map(({ path }) => path) };
}

describe('the package', () => {
  it('holds what is needed, runs with what it depends on, and runs nothing when it is installed', () => {
    const { folder, files } = installed();
    expect(files.filter((path) => !EXPECTED.some((one) => one.test(path)))).toEqual([]);
    const node = (...args: string[]): string =>
      execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
    const program = join(folder, 'node_modules', MANIFEST.name, 'bin', 'quality.js');
    expect(node(program, 'cleanup', '--no-color')).toContain('a.js  cleanup');
    expect(node(program, 'report', '--format', 'html')).toContain('</html>');
    expect(node(program, 'init', '--json')).toContain('"$schema"');
    const ofLibrary = `import { plan } from '${MANIFEST.name}'; console.log((await plan({ cwd: '.' })).ok);`;
    expect(node('--input-type=module', '-e', ofLibrary)).toBe('true\n');
    expect(Object.keys(MANIFEST.scripts).filter((name) => name.endsWith('install'))).toEqual([]);
  });
});
