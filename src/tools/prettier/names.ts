/** Files that Prettier knows without plugins, from all its versions since 2.0. A name too many costs a look, no more. */
import { basename } from '../../host/paths.js';
import type { FileFacts } from '../../model/file.js';

const EXTENSIONS = new Set(
  [
    ...[
      'importmap',
      'json',
      '4dform',
      '4dproject',
      'avsc',
      'geojson',
      'gltf',
      'har',
      'ice',
      'json-tmlanguage',
      'jsonl',
    ],
    ...['json.example', 'mcmeta', 'sarif', 'slnlaunch', 'tact', 'tfstate', 'tfstate.backup', 'topojson', 'webapp'],
    ...['webmanifest', 'yy', 'yyp', 'jsonc', 'code-snippets', 'code-workspace', 'hujson', 'sublime-build'],
    ...['sublime-color-scheme', 'sublime-commands', 'sublime-completions', 'sublime-keymap', 'sublime-macro'],
    ...['sublime-menu', 'sublime-mousemap', 'sublime-project', 'sublime-settings', 'sublime-theme'],
    ...['sublime-workspace', 'sublime_metrics', 'sublime_session', 'json5', 'js', '_js', 'bones', 'cjs', 'es', 'es6'],
    ...['frag', 'gs', 'jake', 'javascript', 'jsb', 'jscad', 'jsfl', 'jslib', 'jsm', 'jspre', 'jss', 'mjs', 'njs'],
    ...['pac', 'sjs', 'ssjs', 'xsjs', 'xsjslib', 'start.frag', 'end.frag', 'wxs', 'js.flow', 'jsx', 'ts', 'cts'],
    ...['mts', 'tsx', 'handlebars', 'hbs', 'graphql', 'gql', 'graphqls', 'component.html', 'html', 'hta', 'htm'],
    ...['html.hl', 'inc', 'xht', 'xhtml', 'mjml', 'vue', 'md', 'livemd', 'markdown', 'mdown', 'mdwn', 'mkd', 'mkdn'],
    ...['mkdown', 'ronn', 'scd', 'workbook', 'mdx', 'css', 'wxss', 'pcss', 'postcss', 'less', 'scss', 'yml', 'mir'],
    ...['reek', 'rviz', 'sublime-syntax', 'syntax', 'yaml', 'yaml-tmlanguage', 'yaml.sed', 'yml.mysql'],
  ].map((extension) => `.${extension}`),
);

const NAMES = new Set([
  ...['.all-contributorsrc', '.arcconfig', '.auto-changelog', '.c8rc', '.htmlhintrc', '.imgbotconfig', '.nycrc'],
  ...['.releaserc', '.secrets.baseline', '.tern-config', '.tern-project', '.watchmanconfig', '.babelrc', '.jscsrc'],
  ...['.jshintrc', '.jslintrc', '.swcrc', '.eslintrc', '.prettierrc', '.stylelintrc', '.lintstagedrc', '.clang-format'],
  ...['.clang-tidy', '.clangd', '.gemrc', '.jsonlintrc', '.jslintrc', 'composer.lock', 'mcmod.info', 'flake.lock'],
  ...['jakefile', 'start.frag', 'end.frag', 'contents.lr', 'readme', 'citation.cff', 'glide.lock', 'pixi.lock'],
  ...['yarn.lock', '.tern-port', 'pipfile.lock', 'deno.lock', '.devcontainer.json', 'language-configuration.json'],
]);

/** Scripts without an extension are recognised by their first line. */
const BY_FIRST_LINE = new Set<string | null>(['javascript', 'typescript']);

export function isKnownToPrettier({ path, language }: Pick<FileFacts, 'path' | 'language'>): boolean {
  const name = basename(path).toLowerCase();
  if (NAMES.has(name) || (!name.includes('.') && BY_FIRST_LINE.has(language))) return true;
  for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
    if (EXTENSIONS.has(name.slice(dot))) return true;
  }
  return false;
}
