import { chmodSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../src/config/schema.js';
import { addCommand, dependencyField, installCommand, lockFiles } from '../src/tools/packages.js';
import { createProjectView } from '../src/tools/project-view.js';
import type { ProjectView } from '../src/tools/tool.js';
import { temporaryFolder, writeTree, type Tree } from './rig.js';

const PACKAGE = (name: string, version: string): string => JSON.stringify({ name, version });

function viewOf(root: string, paths: readonly string[]): ProjectView {
  const files = paths.map((path) => ({ path, hash: '', size: 0, language: null, package: '' }));
  return createProjectView({ root, config: defaultConfig(), files, packages: [] });
}

function view(tree: Tree): ProjectView {
  return viewOf(temporaryFolder(tree), Object.keys(tree));
}

describe('files', () => {
  it('are found by name, dot files too, sorted', () => {
    const project = view({ 'b/.eslintrc': '', '.eslintrc': '', 'a/eslint.config.js': '', 'a/x.js': '' });
    expect(project.filesNamed('eslint.config.js', '.eslintrc')).toEqual([
      '.eslintrc',
      'a/eslint.config.js',
      'b/.eslintrc',
    ]);
    expect(project.filesNamed('x.js', 'x.js')).toEqual(['a/x.js']);
    expect(project.filesNamed('nothing')).toEqual([]);
    expect(project.hasFile('a/x.js')).toBe(true);
    expect(project.hasFile('a')).toBe(false);
  });

  it('are read inside the root only', async () => {
    const outside = temporaryFolder({ secret: 'no' });
    const root = temporaryFolder({ a: 'text', folder: null, link: { link: join(outside, 'secret') } });
    const project = viewOf(root, ['a', 'link']);
    expect(await project.readText('a')).toBe('text');
    expect(await project.readText('folder')).toBeNull();
    expect(await project.readText('missing')).toBeNull();
    expect(await project.readText('link')).toBeNull();
    expect(await project.readText(`../${outside.split('/').at(-1) ?? ''}/secret`)).toBeNull();
  });

  it('are read once', async () => {
    const root = temporaryFolder({ a: 'one' });
    const project = viewOf(root, ['a']);
    expect(await project.readText('a')).toBe('one');
    writeTree(root, { a: 'two' });
    expect(await project.readText('a')).toBe('one');
  });
});

describe('packages', () => {
  it('are found where Node finds them: upward, above the root too, through links', async () => {
    const top = temporaryFolder({
      'node_modules/above/package.json': PACKAGE('above', '1.0.0'),
      'repo/node_modules/near/package.json': PACKAGE('near', '1.0.0'),
      'repo/node_modules/@s/member': { link: '../../packages/member' },
      'repo/packages/member/package.json': PACKAGE('@s/member', '2.0.0'),
      'repo/packages/a/node_modules/near/package.json': PACKAGE('near', '3.0.0'),
      'repo/packages/a/src': null,
    });
    const project = viewOf(join(top, 'repo'), []);
    const version = async (name: string, dir: string): Promise<string | undefined> =>
      (await project.resolvePackage(name, dir))?.version;
    expect(await version('near', '')).toBe('1.0.0');
    expect(await version('near', 'packages/a/src')).toBe('3.0.0');
    expect(await version('near', 'packages/member')).toBe('1.0.0');
    expect(await version('above', 'packages/a')).toBe('1.0.0');
    expect(await version('missing', 'packages/a')).toBeUndefined();
    const member = await project.resolvePackage('@s/member', '');
    expect(member?.dir).toBe(realpathSync(join(top, 'repo/packages/member')));
  });

  it('that are half written are none', async () => {
    const project = view({ 'node_modules/x/package.json': '{', 'node_modules/y/index.js': '' });
    expect(await project.resolvePackage('x', '')).toBeNull();
    expect(await project.resolvePackage('y', '')).toBeNull();
  });

  it('are installed with the manager in use', () => {
    expect(installCommand(view({ 'pnpm-lock.yaml': '' }))).toBe('pnpm install');
    expect(installCommand(view({ 'bun.lock': '' }))).toBe('bun install');
    expect(addCommand(view({ 'yarn.lock': '' }), 'eslint')).toBe('yarn add --dev eslint');
    expect(addCommand(view({}), 'eslint')).toBe('npm install --save-dev eslint');
    expect(lockFiles(view({ 'package-lock.json': '', 'a/yarn.lock': '' }))).toEqual(['package-lock.json']);
    expect(dependencyField({ devDependencies: { eslint: '9' } }, 'eslint')).toBe('devDependencies');
    expect(dependencyField({ devDependencies: { 'eslint-x': '9' } }, 'eslint')).toBeNull();
  });
});

describe('executables', () => {
  it('come from node_modules/.bin upward, then from PATH', async () => {
    const root = temporaryFolder({
      'node_modules/.bin/one': '#!/bin/sh\n',
      'packages/a/node_modules/.bin/one': '#!/bin/sh\n',
      'packages/a/node_modules/.bin/not-executable': '',
      'packages/b/node_modules/.bin/one/folder': '',
    });
    for (const path of ['node_modules/.bin/one', 'packages/a/node_modules/.bin/one'])
      chmodSync(join(root, path), 0o755);
    const project = viewOf(root, []);
    expect(await project.findExecutable('one', 'packages/a')).toBe(join(root, 'packages/a/node_modules/.bin/one'));
    expect(await project.findExecutable('one', 'packages/b')).toBe(join(root, 'node_modules/.bin/one'));
    expect(await project.findExecutable('not-executable', 'packages/a')).toBeNull();
    expect(await project.findExecutable('git', '')).toMatch(/\/git$/);
    expect(await project.findExecutable('surely-no-such-program', '')).toBeNull();
  });

  it('are asked for their version', async () => {
    const project = view({});
    expect(await project.executableVersion(process.execPath, ['--version'])).toBe(process.version.slice(1));
    expect(
      await project.executableVersion(process.execPath, ['-e', 'process.exitCode = 1; console.log("1.2.3")']),
    ).toBe('unknown');
    expect(await project.executableVersion(process.execPath, ['-e', 'console.log("no number")'])).toBe('unknown');
    expect(
      await project.executableVersion(process.execPath, ['-e', 'console.error("tool\\nversion: v2.10.0-rc.1, built")']),
    ).toBe('2.10.0-rc.1');
    expect(await project.executableVersion('/no/such/program', ['--version'])).toBe('unknown');
  });
});
