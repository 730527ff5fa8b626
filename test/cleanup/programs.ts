import vm from 'node:vm';
import fc from 'fast-check';

/** A program in the making: names that it declares so far are `x0`, `x1`, … */
const name = fc.integer({ min: 0, max: 5 }).map((index) => `x${index}`);

const pure = fc.oneof(
  fc.constantFrom('1', "'s'", '() => log(9)', '[1, 2]', '{ a: 1 }', 'function () { log(8); }', '!1', '`t`', '1 + 2'),
  name,
);
const effect = fc.oneof(
  fc.constantFrom(
    'log(1)',
    '[log(2)]',
    '`${log(3)}`',
    'obj.member',
    '{ a: log(4) }',
    '[...obj.list]',
    'class { static a = log(5); }',
  ),
  name.map((used) => `(log(typeof ${used}), 1)`),
);

const exits = fc.constantFrom('return 7;', 'if (obj) return 8; else return 9;', '{ return 1; }', "throw 'up';", '');

/** A statement at any place; `k` makes the names it declares different from all others. */
function statement(k: number): fc.Arbitrary<string> {
  const own = `x${k}`;
  return fc.oneof(
    fc.tuple(fc.constantFrom('var'), pure).map(([kind, value]) => `${kind} ${own} = ${value}`),
    effect.map((value) => `var ${own} = ${value}`),
    fc.tuple(pure, effect).map(([a, b]) => `var y${k} = ${a}, ${own} = ${b}, z${k} = ${a};`),
    name.map((used) => `log(typeof ${used})`),
    fc
      .tuple(name, exits, name)
      .map(
        ([used, exit, later]) =>
          `function ${own}() {\n  const inner${k} = 1;\n  log('in ${own}', typeof ${used});\n  ${exit}\n  var dead${k} = 1;\n  log(typeof ${later})\n}`,
      ),
    fc
      .tuple(name, exits)
      .map(
        ([used, exit]) =>
          `try { (() => {\n  ${exit}\n  log(typeof ${used}); var ${own} = 2;\n})() } catch (e${k}) { log('caught') }`,
      ),
    effect.map(
      (value) => `var ${own} = class {\n  #a = 1;\n  #b = ${value};\n  #c() { this.#c(); }\n  d() { return 1 }\n}`,
    ),
    fc.constant(`'use strict'`),
    fc.constant('(obj)'),
    fc.constant('[obj]'),
    name.map((used) => `/** about */\n${used};`),
  );
}

const SEPARATORS = ['\n', ';\n', '; ', '\n\n', '; // note\n'] as const;

/** Text of a function body's worth of statements, with semicolons here and there, and a list of what it exports. */
export const program: fc.Arbitrary<string> = fc
  .tuple(
    fc.tuple(...[0, 1, 2, 3, 4, 5].map(statement)),
    fc.array(fc.constantFrom(...SEPARATORS), { minLength: 6, maxLength: 6 }),
    fc.uniqueArray(name, { maxLength: 3 }),
    fc.boolean(),
  )
  .map(([statements, separators, exported, calls]) => {
    const body = statements.map((text, index) => text + (separators[index] ?? '\n')).join('');
    const call = calls ? 'for (const f of [typeof x1 === "function" ? x1 : 0]) try { f && f() } catch {}\n' : '';
    return `${body}\n;${call}module.exports = { ${exported.join(', ')} };\n`;
  });

/** All that can be seen of a run: what it logs, exports, throws. Names that never were make it throw, as ever. */
export function observe(code: string): string {
  const log: string[] = [];
  const obj = {
    get member() {
      log.push('member');
      return 1;
    },
    get list() {
      log.push('list');
      return [1];
    },
  };
  const module: { exports: unknown } = { exports: null };
  const sandbox = { module, obj, log: (...words: unknown[]) => log.push(words.join(' ')) };
  let thrown = 'nothing';
  try {
    // As Node does with CommonJS: in a function of its own.
    const run = vm.runInNewContext(`(function (module, obj, log) {${code}\n})`, sandbox) as (
      ...args: unknown[]
    ) => void;
    run(module, obj, sandbox.log);
  } catch (error) {
    thrown = JSON.stringify((error as { name?: unknown }).name ?? error);
  }
  const exported = Object.entries((module.exports as object | null) ?? {}).map(
    ([key, value]) => `${key}: ${typeof value}`,
  );
  return JSON.stringify({ log, thrown, exported });
}
