/** Which language a file is in: by its exact name, its extension (the longest first), or its `#!` line. */
import type { Language } from '../model/language.js';

/** Names as their own tools, Prettier and linguist know them. */
const NAMES: Partial<Record<Language, string>> = {
  json: 'package.json package-lock.json composer.json composer.lock flake.lock Pipfile.lock .all-contributorsrc .arcconfig .auto-changelog .c8rc .htmlhintrc .imgbotconfig .nycrc .releaserc .tern-config .tern-project .watchmanconfig .swcrc bun.lock',
  jsonc:
    '.babelrc .jscsrc .jshintrc .jslintrc .eslintrc .eslintrc.json .devcontainer.json devcontainer.json api-extractor.json language-configuration.json tslint.json jsconfig.json tsconfig.json .oxlintrc.json .oxfmtrc.json deno.json',
  javascript: 'Jakefile',
  yaml: '.prettierrc .stylelintrc .lintstagedrc .clang-format .clang-tidy .clangd .gemrc CITATION.cff glide.lock pnpm-lock.yaml yarn.lock',
  toml: 'Cargo.lock Gopkg.lock Pipfile pdm.lock poetry.lock uv.lock',
  markdown: 'README contents.lr',
  python: 'SConscript SConstruct wscript Snakefile BUILD.bazel WORKSPACE.bazel',
  go: '',
  ruby: 'Appraisals Berksfile Brewfile Capfile Dangerfile Fastfile Gemfile Guardfile Podfile Rakefile Thorfile Vagrantfile .irbrc .pryrc',
  shell:
    '.bash_aliases .bash_functions .bash_login .bash_logout .bash_profile .bashrc .envrc .kshrc .profile .zlogin .zlogout .zprofile .zshenv .zshrc PKGBUILD APKBUILD gradlew',
  dockerfile: 'Dockerfile Containerfile',
  php: '.php_cs .php_cs.dist Phakefile',
  elixir: 'mix.lock',
  xml: '.classpath .cproject .project App.config NuGet.config Web.config packages.config',
  text: 'LICENSE LICENCE COPYING NOTICE AUTHORS CONTRIBUTORS CODEOWNERS',
};

const EXTENSIONS: Partial<Record<Language, string>> = {
  javascript: 'js mjs cjs jsx es6 js.flow jsm jsb jscad jake ssjs',
  typescript: 'ts mts cts tsx',
  json: 'json importmap 4DForm 4DProject avsc geojson gltf har ice JSON-tmLanguage mcmeta sarif tfstate tfstate.backup topojson webapp webmanifest yy yyp',
  jsonc:
    'jsonc code-snippets code-workspace hujson sublime-build sublime-color-scheme sublime-commands sublime-completions sublime-keymap sublime-macro sublime-menu sublime-mousemap sublime-project sublime-settings sublime-theme sublime-workspace',
  json5: 'json5',
  css: 'css pcss postcss wxss',
  scss: 'scss',
  less: 'less',
  html: 'html htm xhtml hta xht',
  vue: 'vue',
  svelte: 'svelte',
  astro: 'astro',
  markdown: 'md markdown mdown mdwn mkd mkdn mkdown livemd ronn scd workbook',
  mdx: 'mdx',
  yaml: 'yml yaml sublime-syntax yaml-tmlanguage mir reek rviz syntax',
  toml: 'toml',
  graphql: 'graphql gql graphqls',
  handlebars: 'hbs handlebars',
  python: 'py pyi pyw',
  go: 'go',
  rust: 'rs',
  shell: 'sh bash zsh ksh bats',
  ruby: 'rb rake gemspec ru podspec jbuilder thor rbi',
  java: 'java',
  kotlin: 'kt kts ktm',
  c: 'c h',
  cpp: 'cc cpp cxx c++ hh hpp hxx h++ ipp tcc inl',
  csharp: 'cs csx',
  php: 'php phtml php3 php4 php5 phps',
  swift: 'swift',
  lua: 'lua rockspec',
  sql: 'sql',
  dockerfile: 'dockerfile containerfile',
  xml: 'xml xsd xsl xslt wsdl svg plist csproj fsproj vbproj props targets resx rss atom xaml xlf storyboard nuspec',
  terraform: 'tf tfvars',
  zig: 'zig zon',
  elixir: 'ex exs',
  scala: 'scala sbt sc',
  dart: 'dart',
  text: 'txt',
};

const INTERPRETERS: Partial<Record<Language, string>> = {
  javascript: 'node nodejs bun zx d8 gjs qjs',
  typescript: 'deno ts-node ts-node-esm tsx',
  python: 'python pypy uv',
  shell: 'sh bash zsh ksh dash ash mksh bats',
  ruby: 'ruby jruby rake macruby',
  php: 'php',
  lua: 'lua luajit',
  elixir: 'elixir',
  swift: 'swift',
  kotlin: 'kotlin',
  scala: 'scala',
  dart: 'dart',
  rust: 'rust-script',
};

/** Endings that only look like the extension that they end with. */
const OTHER_LANGUAGE = new Set(['blade.php', 'html.erb', 'html.twig', 'js.erb']);

const BY_NAME = inverted(NAMES);
const BY_EXTENSION = inverted(EXTENSIONS, (extension) => extension.toLowerCase());
const BY_INTERPRETER = inverted(INTERPRETERS);

/** tsconfig.build.json, jsconfig.app.json: TypeScript reads them with comments, whatever the rest of the name. */
const TS_CONFIG = /^(?:ts|js)config(?:\.[\w.-]+)?\.json$/;
const DOCKERFILE = /^(?:Docker|Container)file\./;

/** `interpreter` is the program of the `#!` line, where the file has one. */
export function languageOf(path: string, interpreter?: string): Language | null {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const named = BY_NAME.get(name) ?? (TS_CONFIG.test(name) ? 'jsonc' : undefined);
  if (named !== undefined) return named;
  if (DOCKERFILE.test(name)) return 'dockerfile';
  return name.lastIndexOf('.') > 0 ? byExtension(name.toLowerCase()) : byInterpreter(interpreter);
}

function byExtension(name: string): Language | null {
  for (let dot = name.indexOf('.', 1); dot >= 0; dot = name.indexOf('.', dot + 1)) {
    const extension = name.slice(dot + 1);
    if (OTHER_LANGUAGE.has(extension)) return null;
    const language = BY_EXTENSION.get(extension);
    if (language !== undefined) return language;
  }
  return null;
}

function byInterpreter(interpreter: string | undefined): Language | null {
  if (interpreter === undefined) return null;
  return BY_INTERPRETER.get(interpreter) ?? BY_INTERPRETER.get(interpreter.replace(/[\d.]+$/, '')) ?? null;
}

function inverted(table: Partial<Record<Language, string>>, fold = (word: string) => word): Map<string, Language> {
  const all = new Map<string, Language>();
  for (const [language, words] of Object.entries(table) as [Language, string][])
    for (const word of words.split(' ').filter((each) => each !== '')) all.set(fold(word), language);
  return all;
}
