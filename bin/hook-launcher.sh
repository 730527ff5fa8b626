# shellcheck shell=sh
# Starts quality for a git hook: /bin/sh quality-hook HOOK required|optional[,shared] [arguments of the hook]
# Written by `quality hook install`, taken away by `quality hook uninstall`.
# Without arguments it prints the node and the program that it would start.
# Only built-ins of the shell are used until node starts: a commit waits for every process.

hook=${1-} how=${2-}
if [ -n "$hook" ]; then
  shift 2
  if [ "${QUALITY-}" = 0 ]; then exit 0; fi
fi

# What `quality hook install` has found on this machine stands in git's own folder, which linked work trees share.
git_folder=${GIT_DIR:-.git}
if [ -f "$git_folder" ]; then
  IFS= read -r line <"$git_folder" || :
  git_folder=${line#gitdir: }
fi
if [ -f "$git_folder/commondir" ]; then
  IFS= read -r line <"$git_folder/commondir" || :
  case $line in
    /* | ?:*) git_folder=$line ;;
    *) git_folder=$git_folder/$line ;;
  esac
fi
known_node='' known_program='' known_hooks=''
if [ -f "$git_folder/quality/hooks" ]; then
  {
    IFS= read -r known_node || :
    IFS= read -r known_program || :
    IFS= read -r known_hooks || :
  } <"$git_folder/quality/hooks"
fi

# A folder of hooks that many repositories share: the others have not asked for it.
case $how in
  *,shared)
    case " $known_hooks " in
      *" $hook "*) ;;
      *) exit 0 ;;
    esac
    ;;
esac

give_up() {
  case $how in
    optional*)
      printf 'quality: %s; going on without it (installed with --optional)\n' "$1" >&2
      exit 0
      ;;
  esac
  printf 'quality: %s\n' "$1" >&2
  printf '  %s\n' "$2" 'To skip it this once: QUALITY=0 before the command, or --no-verify behind it.' >&2
  exit 1
}

# The first of these that can be started.
first_node() {
  for file; do
    if [ -z "$node" ] && [ -f "$file" ] && [ -x "$file" ]; then node=$file; fi
  done
}

# Of folders that are named by version, the newest.
newest_node() {
  best=-1
  for file; do
    version=${file%/bin/node}
    version=${version%/installation}
    version=${version##*/}
    version=${version#v}
    version=${version#node@}
    version=${version%%.*}
    case $version in '' | *[!0-9]*) continue ;; esac
    if [ -x "$file" ] && [ "$version" -ge "$best" ]; then best=$version node=$file; fi
  done
}

# A git client with windows starts hooks without what the shell's start-up files add to PATH.
node=''
if command -v node >/dev/null 2>&1; then
  node=node
else
  home=${HOME:-/nowhere}
  first_node "$known_node" \
    "${VOLTA_HOME:-$home/.volta}/bin/node" \
    "${FNM_DIR:-$home/.local/share/fnm}/aliases/default/bin/node" \
    "$home/.fnm/aliases/default/bin/node" \
    "$home/Library/Application Support/fnm/aliases/default/bin/node"
  if [ -z "$node" ]; then
    newest_node "${NVM_DIR:-$home/.nvm}"/versions/node/*/bin/node \
      "${MISE_DATA_DIR:-$home/.local/share/mise}"/installs/node/*/bin/node \
      "${ASDF_DATA_DIR:-$home/.asdf}"/installs/nodejs/*/bin/node \
      "${FNM_DIR:-$home/.local/share/fnm}"/node-versions/*/installation/bin/node \
      "${NODENV_ROOT:-$home/.nodenv}"/versions/*/bin/node \
      /opt/homebrew/opt/node@*/bin/node /usr/local/opt/node@*/bin/node
  fi
  first_node "${N_PREFIX:-$home/n}/bin/node" /opt/homebrew/bin/node /usr/local/bin/node /usr/bin/node \
    /opt/local/bin/node /snap/bin/node "$home/.nix-profile/bin/node" /run/current-system/sw/bin/node \
    '/c/Program Files/nodejs/node.exe'
  # The tools that quality starts look for node by its name.
  if [ -n "$node" ]; then export PATH="${node%/*}${PATH:+:$PATH}"; fi
fi

program=''
for file in node_modules/quality-orchestrator/bin/quality.js "$known_program"; do
  if [ -z "$program" ] && [ -f "$file" ]; then program=$file; fi
done

if [ -z "$hook" ]; then
  printf '%s\n' "$node" "$program"
  exit 0
fi
if [ -z "$node" ]; then
  give_up 'Node.js was not found' 'Put node into PATH, or run `quality hook install` again where it is.'
fi
if [ -n "$program" ]; then exec "$node" "$program" hook run "$hook" -- "$@"; fi
if [ -f node_modules/.bin/quality ]; then exec node_modules/.bin/quality hook run "$hook" -- "$@"; fi
if [ -f .pnp.cjs ] && command -v yarn >/dev/null 2>&1; then exec yarn run quality hook run "$hook" -- "$@"; fi
# Installed for all projects, perhaps; nothing is downloaded.
npx_quality() { npx --no-install --offline --package=quality-orchestrator -- quality "$@"; }
if command -v npx >/dev/null 2>&1 && npx_quality --version </dev/null >/dev/null 2>&1; then
  npx_quality hook run "$hook" -- "$@"
  exit
fi
give_up 'the package quality-orchestrator is not installed here' \
  'Install the packages of the project, for example with `npm install`.'
