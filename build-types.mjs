/**
 * Declarations for those who import the package: only what `index.d.ts` leads to, and in it what the schema library
 * infers written out, so that nobody needs that library installed to read our types.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

const FOLDER = 'dist/types';
const INFERRED = 'config/schema';
/** What the library calls so, in words of its own. */
const JSON_TYPE = 'type JSONType = string | number | boolean | null | JSONType[] | { [key: string]: JSONType };\n';

execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.types.json'], { stdio: 'inherit' });
writeFileSync(join(FOLDER, `${INFERRED}.d.ts`), writtenOut(`src/${INFERRED}.ts`));
const reached = reachedFrom(join(FOLDER, 'index.d.ts'));
for (const name of readdirSync(FOLDER, { recursive: true })) {
  const file = join(FOLDER, name);
  if (name.endsWith('.d.ts') && !reached.has(file)) rmSync(file);
}

/** Every exported type, as what it comes to. */
function writtenOut(file) {
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, '.');
  const program = ts.createProgram([file], options);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const flags = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.InTypeAlias;
  const aliases = source.statements.filter(ts.isTypeAliasDeclaration).map((alias) => {
    const type = checker.typeToString(checker.getTypeAtLocation(alias), alias, flags);
    return `export type ${alias.name.text} = ${type.replaceAll('z.core.util.JSONType', 'JSONType')};\n`;
  });
  return [JSON_TYPE, ...aliases].join('');
}

function reachedFrom(file, reached = new Set()) {
  if (reached.has(file)) return reached;
  reached.add(file);
  for (const [, name] of readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*['"](\.[^'"]+)\.js['"]/g))
    reachedFrom(join(dirname(file), `${name}.d.ts`), reached);
  return reached;
}
