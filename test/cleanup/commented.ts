import fc from 'fast-check';

/** Code with comments, many of them where few people write one. */
export interface Commented {
  readonly text: string;
  /** Each comment block as it stands in the text; no two are alike. */
  readonly blocks: readonly string[];
  /** Those with a blank line around them, between the statements of the file. */
  readonly apart: readonly string[];
  /** Those right above a statement that makes one name only, which nothing uses. */
  readonly attached: readonly { readonly block: string; readonly name: string; readonly isImport: boolean }[];
}

/** Between any two tokens, apart from `·`, a comment may stand. Lower-case names are used somewhere, `X…` are not. */
const STATEMENTS = [
  "import X1 from 'x' ;",
  "import X2 , { a , X3 , b·as·c , X4 } from 'y' ;",
  "import { X5 , X6 , } from 'z' ;",
  "import d , { X7 } from 'w' ;",
  "import·X8·=·require('v') ;",
  'let X9 = 1 , e = a() , X10 = [ 2 ] ;',
  'const X11 = 1 ;',
  'function X12 ( ) { a() ; }',
  'type·X13 = 1 ;',
  'class·X14 { private·X15·=·1 ; }',
  'export·class·F { #X16 = 1 ; private·X17·=·1 ; g = 1 ; private·X18() { } }',
  'export·function·h() { const·X19·=·1 ; return·a; a() ; b() ; }',
  'if·(a) { const·X20·=·1 ; throw·c; d() ; }',
  'use(a,·c,·d,·e) ;',
];
const NAME_OF_ITS_OWN = /^(?:import|import·|const|function|type·|class·) ?(X\d+)(?!\d| ,)/;

type Words = (mark: string) => string;
/** What stands between two tokens: blanks, or a comment with its blanks. The mark makes each comment one of its kind. */
interface Gap {
  readonly before: string;
  readonly block: Words | null;
  readonly after: string;
}

const ABOUT: Words = (mark) => `about what is below ${mark}`;
const WORDS: readonly Words[] = [
  ABOUT,
  (mark) => `Types ${mark}`,
  (mark) => `-------- Part ${mark} --------`,
  (mark) => `${mark} is not needed for now`,
  (mark) => `a(${mark});`,
  (mark) => `${mark},`,
  (mark) => `eslint-enable no-console -- ${mark}`,
  (mark) => `#region ${mark}`,
  (mark) => `Copyright of ${mark}`,
  (mark) => `TODO: ${mark}`,
];

const INLINE = [
  (words: string) => `/* ${words} */`,
  (words: string) => `/** ${words} */`,
  (words: string) => `/* ${words}\n   and on */`,
];
const ON_LINES = [...INLINE, (words: string) => `// ${words}`, (words: string) => `/**\n * ${words}\n * and on\n */`];
/** One comment only where each line starts with it and none speaks to a tool. */
const TWO_LINES = (words: string): string => `// ${words}\n// and on`;

const comment = (forms: typeof INLINE, words: readonly Words[]): fc.Arbitrary<Words> =>
  fc.tuple(fc.constantFrom(...forms), fc.constantFrom(...words)).map(
    ([form, say]) =>
      (mark) =>
        form(say(mark)),
  );
const gapOf = (before: readonly string[], block: fc.Arbitrary<Words>, after: readonly string[]): fc.Arbitrary<Gap> =>
  fc.record({ before: fc.constantFrom(...before), block, after: fc.constantFrom(...after) });

const line: Gap = { before: '\n', block: null, after: '' };
const within = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom<Gap>({ ...line, before: ' ' }, line) },
  gapOf([' ', '\n', ''], comment(INLINE, WORDS), [' ', '\n', '\n\n']),
  gapOf([' ', '\n', '\n\n'], comment(ON_LINES, WORDS), ['\n', '\n\n']),
  gapOf(['\n'], comment([TWO_LINES], [ABOUT]), ['\n']),
);
const apart = gapOf(['\n\n'], comment(ON_LINES, WORDS), ['\n\n']);
const attached = gapOf(['\n'], comment([...ON_LINES, TWO_LINES], [ABOUT]), ['\n']);
const above = fc.oneof(fc.constant(line), within, apart, attached);

const statement = fc
  .constantFrom(...STATEMENTS)
  .chain((text) => fc.tuple(above, fc.constant(text), fc.tuple(...text.split(' ').map(() => within))));

type Written = readonly [Gap, string, readonly Gap[]];

function written(statements: readonly Written[]): Commented {
  const blocks: string[] = [];
  const write = ({ before, block, after }: Gap): string => {
    if (block === null) return before;
    blocks.push(block(`q${String(blocks.length)}q`));
    return before + blocks.at(-1)! + after;
  };
  const above: { gap: Gap; block: string; statement: string }[] = [];
  let text = '';
  for (const [gap, statement, gaps] of statements) {
    text += write(gap);
    if (gap.block !== null) above.push({ gap, statement, block: blocks.at(-1)! });
    const tokens = statement.split(' ').map((token) => token.replaceAll('·', ' '));
    text += tokens.map((token, index) => (index === 0 ? token : write(gaps[index]!) + token)).join('');
  }
  return {
    text: `${text}\nexport {};\n`,
    blocks,
    apart: above.flatMap(({ gap, block }) => (gap.before === '\n\n' && gap.after === '\n\n' ? [block] : [])),
    attached: above.filter(isAttached).flatMap(({ block, statement }) => {
      const name = NAME_OF_ITS_OWN.exec(statement)?.[1];
      return name === undefined ? [] : [{ block, name, isImport: statement.startsWith('import') }];
    }),
  };
}

/** At the top of the file a comment may say what the file is. */
function isAttached({ gap, block }: { gap: Gap; block: string }): boolean {
  return gap.before === '\n' && gap.after === '\n' && block.includes('about what') && !block.includes('q0q');
}

export const commented: fc.Arbitrary<Commented> = fc
  .uniqueArray(statement, { minLength: 2, maxLength: 7, selector: ([, text]) => text })
  .map(written);
