import { getFileInfo } from 'prettier';
import { describe, expect, it } from 'vitest';
import { type Language, LANGUAGES } from '../src/model/language.js';
import { languageOf } from '../src/workspace/languages.js';

describe('languageOf', () => {
  it.each<[string, Language | null]>([
    ['a.ts', 'typescript'],
    ['a.d.ts', 'typescript'],
    ['a.d.mts', 'typescript'],
    ['src/a.test.tsx', 'typescript'],
    ['A.JS', 'javascript'],
    ['a.js.flow', 'javascript'],
    ['index.blade.php', null],
    ['page.html.erb', null],
    ['index.php', 'php'],
    ['tsconfig.json', 'jsonc'],
    ['packages/a/tsconfig.build.json', 'jsonc'],
    ['jsconfig.app.json', 'jsonc'],
    ['mytsconfig.json', 'json'],
    ['.babelrc', 'jsonc'],
    ['.eslintrc', 'jsonc'],
    ['.eslintrc.json', 'jsonc'],
    ['.prettierrc', 'yaml'],
    ['.prettierrc.toml', 'toml'],
    ['.swcrc', 'json'],
    ['Dockerfile', 'dockerfile'],
    ['Dockerfile.dev', 'dockerfile'],
    ['dev.dockerfile', 'dockerfile'],
    ['go.mod', null],
    ['LICENSE', 'text'],
    ['Makefile', null],
    ['.gitignore', null],
    ['.ts', null],
    ['dir.ts/file', null],
    ['a.png', null],
    ['a.', null],
  ])('%s is %s', (path, language) => expect(languageOf(path)).toBe(language));

  it.each<[string, string, Language | null]>([
    ['bin/run', 'node', 'javascript'],
    ['bin/run', 'deno', 'typescript'],
    ['bin/run', 'python3.12', 'python'],
    ['bin/run', 'bash', 'shell'],
    ['bin/run', 'perl', null],
    ['bin/run.ts', 'node', 'typescript'],
    ['bin/run.unknown', 'node', null],
  ])('%s with #!%s is %s', (path, interpreter, language) => expect(languageOf(path, interpreter)).toBe(language));

  /** Languages by the parser that Prettier takes for a file; where it has none for a language, there is nothing to compare. */
  const PARSERS: Readonly<Record<string, readonly Language[]>> = {
    babel: ['javascript'],
    flow: ['javascript'],
    typescript: ['typescript'],
    json: ['json', 'jsonc'],
    'json-stringify': ['json'],
    jsonc: ['jsonc'],
    json5: ['json5'],
    css: ['css'],
    scss: ['scss'],
    less: ['less'],
    html: ['html'],
    angular: ['html'],
    vue: ['vue'],
    markdown: ['markdown'],
    mdx: ['mdx'],
    yaml: ['yaml', 'jsonc', 'json'],
    graphql: ['graphql'],
    glimmer: ['handlebars'],
  };

  it.each([
    ...'a.js a.mjs a.cjs a.jsx a.ts a.mts a.cts a.tsx a.json a.jsonc a.json5 a.css a.pcss a.scss a.less a.html'.split(
      ' ',
    ),
    ...'a.component.html a.vue a.md a.markdown a.mdx a.yml a.yaml a.graphql a.gql a.hbs a.handlebars a.js.flow'.split(
      ' ',
    ),
    ...'a.webmanifest a.geojson a.importmap a.code-workspace a.sublime-project .babelrc .swcrc .jshintrc'.split(' '),
    ...'package.json package-lock.json composer.json tsconfig.json .prettierrc .stylelintrc .lintstagedrc'.split(' '),
    ...'.eslintrc .releaserc .nycrc .clang-format CITATION.cff README Jakefile deno.json api-extractor.json'.split(' '),
  ])('%s is in the language that Prettier takes it for', async (name) => {
    const { inferredParser } = await getFileInfo(name, { resolveConfig: false });
    expect(inferredParser).not.toBeNull();
    expect(PARSERS[inferredParser ?? '']).toContain(languageOf(name));
  });

  it('answers with names of the vocabulary only', () => {
    const known = new Set<string>(LANGUAGES);
    for (const name of ['a.ex', 'a.scala', 'a.zig', 'a.tf', 'a.sql', 'a.lua', 'a.kt', 'a.swift', 'a.hpp', 'a.rs'])
      expect(known).toContain(languageOf(name));
  });
});
