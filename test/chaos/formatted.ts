/** What the project's formatter makes of a text, asked for without the command. */
import { isUtf8 } from 'node:buffer';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Prettier from 'prettier';

const KNOWN = /\.(?:m?js|ts|css|md|json)$/;

/** As in the scenarios' `.prettierrc`. undefined: nobody formats such a file; null: it cannot be read. */
export async function formatted(path: string, bytes: Buffer): Promise<Buffer | null | undefined> {
  if (!KNOWN.test(path) || !isUtf8(bytes) || bytes.includes(0)) return undefined;
  const prettier = await load();
  try {
    return Buffer.from(await prettier.format(bytes.toString('utf8'), { filepath: path, singleQuote: true }));
  } catch {
    return null;
  }
}

/** The harness is one file in a folder of its own, without packages beside it. */
async function load(): Promise<typeof Prettier> {
  const file = createRequire(join(process.cwd(), 'package.json')).resolve('prettier');
  return ((await import(pathToFileURL(file).href)) as { default: typeof Prettier }).default;
}
