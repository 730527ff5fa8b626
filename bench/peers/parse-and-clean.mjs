/**
 * The least that a clean-up costs: parse every source once with oxc, and take unused imports out of the files named on the
 * command line with ts-morph.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';
import { Project } from 'ts-morph';

for (const entry of readdirSync('packages', { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const path = join(entry.parentPath, entry.name);
  parseSync(path, readFileSync(path, 'utf8'));
}

const project = new Project({ compilerOptions: { allowJs: true }, skipFileDependencyResolution: true });
for (const file of project.addSourceFilesAtPaths(process.argv.slice(2))) {
  for (const declaration of file.getImportDeclarations()) {
    const names = declaration.getNamedImports();
    const unused = names.filter((one) => (one.getAliasNode() ?? one.getNameNode()).findReferencesAsNodes().length <= 1);
    if (names.length > 0 && unused.length === names.length) declaration.remove();
    else for (const one of unused) one.remove();
  }
}
await project.save();
