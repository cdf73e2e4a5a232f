import { listing } from '../listing.ts';
import { hasOwnName, madeAs } from './made-as.ts';

/** The parts of looking at a host that depend on what it knows versions by. */
interface Ways {
  readonly tools: string;
  /** Says what of these tools is not as it must be. */
  readonly fitness: string;
  /** Says which versions it has. */
  readonly commits: string;
  /** Says whether the served slot is what it was made as. */
  readonly intact: string;
}

export const gitSeen: Ways = {
  tools: 'git',
  // Where it was right once it is not asked again: what it does not know any more fails by itself.
  fitness: `if [ ! -e "$G/rota" ] && version=$(git version 2>/dev/null); then
version=\${version#git version }; major=\${version%%.*}; minor=\${version#*.}; minor=\${minor%%.*}
[ "$major" -gt 2 ] || { [ "$major" -eq 2 ] && [ "$minor" -ge 30 ]; } || echo "missing git 2.30 or later (it has $version)"
fi
`,
  commits: `[ ! -d "$G" ] || git --git-dir="$G" for-each-ref --format='commit %(objectname) %(refname:strip=2)' refs/rota
`,
  intact: `if [ "$1" != no ] && [ -n "$current" ] && [ -e "$R/$current.index" ]; then
if [ "$1" = stat ] && slotgit "$current" diff-files --quiet && undisturbed "$current"; then echo "intact yes"
else
# Touched, but perhaps not changed: git looks into the files, with an index of ours.
I=$IN/../index; rm -f "$I"
look() { GIT_INDEX_FILE=$I git --git-dir="$G" --work-tree="$R/$current" "$@"; }
if [ "$1" = content ]; then look read-tree "$(get "$R/$current.commit")"; else cp -p "$R/$current.index" "$I"; fi
look update-index -q --refresh >/dev/null || :
# What stat data of files does not tell is looked at where everything is read.
${madeAs}as_made() {
[ "$1" != content ] || { { [ -n "$(look ls-files -- VERSION.json)" ] || named "$current"; } && ordinary "$current"; }
}
if as_made "$1" && look diff-files --quiet && [ "$(cd "$R/$current" && look ls-files --others)" = "$(beside "$current")" ] && undisturbed "$current" "$1"; then echo "intact yes"; else echo "intact no"; fi
fi
fi
`,
};

/** Without git: slots have the names of their versions beside them. */
export const filesSeen: Ways = {
  tools: 'rsync cmp comm xargs diff',
  fitness: `${listing}printf 'a\\0' | sort -z | comm -z -12 - /dev/null >/dev/null 2>&1 || echo "missing sort and comm of GNU (-z)"
find / -maxdepth 0 -printf '' 2>/dev/null || echo "missing find of GNU (-printf)"
printf '' | sha256sum -z >/dev/null 2>&1 || echo "missing sha256sum of GNU (-z)"
`,
  commits: `for mark in "$R"/*.version; do
[ ! -e "$mark" ] || printf 'commit %s %s\\n' "$(get "\${mark%.version}.commit")" "$(get "$mark")"
done
`,
  intact: `if [ "$1" != no ] && [ -n "$current" ] && [ -e "$R/$current.hashes" ]; then
if [ "$1" = stat ] && proven "$current"; then echo "intact yes"
else
${madeAs}as_made() {
[ "$1" != content ] || { { ${hasOwnName('$current')} || named "$current"; } && ordinary "$current"; }
}
# Touched, but perhaps not changed: every file is read. What lies beside the version is in no list of it, nor are folders made for that.
T=$IN/../seen
{ grep -zv '^d' "$R/$current.tree" || :; beside "$current" | while IFS= read -r path; do printf 'l %s//%s\\0' "$path" "$(readlink "$R/$current/$path" || :)"; done; } | sort -z >"$T"
if as_made "$1" && tree "$current" | grep -zv '^d' | cmp -s - "$T" && hashes "$current" | cmp -s - "$R/$current.hashes" && undisturbed "$current" "$1"; then echo "intact yes"; else echo "intact no"; fi
fi
fi
`,
};
