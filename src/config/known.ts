/** The built-in names, given by the caller: this floor lies below those that define them. */
export interface KnownNames {
  readonly commands: readonly string[];
  readonly workflows: readonly string[];
  readonly tools: readonly string[];
  /** `after` of the built-in commands. */
  readonly after: Readonly<Record<string, readonly string[]>>;
}
