/** The JSON schema that gives editors completion and checks; written to the top of the package, see test/config.test.ts. */
import * as z from 'zod';
import type { JsonSchema } from './expected.js';
import { configSchema } from './schema.js';

const ID = 'quality-config.schema.json';

export function configJsonSchema(): JsonSchema {
  return jsonSchemaOf(configSchema);
}

export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12' }) as JsonSchema;
}

/** Text of `quality-config.schema.json`. */
export function jsonSchemaText(): string {
  const { $schema, ...schema } = configJsonSchema() as Record<string, unknown>;
  const head = {
    $schema,
    $id: ID,
    title: 'quality configuration',
    description: 'What `quality` does with a project: .quality-config.json, or "quality" in package.json.',
    // Words of the editors that follow VS Code: without them every comment is underlined.
    allowComments: true,
    allowTrailingCommas: true,
  };
  return `${JSON.stringify({ ...head, ...schema }, null, 2)}\n`;
}
