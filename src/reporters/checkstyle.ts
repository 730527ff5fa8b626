/** Checkstyle's XML, which reviewdog, Jenkins' warnings plugin and many editors read. */
import { xml } from './characters.js';
import type { Format } from './format.js';
import { type Problem, problemsOf, ruleIdOf } from './problems.js';
import { groupBy } from './text.js';

export const checkstyle: Format = ({ state, place }) => {
  const files = groupBy(problemsOf(state), ({ finding }) => finding.path ?? place.anchor);
  const blocks = files.map((group) => {
    const name = `${place.prefix}${group[0]?.finding.path ?? place.anchor}`;
    return [`  <file name="${xml(name)}">`, ...group.map(errorOf), '  </file>'].join('\n');
  });
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<checkstyle version="8.0">', ...blocks, '</checkstyle>', ''].join(
    '\n',
  );
};

function errorOf({ finding }: Problem): string {
  const { start, severity, message } = finding;
  const column = start === undefined ? '' : ` column="${Math.max(1, start.column)}"`;
  const source = ruleIdOf(finding).replaceAll('/', '.');
  return `    <error line="${Math.max(1, start?.line ?? 1)}"${column} severity="${severity}" message="${xml(message)}" source="${xml(source)}"/>`;
}
