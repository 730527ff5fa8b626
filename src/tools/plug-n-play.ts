/** Yarn's Plug'n'Play: packages lie in archives, and `.pnp.cjs`, loaded before us, tells where each is. */
import Module from 'node:module';

interface PnpApi {
  readonly resolveToUnqualified: (
    request: string,
    issuer: string,
    options: { readonly considerBuiltins: boolean },
  ) => string | null;
}

/** Is it what Node has been started with? */
export function isPlugAndPlay(): boolean {
  return process.versions.pnp !== undefined;
}

/** The folder of the package that code in this absolute folder may load; it need not be one of the disk. */
export function plugAndPlayFolder(name: string, folder: string): string | null {
  if (!isPlugAndPlay()) return null;
  const { findPnpApi } = Module as { readonly findPnpApi?: (path: string) => PnpApi | null };
  try {
    const api = findPnpApi?.(`${folder}/`);
    return api?.resolveToUnqualified(name, `${folder}/`, { considerBuiltins: false }) ?? null;
  } catch {
    // It throws for what the package does not declare.
    return null;
  }
}
