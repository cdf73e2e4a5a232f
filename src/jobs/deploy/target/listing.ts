/**
 * What hosts without git know a slot by. `tree SLOT` lists what is there, a record with a NUL behind it each: type and mode with the path,
 * of a link (which has no mode) its path and what it says with `//` between, which no path has. `hashes SLOT` lists the SHA-256
 * of every file, `stats SLOT` the stat data of everything, by which a change is seen without reading. All are in the order of bytes.
 * `proven SLOT`: it is, by stat data, what it was when it was proven.
 */
export const listing = `tree() { find "$R/$1" -mindepth 1 \\( -type l -printf 'l %P//%l\\0' -o -printf '%y%m %P\\0' \\) | sort -z; }
hashes() { (cd "$R/$1" && find . -type f -printf '%P\\0' | sort -z | xargs -0 -r sha256sum -z --); }
stats() { find "$R/$1" -mindepth 1 -printf '%y%m %s %T@ %C@ %i %P//%l\\0' | sort -z; }
proven() { stats "$1" | cmp -s - "$R/$1.stat" && undisturbed "$1"; }
`;
