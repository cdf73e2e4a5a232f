/** A find that says which files and folders of `.` have other rights than git gives them. */
export const strangeModes = `find . ! -type l \\( -type d ! -perm 0755 -o -type f ! -perm 0644 ! -perm 0755 \\) -print0`;

/**
 * What no list of a version's files tells of a slot, read where everything is. `strangers SLOT` says which files and folders are
 * not of whoever deploys, a NUL behind each. `named SLOT`: its VERSION.json is the link that Rota made, and what it leads to
 * tells the version. `ordinary SLOT`: nothing in it has a strange owner or strange rights.
 */
export const madeAs = `strangers() { (cd "$R/$1" && find . ! -type l ! -user "$(id -u)" -print0); }
named() { [ "$(readlink "$R/$1/VERSION.json")" = "../$1.json" ] && grep -qF "$(get "$R/$1.commit")" "$R/$1.json" 2>/dev/null; }
ordinary() { [ -z "$(strangers "$1" | head -c 1; cd "$R/$1" && ${strangeModes} | head -c 1)" ]; }
`;

/** Whether the version of a slot that rsync brought has a VERSION.json of its own. */
export const hasOwnName = (slot: string): string =>
  `grep -qzE '^([fd][0-7]* VERSION\\.json$|l VERSION\\.json//)' "$R/${slot}.tree"`;
