/** `docs/configuration.md`: every key with its type, default and description, made from the JSON schema. */
import { type JsonSchema, wordsFor } from './expected.js';
import { configJsonSchema } from './json-schema.js';

const HEAD = `# Configuration

<!-- Made from src/config/schema.ts by src/config/docs.ts. -->

No configuration is needed: the tools that run, their versions, their settings and their files are taken from the project itself. What is written here decides the rest.

- **Where:** \`.quality-config.json\` at the top of the repository (comments and trailing commas are allowed), or \`"quality"\` in the \`package.json\` there; both at once are a mistake. In a folder further down, it makes that folder a target of its own. \`--config FILE\` takes that file alone.
- **What wins:** a flag of the command line, then the config, then the default.
- **Mistakes** are told all at once, each with its place, what was expected and what may have been meant; nothing is run then (exit code 2).
- **Editors** complete and check the file by \`"$schema": "./node_modules/quality-orchestrator/quality-config.schema.json"\`.

[.quality-config.example.json](../.quality-config.example.json) has all keys in one file, with their defaults. What workflows, commands and policies do is told in [workflows.md](workflows.md).
`;

/** Text of `docs/configuration.md`; Prettier has the last word on its layout. */
export function configDocsText(): string {
  const keys = Object.entries(configJsonSchema().properties ?? {});
  const [sections, plain] = [keys.filter(([, key]) => isSection(key)), keys.filter(([, key]) => !isSection(key))];
  const rows = plain.map(([name, schema]) => rowOf(name, schema, false));
  return [HEAD, '## Single keys', table(rows), ...sections.map(([name, schema]) => sectionOf(name, schema))].join(
    '\n\n',
  );
}

function isSection({ type }: JsonSchema): boolean {
  return type === 'object';
}

function sectionOf(name: string, schema: JsonSchema): string {
  const [sample] = schema.examples ?? [];
  const names = schema.propertyNames?.enum;
  return [
    `## ${name}`,
    schema.description ?? '',
    table(rowsBelow(name, schema)),
    ...(names === undefined ? [] : [`Names: ${names.map(String).join(', ')}.`]),
    ...(sample === undefined ? [] : [`\`\`\`jsonc\n${JSON.stringify({ [name]: sample }, null, 2)}\n\`\`\``]),
  ].join('\n\n');
}

function rowsBelow(path: string, schema: JsonSchema): readonly string[] {
  const { properties, required = [], additionalProperties: each } = schema;
  if (properties !== undefined)
    return Object.entries(properties).flatMap(([key, member]) => [
      rowOf(`${path}.${key}`, member, required.includes(key)),
      ...rowsOfItems(`${path}.${key}`, member),
    ]);
  if (typeof each !== 'object') return [];
  const named = `${path}.<name>`;
  return each.properties === undefined ? [rowOf(named, each, false)] : rowsBelow(named, each);
}

/** Of a list whose items may be objects. */
function rowsOfItems(path: string, { items }: JsonSchema): readonly string[] {
  const object = (items?.anyOf ?? [items]).find((branch) => branch?.properties !== undefined);
  return object === undefined ? [] : rowsBelow(`${path}[]`, object);
}

function rowOf(path: string, schema: JsonSchema, isRequired: boolean): string {
  const known = schema.default === undefined ? '' : code(JSON.stringify(schema.default));
  const cells = [code(path), typeWords(schema), isRequired ? 'required' : known, schema.description ?? ''];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function typeWords(schema: JsonSchema): string {
  const { type, items } = schema;
  const one = type === 'array' ? (items?.title ?? (items?.enum === undefined ? null : wordsFor(items))) : null;
  return one === null ? wordsFor(schema) : `a list; each ${one}`;
}

function table(rows: readonly string[]): string {
  return ['| key | type | default | what it is |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}
