/** What a place in the config may hold, in plain words, taken from the JSON schema. */
import type { Path } from './tree.js';

/** The part of JSON schema that ours uses. */
export interface JsonSchema {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly propertyNames?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly minItems?: number;
  readonly minLength?: number;
}

export function schemaAt(schema: JsonSchema, path: Path): JsonSchema {
  return path.reduce<JsonSchema>((current, part) => memberSchema(current, part) ?? {}, schema);
}

function memberSchema(schema: JsonSchema, part: string | number): JsonSchema | undefined {
  for (const branch of schema.anyOf ?? [schema]) {
    const extra = typeof branch.additionalProperties === 'object' ? branch.additionalProperties : undefined;
    const member =
      typeof part === 'number'
        ? branch.items
        : Object.hasOwn(branch.properties ?? {}, part)
          ? branch.properties?.[part]
          : extra;
    if (member !== undefined) return member;
  }
  return undefined;
}

/** The names that keys may have here; empty where they are free. */
export function keysOf(schema: JsonSchema): readonly string[] {
  const object = (schema.anyOf ?? [schema]).find((branch) => branch.type === 'object');
  return object?.properties === undefined
    ? (object?.propertyNames?.enum ?? []).map(String)
    : Object.keys(object.properties);
}

/** "a whole number from 1 to 256", "one of "ask", "stop"" */
export function wordsFor(schema: JsonSchema): string {
  if (schema.title !== undefined) return schema.title;
  if (schema.enum !== undefined) return `one of ${schema.enum.map((value) => JSON.stringify(value)).join(', ')}`;
  if (schema.anyOf !== undefined) return schema.anyOf.map(wordsFor).join(' or ');
  return (TYPE_WORDS[schema.type ?? ''] ?? (() => 'another value'))(schema);
}

const TYPE_WORDS: Readonly<Record<string, (schema: JsonSchema) => string>> = {
  string: ({ minLength = 0 }) => (minLength > 0 ? 'a string that is not empty' : 'a string'),
  boolean: () => 'true or false',
  integer: (schema) => `a whole number${rangeWords(schema)}`,
  number: (schema) => `a number${rangeWords(schema)}`,
  object: () => 'an object',
  array: ({ items = {}, minItems = 0 }) =>
    minItems > 0 ? `a list of at least one ${singular(items)}` : `a list of ${singular(items)}s`,
};

function singular(schema: JsonSchema): string {
  const type = schema.anyOf === undefined ? schema.type : undefined;
  return type === 'string' ? 'string' : type === 'array' ? 'list' : 'value';
}

function rangeWords(schema: JsonSchema): string {
  const low = schema.minimum ?? (schema.exclusiveMinimum === undefined ? undefined : schema.exclusiveMinimum + 1);
  const high = schema.maximum ?? Infinity;
  const from = low === undefined || low <= Number.MIN_SAFE_INTEGER ? null : low;
  const to = high >= Number.MAX_SAFE_INTEGER ? null : high;
  if (from !== null && to !== null) return ` from ${from} to ${to}`;
  if (from !== null) return ` of at least ${from}`;
  return to === null ? '' : ` of at most ${to}`;
}
