/** Declarations only (`x.d.ts`, `x.d.json.ts`): there everything is meant for others. Tests of types use names by declaring them. */
const NOT_CODE = /\.d(\.[^./]+)?\.[cm]?ts$|\.(?:test|spec)-d\.[cm]?tsx?$/;

/** Input of tests: what is dead there is dead on purpose. */
const TEST_DATA =
  /(^|\/)(?:(?:[\w.-]+-)?_*(?:test)?fixtures?_*|test-?data)\/|tests?(?:__)?\/(?:.+\/)?(?:actual|expected|input|output)\.[^/]+$/i;

/** Tests of types: the compiler checks what nothing uses. */
const TYPE_TESTS =
  /(^|\/)(?:_*(?:type|dts|typings)-?(?:tests?|checks?)_*|(?:[\w-]+-)?_*(?:tests?|specs?)_*\/(?:.+\/)?(?:ts|dts|types?|typings|typescript))\//i;

export function isSourcePath(path: string): boolean {
  return /\.[cm]?[jt]sx?$/.test(path) && !NOT_CODE.test(path) && !TEST_DATA.test(path) && !TYPE_TESTS.test(path);
}

/** Longer texts are bundles or data; checking them would hold up everything else. */
const MAX_LENGTH = 1_500_000;

/** Files that say themselves that nobody should edit them, or that are not written in what we can read (Flow). */
export function isLeftAlone(path: string, text: string): boolean {
  return (
    !isSourcePath(path) ||
    text.length > MAX_LENGTH ||
    /@generated\b|\bDO NOT EDIT\b|@flow\b/i.test(headOf(text)) ||
    /\$ExpectType\b/.test(text)
  );
}

/** The comment lines at the top, at most ten. */
function headOf(text: string): string {
  const lines = text.split('\n', 10);
  const end = lines.findIndex((line) => !/^\uFEFF?\s*(?:\/\/|\/\*|\*|#!|['"]use |$)/.test(line));
  return lines.slice(0, end < 0 ? lines.length : end).join('\n');
}
