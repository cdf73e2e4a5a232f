import { shellWord } from '../target/quote.ts';

/**
 * What a host's shell runs to take a file of so many bytes from its standard input. A connection that breaks is an end like any other,
 * so the size is looked at; and others may read what lies there (hosts that fetch it, or a deployer that took over from this one), so
 * that is never written over.
 */
export function receiveFile(path: string, bytes: number): string {
  return `f=${shellWord(path)} n=$f.$$
if cat >"$n" && [ $(($(wc -c <"$n"))) -eq ${bytes} ] && mv -f "$n" "$f"; then exit 0; fi
rm -f "$n"; exit 1
`;
}
