/** How each tool is told to leave a place alone, and where it describes its rules. */

type Hint = (rule: string) => readonly string[];

const SILENCE: Readonly<Record<string, Hint>> = {
  eslint: (rule) => [
    `one line: // eslint-disable-next-line ${rule} -- the reason`,
    `everywhere: "rules": { "${rule}": "off" } in the ESLint configuration`,
  ],
  oxlint: (rule) => [
    `one line: // oxlint-disable-next-line ${rule}`,
    `everywhere: "rules": { "${rule}": "off" } in .oxlintrc.json`,
  ],
  tsc: () => ['one line: // @ts-expect-error the reason'],
  prettier: () => ['one statement: // prettier-ignore', 'a file: its path in .prettierignore'],
  biome: (rule) => [`one line: // biome-ignore ${rule}: the reason`, 'everywhere: "off" for it in biome.json'],
  ruff: (rule) => [`one line: # noqa: ${rule}`, `everywhere: "${rule}" in lint.ignore of ruff.toml or pyproject.toml`],
  knip: () => ['one export: /** @public */ above it', 'more: "ignore" and its like in the configuration of knip'],
  jscpd: () => [
    'one place: /* jscpd:ignore-start */ … /* jscpd:ignore-end */',
    'everywhere: "dedupe": { "minLines": …, "minTokens": … } in .quality-config.json',
  ],
  stylelint: (rule) => [`one line: /* stylelint-disable-next-line ${rule} */`],
  markdownlint: (rule) => [`one line: <!-- markdownlint-disable-next-line ${rule} -->`],
  shellcheck: (rule) => [`one line: # shellcheck disable=${rule.startsWith('SC') ? rule : `SC${rule}`}`],
  hadolint: (rule) => [`one line: # hadolint ignore=${rule}`],
  yamllint: (rule) => [`one line: # yamllint disable-line rule:${rule}`],
  pylint: (rule) => [`one line: # pylint: disable=${rule}`],
  mypy: (rule) => [`one line: # type: ignore[${rule}]`],
  'golangci-lint': (rule) => [`one line: //nolint:${rule} // the reason`],
  clippy: (rule) => [`one item: #[allow(${rule})]`],
  rubocop: (rule) => [`one line: # rubocop:disable ${rule}`],
};

export function silenceOf(tool: string, rule: string): readonly string[] {
  const hint = rule === 'format' && tool !== 'prettier' ? undefined : SILENCE[tool];
  return hint?.(rule) ?? [`in the configuration of ${tool === '' ? 'the tool' : tool}`];
}

const PAGES: Readonly<Record<string, (rule: string) => string | null>> = {
  ruff: (rule) => (/^[A-Z]+\d+$/.test(rule) ? `https://docs.astral.sh/ruff/rules/${rule}` : null),
  knip: () => 'https://knip.dev/guides/handling-issues',
};

export function urlOf(tool: string, rule: string): string | null {
  return PAGES[tool]?.(rule) ?? null;
}
