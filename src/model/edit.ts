/**
 * The only way anything changes in the target (DESIGN idea 1). `before` is the content hash that the job read, so that
 * a file changed meanwhile is never overwritten; null means that the file did not exist. `after` null deletes it.
 */
export interface Edit {
  /** Relative to the workspace root, `/` between folders. */
  readonly path: string;
  readonly before: string | null;
  readonly after: Uint8Array | null;
  /** Only where a tool changed it; otherwise the mode of the file is kept. */
  readonly executable?: boolean;
}

/** An edit as the log names it: hashes instead of contents. */
export interface EditRecord {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
  /** Type and permissions in octal, as `stat` has them: `100644`, `100600`, `120000` for a symlink; null where no file is. */
  readonly modes: { readonly before: string | null; readonly after: string | null };
  /** Text of the symlink that is deleted; `before` is then the content that it led to. */
  readonly link?: string;
  /** The tools whose work it is, in the order in which they ran: `["eslint", "prettier"]`. */
  readonly tools: readonly string[];
  /** Not made, and nothing new: the baseline, or the commit that the run is compared with, has what it is for. */
  readonly known?: true;
}
