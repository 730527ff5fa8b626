/** The example config: every key with its description and default, made from the JSON schema. */
import type { JsonSchema } from './expected.js';
import { configJsonSchema } from './json-schema.js';

const WIDTH = 110;
const HEAD = [
  'Every key of `.quality-config.json` with its default. Keys without a default, and samples, are commented out.',
  'Comments and trailing commas are allowed. All keys are optional: keep only those that differ.',
];

/** Text of `.quality-config.example.json`. Parsed, it is the default config. */
export function exampleText(): string {
  const body = objectLines(configJsonSchema(), {}, { sample: false, between: [''] });
  return [...HEAD.flatMap((line) => comment(line)), ...body, ''].join('\n');
}

type Lines = readonly string[];
interface Values {
  readonly [key: string]: unknown;
}

interface Layout {
  /** All of it is commented out further up, so that keys without a default stand in it as they are. */
  readonly sample: boolean;
  /** Lines between two keys. */
  readonly between?: Lines;
}

function objectLines(schema: JsonSchema, values: Values, { sample, between = [] }: Layout): Lines {
  const members = Object.entries(schema.properties ?? {}).map(([key, member]) => {
    const known = values[key] ?? member.default;
    const lines = withKey(key, valueLines(member, known ?? member.examples?.[0], sample));
    return { active: sample || known !== undefined, about: aboutKey(member), lines };
  });
  const last = members.findLastIndex((member) => member.active);
  const shown = members.map(({ active, about, lines }, index) => [
    ...(index === 0 ? [] : between),
    ...about,
    ...(active ? withComma(lines, index < last) : withComma(lines, true).map((line) => `// ${line}`)),
  ]);
  return ['{', ...indent(shown.flat()), '}'];
}

function aboutKey({ description, enum: choices }: JsonSchema): Lines {
  const about = description === undefined ? [] : comment(description);
  const names = choices?.map((one) => JSON.stringify(one)).join(', ');
  return names === undefined ? about : [...about, `// One of ${names}.`];
}

function valueLines(schema: JsonSchema, value: unknown, sample: boolean): Lines {
  if (Array.isArray(value)) return arrayLines(schema, value, sample);
  if (!isObject(value)) return [JSON.stringify(value)];
  const branch = schema.anyOf?.find(({ type }) => type === 'object') ?? schema;
  if (branch.properties !== undefined) return objectLines(branch, value, { sample });
  return recordLines(branch, value, sample);
}

/** Names are free here: the entries there are, or else those of the example, commented out. */
function recordLines(schema: JsonSchema, value: Values, sample: boolean): Lines {
  const [example] = schema.examples ?? [];
  const member = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : {};
  const given = Object.keys(value).length > 0;
  const entries = Object.entries(given || !isObject(example) ? value : example);
  const lines = entries.flatMap(([key, item], index) =>
    withComma(withKey(key, valueLines(member, item, true)), index < entries.length - 1),
  );
  if (lines.length === 0) return ['{}'];
  return ['{', ...indent(given || sample ? lines : lines.map((line) => `// ${line}`)), '}'];
}

function arrayLines(schema: JsonSchema, values: readonly unknown[], sample: boolean): Lines {
  const items = values.map((value) => valueLines(schema.items ?? {}, value, sample));
  if (items.every((lines) => lines.length === 1)) return [`[${items.flat().join(', ')}]`];
  return ['[', ...indent(items.flatMap((lines, index) => withComma(lines, index < items.length - 1))), ']'];
}

function withKey(key: string, lines: Lines): Lines {
  return [`${JSON.stringify(key)}: ${lines[0] ?? ''}`, ...lines.slice(1)];
}

function withComma(lines: Lines, wanted: boolean): Lines {
  return wanted ? lines.map((line, index) => (index === lines.length - 1 ? `${line},` : line)) : lines;
}

function indent(lines: Lines): Lines {
  return lines.map((line) => (line === '' ? '' : `  ${line}`));
}

function comment(text: string): Lines {
  const lines = text.split(' ').reduce<string[]>((done, word) => {
    const last = done.at(-1);
    // A line that began with a quote would look like a key that is commented out.
    const full = last !== undefined && last.length + word.length + 1 > WIDTH && !word.startsWith('"');
    return last === undefined || full ? [...done, word] : [...done.slice(0, -1), `${last} ${word}`];
  }, []);
  return lines.map((line) => `// ${line}`);
}

function isObject(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
