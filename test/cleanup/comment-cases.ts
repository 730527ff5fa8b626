import { lines } from './cases.js';
import type { Case } from './cases.js';

/** A comment that belongs to an unused import says why it is there. */
export const EXPLAINED: readonly Case[] = [
  {
    name: 'above it, at the top of the file',
    before: lines(
      '// This must remain here so that the build script',
      '// does not have to import this into each source file it rewrites.',
      "import { format } from './format'",
      '',
      "export * from 'redux'",
    ),
  },
  {
    name: 'above the first of a group',
    before: lines(
      '// This must remain here so that the build script',
      '// does not have to import this into each source file it rewrites.',
      "import { format } from '@reduxjs/toolkit'",
      "export * from '@reduxjs/toolkit'",
    ),
  },
  {
    name: 'behind a name on its line',
    before: lines(
      'import type {',
      '  ThunkDispatch,',
      '  ActionCreator, // Workaround for API-Extractor',
      "} from '@reduxjs/toolkit';",
      'export type A = ThunkDispatch;',
    ),
  },
  {
    name: 'above a name, in front of it, and between it and its comma',
    before: lines(
      'import {',
      '  // the declarations refer to it',
      '  a,',
      '  /* by name */ b,',
      '  c /* in templates */,',
      '  d',
      "} from 'x';",
      'use(d);',
    ),
  },
  {
    name: 'behind the statement, on one line or more',
    before: lines(
      "import a from 'a'; // should be redirected",
      "import b from 'b'; // so that it is",
      '                   // bundled',
      "import c from 'c'; /* has",
      '  effects */',
      'export {};',
    ),
  },
  {
    name: 'somewhere within the statement',
    before: lines(
      'import { // needed by the build',
      "  a } from 'a';",
      "import /* for its types */ b from 'b';",
      'export {};',
    ),
  },
  {
    name: 'and names that the comment of the statement does not mention go',
    before: lines(
      '// The file that adds "post" must be loaded; PostTypes is for the declarations',
      "import { usePosts, usePost, PostTypes } from './posts';",
      '',
      'export const a = usePosts();',
    ),
    after: lines(
      '// The file that adds "post" must be loaded; PostTypes is for the declarations',
      "import { usePosts, PostTypes } from './posts';",
      '',
      'export const a = usePosts();',
    ),
  },
  {
    name: 'import = require()',
    before: lines('// patches the prototype', "import a = require('a');", 'export {};'),
  },
  {
    name: 'a short comment that gives a reason, or speaks of this import',
    before: lines(
      "import z from 'z';",
      '',
      '// polyfill',
      "import a from 'a';",
      "import b from 'b';",
      '',
      '// https://example.com/issues/1',
      "import d from 'd';",
      "import e from 'e';",
      '',
      '// lodash',
      "import _lo from 'lodash';",
      '',
      '// Chart',
      "import { c } from './chart.js';",
      'use(b, e, z);',
    ),
  },
  {
    name: 'below a directive',
    before: lines('/* eslint-disable no-console */', '// has effects that we need', "import a from 'a';", 'export {};'),
  },
];

/** Comments beside an unused import that speak of something else. */
export const NOT_EXPLAINED: readonly Case[] = [
  {
    name: 'a comment apart, above or below',
    before: lines('// about all of it', '', "import a from 'a';", '', '// about b', 'export const b = 1;'),
    after: lines('// about all of it', '', '// about b', 'export const b = 1;'),
  },
  {
    name: 'a label above a group, as long as one of them stays',
    before: lines(
      "import z from 'z';",
      '',
      '// Components',
      "import a from './a';",
      "import b from './b';",
      '',
      '// Local types',
      "import c from './c';",
      "import d from './d';",
      '',
      'use(b, z);',
    ),
    after: lines("import z from 'z';", '', '// Components', "import b from './b';", '', 'use(b, z);'),
  },
  {
    name: 'a label within the braces',
    before: lines('import {', '  // Inputs', '  a,', '  b,', "} from 'x';", 'use(b);'),
    after: lines('import {', '  // Inputs', '  b,', "} from 'x';", 'use(b);'),
  },
  {
    name: 'a banner',
    before: lines('use(1);', '// ------------ The great parts ------------', "import a from 'a';", 'export {};'),
    after: lines('use(1);', '// ------------ The great parts ------------', 'export {};'),
  },
  {
    name: 'what the file is',
    before: lines(
      '/**',
      ' * Renders messages, with or without React.',
      ' */',
      "import React from 'react';",
      'export {};',
    ),
    after: lines('/**', ' * Renders messages, with or without React.', ' */', 'export {};'),
  },
  {
    name: 'the name of the file, or a pragma',
    before: lines('// src/a.ts', "import a from 'a';", 'export {};'),
    after: lines('// src/a.ts', 'export {};'),
  },
  {
    name: 'a pragma at the top',
    before: lines('#!/usr/bin/env node', '// @intl foo:bar baz:1', "import a from 'a';", 'export {};'),
    after: lines('#!/usr/bin/env node', '// @intl foo:bar baz:1', 'export {};'),
  },
  {
    name: 'a licence',
    before: lines(
      '// Copyright 2020 The Authors.',
      '// All rights reserved, and so on.',
      "import a from 'a';",
      'export {};',
    ),
    after: lines('// Copyright 2020 The Authors.', '// All rights reserved, and so on.', 'export {};'),
  },
  {
    name: 'a #! line',
    before: lines('#!/usr/bin/env node', "import a from 'a';", 'export {};'),
    after: lines('#!/usr/bin/env node', 'export {};'),
  },
  {
    name: 'commented-out code',
    before: lines(
      "import z from 'z';",
      "// import terser from 'terser';",
      "import a from 'a';",
      'import {',
      '  // c,',
      '  d,',
      '  e,',
      "} from 'x';",
      'use(e, z);',
    ),
    after: lines(
      "import z from 'z';",
      "// import terser from 'terser';",
      'import {',
      '  // c,',
      '  e,',
      "} from 'x';",
      'use(e, z);',
    ),
  },
  {
    name: 'a region',
    before: lines('use(1);', '//#region imports', "import a from 'a'; // #endregion", 'export {};'),
    after: lines('use(1);', '//#region imports', '// #endregion', 'export {};'),
  },
  {
    name: 'the comment of a neighbour in the row',
    before: lines("import { a, /* of b */ b, c /* of c */, d } from 'x';", 'use(b, c);'),
    after: lines("import { /* of b */ b, c /* of c */ } from 'x';", 'use(b, c);'),
  },
];

/** Comments of what is removed go with it, whole. */
export const COMMENTS: readonly Case[] = [
  {
    name: 'all of a JSDoc and of the lines below it',
    before: lines(
      'use(1);',
      '',
      '/**',
      ' * Adds.',
      ' * @param a one',
      ' */',
      '// And more.',
      'function f(a: number) {}',
      '',
      'export {};',
    ),
    after: lines('use(1);', '', 'export {};'),
  },
  {
    name: 'a JSDoc on the same line',
    before: lines('use(1);', '/** Adds. */ function f() {}', 'export {};'),
    after: lines('use(1);', 'export {};'),
  },
  {
    name: 'above a directive that stays',
    before: lines('use(1);', '/** Adds. */', '// #region x', 'function f() {}', '// #endregion', 'export {};'),
    after: lines('use(1);', '// #region x', '// #endregion', 'export {};'),
  },
  {
    name: 'every line of one behind the statement',
    before: lines(
      'const a = 1; // about a',
      '             // and more about it',
      '// about b',
      'export const b = 1;',
      'const c = 1; /* about',
      '  c */',
      'const d = 1; /* one */ // two',
    ),
    after: lines('// about b', 'export const b = 1;'),
  },
  {
    name: 'of a declarator, wherever it stands',
    before:
      lines(
        "import { f } from 'f';",
        'export let a = f(), // of a',
        '  // of b',
        '  b = 1, // of b, too',
        '         // and this',
        '  c = 2 /* of c */,',
        '  /* of d */ d = 3,',
        '  // of e',
        '  e = f();',
      ).replace('export let', 'let') + lines('export { a, e };'),
    after: lines("import { f } from 'f';", 'let a = f(), // of a', '  // of e', '  e = f();', 'export { a, e };'),
  },
  {
    name: 'of the last declarator',
    before: lines("import { f } from 'f';", 'const a = f(),', '  // of b', '  b = 1; // of b', 'use(a);'),
    after: lines("import { f } from 'f';", 'const a = f(); // of b', 'use(a);'),
  },
  {
    name: 'commas in front',
    before: lines("import { f } from 'f'", 'let a = 1 // of a', '  , b = f() // of b', '  , c = 1 // of c', 'use(b)'),
    after: lines("import { f } from 'f'", 'let b = f() // of b', 'use(b)'),
  },
  {
    name: 'all that stands between dead statements',
    before: lines(
      'export function f() {',
      '  return 1;',
      '  // of g',
      '  g(); // of g',
      '',
      '  // apart',
      '',
      '  // ---- Banner ----',
      '  h();',
      '',
      '  // at the end',
      '}',
    ),
    after: lines('export function f() {', '  return 1;', '', '  // at the end', '}'),
  },
  {
    name: 'of a private member',
    before: lines(
      'export class A {',
      '  /** Of a. */',
      '  // @todo more',
      '  private a = 1; // of a',
      '',
      '  // of b',
      '  b = 1;',
      '}',
    ),
    after: lines('export class A {', '  // of b', '  b = 1;', '}'),
  },
  {
    name: 'but not a label above what stays, nor a banner, nor commented-out code, nor what is on a shared line',
    before: lines(
      'use(1);',
      '// Colours',
      'const RED = 1;',
      'const GREEN = 2;',
      '',
      '// ===================== Helpers',
      'function f() {}',
      '',
      '// const c = 2;',
      'const c = 1;',
      'use(2); const d = 1; // shared',
      'export { GREEN };',
    ),
    after: lines(
      'use(1);',
      '// Colours',
      'const GREEN = 2;',
      '',
      '// ===================== Helpers',
      '',
      '// const c = 2;',
      'use(2); // shared',
      'export { GREEN };',
    ),
  },
  {
    name: 'a label that speaks of what is removed',
    before: lines('use(1);', '// red', 'const RED = 1;', 'const GREEN = 2;', 'export { GREEN };'),
    after: lines('use(1);', 'const GREEN = 2;', 'export { GREEN };'),
  },
];

/** A comment that says: it is unused, and that is as it should be. */
export const ON_PURPOSE: readonly Case[] = [
  {
    name: 'local functions and variables',
    before: lines(
      'use(1);',
      '// Not needed for now',
      'function f() {}',
      '/** Kept for the time being: do not remove! */',
      'const a = 1;',
      'const b = 2; // currently unused',
      'let c = 3,',
      '  // will be used by the next version',
      '  d = 4;',
      'export { c };',
    ),
  },
  {
    name: 'private members',
    before: lines('export class A {', '  /** TO BE USED LATER */', '  private a = () => {};', '}'),
  },
  {
    name: 'unreachable code',
    before: lines(
      'export function f(a) {',
      "  if (a) throw new Error('');",
      '  else return 1;',
      '  // unreachable, but keeps TypeScript happy',
      '  use(a);',
      '}',
    ),
  },
];
