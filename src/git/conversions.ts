/** Which files may stand on disk with other bytes than git keeps for them: line endings, filters, encodings. */
import { type Result, success } from '../model/result.js';
import type { IndexLine } from './index-lines.js';
import { type Place, gitAt, outputAt } from './place.js';
import { type RawPath, rawInput } from './raw-path.js';

export interface WorkTreeConfig {
  /** Line endings may be converted whatever the attributes say. */
  readonly converts: boolean;
  /** Does the exec bit on disk mean anything? */
  readonly fileMode: boolean;
}

export async function readWorkTreeConfig(place: Place): Promise<WorkTreeConfig> {
  const result = await gitAt(place, ['config', '-z', '--get-regexp', '^core\\.(autocrlf|filemode)$']);
  const values = new Map<string, string>();
  for (const item of result.stdout.toString('utf8').split('\0')) {
    const [key = '', value = 'true'] = item.split('\n');
    values.set(key, value.toLowerCase());
  }
  const isFalse = (value: string | undefined): boolean => value !== undefined && /^(?:false|no|off|0|)$/.test(value);
  const crlf = values.get('core.autocrlf');
  return { converts: crlf !== undefined && !isFalse(crlf), fileMode: !isFalse(values.get('core.filemode')) };
}

/** Any of these can change any byte. */
const ANYTHING = new Set(['filter', 'working-tree-encoding']);
/** With these the number of bytes tells: they take carriage returns out, or fill in a keyword. */
const LENGTH = new Set(['text', 'crlf', 'eol', 'ident']);

/** Of these lines, whose files git takes for unchanged, those of which the bytes must be looked at. */
export async function possiblyConverted(
  place: Place,
  lines: readonly IndexLine[],
  config: WorkTreeConfig,
): Promise<Result<readonly IndexLine[]>> {
  if (lines.length === 0) return success([]);
  const attributes = await outputAt(place, ['check-attr', '-z', '--stdin', '--all'], {
    input: rawInput(
      lines.map((line) => line.path),
      '\0',
    ),
  });
  if (!attributes.ok) return attributes;
  const { anything, length } = parse(attributes.value);
  const measured = lines.filter((line) => !anything.has(line.path) && (config.converts || length.has(line.path)));
  const sizes = await blobSizes(place, measured);
  if (!sizes.ok) return sizes;
  const filtered = lines.filter((line) => anything.has(line.path));
  return success([...filtered, ...measured.filter((line) => sizes.value.get(line.oid) !== line.size)]);
}

function parse(output: Buffer): { anything: Set<RawPath>; length: Set<RawPath> } {
  const parts = output.toString('latin1').split('\0');
  const anything = new Set<RawPath>();
  const length = new Set<RawPath>();
  for (let at = 0; at + 2 < parts.length; at += 3) {
    const [path = '', name = '', value] = parts.slice(at, at + 3);
    if (value === 'unset' || value === 'unspecified') continue;
    if (ANYTHING.has(name)) anything.add(path);
    else if (LENGTH.has(name)) length.add(path);
  }
  return { anything, length };
}

async function blobSizes(place: Place, lines: readonly IndexLine[]): Promise<Result<Map<string, number>>> {
  const oids = [...new Set(lines.map((line) => line.oid))];
  const sizes = new Map<string, number>();
  if (oids.length === 0) return success(sizes);
  const args = ['cat-file', '--buffer', '--batch-check=%(objectname) %(objectsize)'];
  const output = await outputAt(place, args, { input: rawInput(oids, '\n') });
  if (!output.ok) return output;
  for (const line of output.value.toString('latin1').split('\n')) {
    const [oid, size] = line.split(' ');
    if (oid !== undefined && size !== undefined && /^\d+$/.test(size)) sizes.set(oid, Number(size));
  }
  return success(sizes);
}
