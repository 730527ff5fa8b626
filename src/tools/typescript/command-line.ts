/** A command line of tsc, or of one that takes the same flags, as data. */

export interface CompilerArguments {
  /** `-b`: the projects named and all that they refer to. */
  readonly build: boolean;
  /** Config files or folders as they are written, relative to where the command runs; empty: the folder itself. */
  readonly projects: readonly string[];
  /** Files named instead of a project. */
  readonly files: readonly string[];
  /** What changes findings, ready to be handed on. */
  readonly flags: readonly string[];
  /** It is there to check types, not to emit. */
  readonly checksOnly: boolean;
  readonly watches: boolean;
  /** It does something else: prints help, writes a config. */
  readonly isOther: boolean;
}

const SHORT: Readonly<Record<string, string>> = {
  b: 'build',
  p: 'project',
  w: 'watch',
  h: 'help',
  v: 'version',
  d: 'declaration',
  t: 'target',
  m: 'module',
  i: 'incremental',
  f: 'force',
};

const OTHER = new Set(['init', 'showconfig', 'version', 'help', 'all', 'listfilesonly', 'clean', 'dry', 'lsp', 'api']);

/** Where results go and how they look: ours to decide. */
const OUTPUT = new Set([
  ...['noemit', 'pretty', 'watch', 'incremental', 'tsbuildinfofile', 'outdir', 'outfile', 'declarationdir'],
  ...['emitdeclarationonly', 'sourcemap', 'inlinesourcemap', 'inlinesources', 'declarationmap', 'listfiles', 'force'],
  ...['listemittedfiles', 'diagnostics', 'extendeddiagnostics', 'explainfiles', 'traceresolution', 'verbose', 'quiet'],
  ...['generatetrace', 'generatecpuprofile', 'preservewatchoutput', 'noemitonerror', 'stoponbuilderrors', 'locale'],
  ...['removecomments', 'maproot', 'sourceroot', 'newline', 'mappingfile', 'builders'],
]);

const WITH_VALUE = new Set([
  ...['project', 'target', 'module', 'lib', 'jsx', 'moduleresolution', 'rootdir', 'rootdirs', 'baseurl', 'types'],
  ...['typeroots', 'jsxfactory', 'jsxfragmentfactory', 'jsximportsource', 'reactnamespace', 'ignoredeprecations'],
  ...[
    'moduledetection',
    'customconditions',
    'modulesuffixes',
    'maxnodemodulejsdepth',
    'checkers',
    'charset',
    'plugins',
  ],
  ...['importsnotusedasvalues', 'watchfile', 'watchdirectory', 'fallbackpolling', 'excludedirectories', 'excludefiles'],
  ...['outdir', 'outfile', 'declarationdir', 'tsbuildinfofile', 'generatetrace', 'generatecpuprofile', 'locale'],
  ...['maproot', 'sourceroot', 'newline', 'builders'],
]);

interface Option {
  readonly name: string;
  readonly words: readonly string[];
}

export function readCompilerArguments(args: readonly string[]): CompilerArguments {
  const { options, others } = split(args);
  const names = new Set(options.map(({ name }) => name));
  const build = names.has('build');
  const project = options.findLast(({ name }) => name === 'project')?.words[1];
  return {
    build,
    projects: build ? others : project === undefined ? [] : [project],
    files: build ? [] : others,
    flags: options.filter(({ name }) => isHandedOn(name)).flatMap(({ words }) => words),
    checksOnly: options.some(({ name, words }) => name === 'noemit' && words[1] !== 'false'),
    watches: names.has('watch'),
    isOther: [...names].some((name) => OTHER.has(name)),
  };
}

function isHandedOn(name: string): boolean {
  return name !== 'build' && name !== 'project' && !OUTPUT.has(name);
}

function split(args: readonly string[]): { options: Option[]; others: string[] } {
  const options: Option[] = [];
  const others: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? '';
    if (!/^--?[A-Za-z]/.test(word)) {
      others.push(word);
      continue;
    }
    const written = word.replace(/^--?/, '').toLowerCase();
    const name = SHORT[written] ?? written;
    const next = args[at + 1];
    const hasValue = next !== undefined && (WITH_VALUE.has(name) || next === 'true' || next === 'false');
    options.push({ name, words: hasValue ? [word, next] : [word] });
    if (hasValue) at += 1;
  }
  return { options, others };
}
