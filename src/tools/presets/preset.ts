/** What there is to say about a tool that has a command line. A preset is data: the one adapter in ../presets.ts runs it. */
import type { Language } from '../../model/language.js';
import type { ColumnUnit } from '../output/columns.js';
import type { OutputParser } from '../output/context.js';

/**
 * An argument. `{files}` stands for the files of a batch, `{file}` for the one file, `{flags}` for the flags that the
 * project's own calls give and that change results, `{state}` for a folder where the tool may keep a cache.
 * With `since` or `before`, the arguments are for versions from or up to that one; an unknown version is taken as new.
 */
export type Arg = string | { readonly since?: string; readonly before?: string; readonly args: readonly string[] };

export type Stream = 'stdout' | 'stderr' | 'either';

export interface LintPreset {
  readonly args: readonly Arg[];
  /** For a text that does not stand on disk; absent: the tool looks at a scratch copy. */
  readonly stdin?: readonly Arg[];
  readonly stream: Stream;
  readonly parse: OutputParser;
  /** Exit codes: no findings (or none that count), findings, a configuration that does not load. All others are crashes. */
  readonly ok: readonly number[];
  readonly findings: readonly number[];
  readonly config?: readonly number[];
  /** UTF-16 unless told. */
  readonly columns?: ColumnUnit;
  /** Set before each path, so that it is not read as a glob. */
  readonly literal?: string;
  /** The tool would write this file where it is missing (it then looks at a scratch copy), and change it without the flag. */
  readonly lock?: { readonly file: string; readonly flag: string };
  /** Paths go to standard input, one a line. */
  readonly listOnStdin?: true;
}

/** How the tool names the unformatted files among many. */
export interface ListPreset {
  readonly args: readonly Arg[];
  readonly stream: Stream;
  /** Matches a line that names an unformatted file, in the group `file`. */
  readonly file: RegExp;
  /** Matches whatever else may stand there; absent: nothing else may. */
  readonly chatter?: RegExp;
  /** All formatted; some not; some could not be read or parsed (those are looked at one by one). */
  readonly ok: readonly number[];
  readonly unformatted: readonly number[];
  readonly partial: readonly number[];
}

/** How the tool formats one text. */
export interface StdinPreset {
  readonly args: readonly Arg[];
  readonly ok: readonly number[];
  /** Exit codes that may mean a syntax error; it is one when `syntax` matches what stands on stderr. */
  readonly trouble: readonly number[];
  readonly syntax: RegExp;
  /** A line of stderr has the place of the error, as gcc would write it. */
  readonly placed?: true;
  /** Stands on stderr, and nothing on stdout, when the tool's configuration leaves the file out. */
  readonly ignored?: RegExp;
  /** Runs in the file's own folder: the tool looks for its configuration there. */
  readonly inFileFolder?: true;
}

export interface FormatPreset {
  readonly list?: ListPreset;
  readonly stdin: StdinPreset;
}

/** Signs that the project uses the tool. */
export interface Evidence {
  /** Files that are there for this tool alone. */
  readonly files?: readonly string[];
  /** Files of many uses, and what in them speaks of this tool. */
  readonly sections?: readonly SectionSign[];
  /** Calls in scripts, hooks and recipes; `args` must match the words, joined by blanks. */
  readonly calls?: readonly { readonly tool: string; readonly args?: RegExp }[];
}

export interface SectionSign {
  readonly files: readonly string[];
  readonly pattern: { test(text: string): boolean };
  /** For people: "[tool.black]". */
  readonly says: string;
}

export interface Preset {
  readonly name: string;
  /** Name that the findings carry, where it is another. */
  readonly says?: string;
  readonly role: 'lint' | 'format';
  /** `project`: the tool looks for its files by itself. */
  readonly grain: 'file' | 'project';
  /** Its answers about a file depend on others as well, though it is given them one by one. */
  readonly looksAround?: true;
  readonly languages: readonly Language[];
  /** Only these paths; and never those. */
  readonly only?: RegExp;
  readonly never?: RegExp;
  /** In order of preference. */
  readonly programs: readonly string[];
  /** Installed in virtual environments as well. */
  readonly python?: true;
  /** Arguments that make it say its version; `program`: another one says it, `{program}` being this one. */
  readonly version: { readonly args: readonly string[]; readonly program?: string };
  /** How to install it, for people; `npm` is a package name, to be added with the project's package manager. */
  readonly install: { readonly npm: string } | { readonly command: string };
  readonly evidence: Evidence;
  /** No line in the plan where it is not used: it would be in too many. */
  readonly quiet?: true;
  /** How to switch it on, for people: "add a [tool.black] section to pyproject.toml". */
  readonly switchOn: string;
  /** Base names of config files that change its results. */
  readonly configFiles: readonly string[];
  /** Flags of the project's calls that change results: those alone, and those with a value after them or after `=`. */
  readonly flags?: { readonly alone?: readonly string[]; readonly valued?: readonly string[] };
  /** More arguments that depend on what stands in the project's files, by folder. */
  readonly folderFlags?: FolderFlags;
  readonly env?: Readonly<Record<string, string>>;
  readonly lint?: LintPreset;
  readonly format?: FormatPreset;
}

/** Arguments for the files below the folder of each of these files, or only of the one in the use's root. */
export interface FolderFlags {
  readonly files: readonly string[];
  readonly of: 'root' | 'each';
  read(file: FolderFile): readonly string[];
}

export interface FolderFile {
  /** Relative to the use's root. */
  readonly path: string;
  readonly text: string;
  /** Texts of those of the same names in the folders above it, nearest first. */
  readonly parents: readonly string[];
}
