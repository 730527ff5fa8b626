/** One config file, whole: syntax, schema, rules. */
import type { Failure } from '../model/failure.js';
import { type Result, failed, success } from '../model/result.js';
import type { KnownNames } from './known.js';
import { failureOf, inOrder, type Mistake, type Source } from './mistake.js';
import { type ConfigDocument, keyMistakes, parseConfig } from './parse.js';
import { applyRules } from './rules.js';
import type { Config } from './schema.js';
import { keyRange } from './tree.js';
import { validate } from './validate.js';

/** @param rival Name of another file that holds a config as well, which makes this one a mistake. */
export async function checkConfig(
  source: Source,
  known: KnownNames,
  rival?: string,
): Promise<Result<Config, readonly Failure[]>> {
  const parsed = await parseConfig(source);
  if (!parsed.ok) return failed(parsed.failure.map((mistake) => failureOf(source, mistake)));
  const document = parsed.value;
  const [validated, broken] = await Promise.all([validate(document), applyRules({ document, known })]);
  // Rules first: where both have something to say about a name, they know the right ones.
  const mistakes = [...clash(document, rival), ...keyMistakes(document.tree), ...broken, ...validated.mistakes];
  if (mistakes.length === 0 && validated.config !== null) return success(validated.config);
  return failed(inOrder(mistakes).map((mistake) => failureOf(source, mistake)));
}

function clash({ tree }: ConfigDocument, rival: string | undefined): readonly Mistake[] {
  if (rival === undefined) return [];
  const key = tree.parent?.children?.[0];
  const problem = `there is a config here and another in ${rival}; keep one of the two`;
  return [{ range: key ?? keyRange(tree, []), path: null, problem }];
}
