/** The document against the schema. Only here, and only when there is a config file, zod is loaded. */
import type { JsonSchema } from './expected.js';
import type { Issue } from './issues.js';
import type { Mistake } from './mistake.js';
import type { ConfigDocument } from './parse.js';
import type { Config } from './schema.js';
import { entriesOf, itemsOf, type Node, type Path, textOf, valueOf } from './tree.js';

export interface Validated {
  /** Null when there is a mistake. */
  readonly config: Config | null;
  readonly mistakes: readonly Mistake[];
}

export async function validate(document: ConfigDocument): Promise<Validated> {
  const { configSchema } = await import('./schema.js');
  const parsed = configSchema.safeParse(document.value);
  const steps = stepsWithOptions(document.tree);
  if (parsed.success && steps.length === 0) return { config: parsed.data, mistakes: [] };
  const wrongOptions = await Promise.all(steps.map((step) => checkOptions(step, document)));
  const mistakes = [...(parsed.success ? [] : await explain(parsed.error.issues, document)), ...wrongOptions.flat()];
  return { config: parsed.success && mistakes.length === 0 ? parsed.data : null, mistakes };
}

async function explain(issues: readonly Issue[], document: ConfigDocument): Promise<readonly Mistake[]> {
  const [{ mistakesOf }, { configJsonSchema }] = await Promise.all([import('./issues.js'), import('./json-schema.js')]);
  return mistakesOf(issues, { document, schema: configJsonSchema(), at: [] });
}

interface StepWithOptions {
  readonly command: string;
  readonly path: Path;
  readonly options: Node;
}

function stepsWithOptions(tree: Node): readonly StepWithOptions[] {
  return entriesOf(valueOf(tree, 'workflows')).flatMap(({ name, value }) =>
    itemsOf(valueOf(value, 'steps')).flatMap((step, index) => {
      const command = textOf(valueOf(step, 'command'));
      const options = valueOf(step, 'options');
      if (command === null || options?.type !== 'object') return [];
      return [{ command, options, path: ['workflows', name, 'steps', index, 'options'] }];
    }),
  );
}

async function checkOptions(step: StepWithOptions, document: ConfigDocument): Promise<readonly Mistake[]> {
  const [{ stepOptionsSchema }, { jsonSchemaOf }, { getNodeValue }] = await Promise.all([
    import('./schema.js'),
    import('./json-schema.js'),
    import('jsonc-parser'),
  ]);
  const schema = stepOptionsSchema(step.command);
  const parsed = schema.safeParse(getNodeValue(step.options));
  if (parsed.success) return [];
  const { mistakesOf } = await import('./issues.js');
  const words: JsonSchema = jsonSchemaOf(schema);
  return mistakesOf(parsed.error.issues, { document, schema: words, at: step.path });
}
