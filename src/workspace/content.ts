/** What one look into a file tells. It depends on the bytes alone, so that it can be kept under their hash. */
import { isUtf8 } from 'node:buffer';

export interface ContentFacts {
  readonly size: number;
  readonly kind: 'text' | 'binary' | 'not-utf8';
  /** Program of a `#!` line: `node`, `python3`. */
  readonly interpreter?: string;
  /** Line near the top that says a program wrote this file. */
  readonly marker?: { readonly line: number; readonly text: string };
  /** Line of the first conflict marker that git left. */
  readonly conflict?: number;
  /** All of it, where the workspace itself needs it: package.json and the like. */
  readonly text?: string;
}

/** git looks for a NUL in as many. */
const BINARY_PROBE = 8000;
const HEADER_BYTES = 1500;
const MARKER_LENGTH = 120;

export function examine(bytes: Buffer, keepText: boolean): ContentFacts {
  const size = bytes.byteLength;
  if (isUtf16(bytes)) return { size, kind: 'not-utf8' };
  if (bytes.subarray(0, BINARY_PROBE).includes(0)) return { size, kind: 'binary' };
  if (!isUtf8(bytes)) return { size, kind: 'not-utf8' };
  const header = bytes.toString('utf8', 0, HEADER_BYTES).replace(/^\uFEFF/, '');
  const interpreter = header.startsWith('#!') ? interpreterOf(header.slice(2).split('\n', 1)[0] ?? '') : null;
  const marker = generatedMarker(header);
  const conflict = conflictLine(bytes);
  return {
    size,
    kind: 'text',
    ...(interpreter === null ? {} : { interpreter }),
    ...(marker === null ? {} : { marker }),
    ...(conflict === null ? {} : { conflict }),
    ...(keepText ? { text: bytes.toString('utf8') } : {}),
  };
}

function isUtf16(bytes: Buffer): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}

/** `/usr/bin/env -S FOO=1 node --flag` → `node`. */
function interpreterOf(line: string): string | null {
  const words = line.trim().split(/\s+/);
  const base = (word = ''): string => word.slice(word.lastIndexOf('/') + 1);
  if (base(words[0]) !== 'env') return base(words[0]) || null;
  return base(words.slice(1).find((word) => !word.startsWith('-') && !word.includes('='))) || null;
}

/** A comment in most languages, with what stands before its words. */
const COMMENT = /^\s*(?:\/\/+!?|\/\*+!?|\*+|#+!?|--+|<!--|;+|%+|"""|'''?|\(\*|\{\/\*)\s*(.*)$/;

/**
 * Words with which generators sign, at the start of a comment: a sentence that only mentions them is none.
 * "Do not edit" alone is a wish of people, too.
 */
const SIGNATURES: readonly RegExp[] = [
  /^(?:this \w+ (?:is|was|has been) )?@generated\b(?!['"`])/i,
  /^code generated\b.*\bdo not edit\b/i,
  /^<auto-?generated\b/i,
  /^(?:this|the) (?:source )?(?:file|code|module) (?:is|was|has been) (?:auto-?|auto |automatically |machine )(?:re)?(?:generated|created)\b/i,
  /^(?:this|the) (?:source )?(?:file|code|module) is generated\b/i,
  /^(?:auto-?|auto |automatically |machine )?generated\b.*\bdo not (?:edit|modify|change)\b/i,
  /^do not (?:edit|modify|change)\b.*\b(?:auto-?|automatically |machine )generated\b/i,
];

/** A marker stands above the code. Some lines before it are let through: a package clause, a brace, a pragma. */
const CODE_LINES = 3;

function generatedMarker(header: string): { line: number; text: string } | null {
  let inBlock = false;
  let codeLines = 0;
  for (const [index, line] of header.split('\n').entries()) {
    const words = COMMENT.exec(line)?.[1] ?? (inBlock ? line.trim() : null);
    if (words !== null && SIGNATURES.some((signature) => signature.test(words)))
      return { line: index + 1, text: line.trim().slice(0, MARKER_LENGTH) };
    if (words === null && line.trim() !== '') codeLines += 1;
    if (codeLines > CODE_LINES) return null;
    inBlock = inBlock ? !BLOCK_END.test(line) : BLOCK_START.test(line);
  }
  return null;
}

const BLOCK_START = /^\s*(?:\/\*(?!.*\*\/)|<!--(?!.*-->)|"""(?!.*""")|\{-(?!.*-\}))/;
const BLOCK_END = /\*\/|-->|"""|-\}/;

/** All three markers must be there in their order: a lone row of `=` underlines a title. */
function conflictLine(bytes: Buffer): number | null {
  const ours = lineStart(bytes, '<<<<<<< ', 0);
  if (ours < 0) return null;
  const middle = lineStart(bytes, '=======', ours);
  if (middle < 0 || lineStart(bytes, '>>>>>>> ', middle) < 0) return null;
  return bytes.subarray(0, ours).toString('latin1').split('\n').length;
}

function lineStart(bytes: Buffer, word: string, from: number): number {
  if (from === 0 && bytes.indexOf(word) === 0) return 0;
  const at = bytes.indexOf(`\n${word}`, from);
  return at < 0 ? -1 : at + 1;
}
