import { fenceArgs } from '../fence.ts';
import { guard, prelude, targetStatus } from '../prelude.ts';
import type { TargetProgram } from '../target-program.ts';
import type { FencedSite } from '../target-site.ts';

export interface ReceiveOptions extends FencedSite {
  /** A name for a target that has none. */
  readonly instance: string;
}

/** Makes the folders and the bare repository that everything else needs; does nothing where they are. */
export function install(p: ReceiveOptions): TargetProgram {
  return {
    name: 'install',
    args: [p.path, ...fenceArgs(p.fence), p.instance, p.holds ?? 'git'],
    deadlineMs: p.deadlineMs,
    mutates: true,
    plain: true,
    script: `${prelude}${guard}mkdir -p "$R" "$S" "$C/incoming"
[ -e "$S/instance" ] || put "$S/instance" "$1"
if [ "$2" = git ] && [ ! -e "$G/rota" ]; then
rm -rf "$G"
git init -q --bare "$G"
git --git-dir="$G" config gc.auto 0
git --git-dir="$G" config core.protectHFS false
git --git-dir="$G" config core.protectNTFS false
git --git-dir="$G" config core.autocrlf false
git --git-dir="$G" config core.fsmonitor false
git --git-dir="$G" config core.untrackedCache false
git --git-dir="$G" config core.sparseCheckout false
mkdir -p "$G/info"
printf '* -text -eol -filter -ident -working-tree-encoding\\n' >"$G/info/attributes"
: >"$G/info/exclude"
: >"$G/rota"
fi
`,
  };
}

export interface UnpackOptions extends FencedSite {
  /** The pack as an input, or (null) as the file that was sent before. */
  readonly pack: Uint8Array | null;
  readonly sha256: string;
  /** Its last bytes are git's index of the rest; 0 when left out: the index is made here. */
  readonly indexBytes?: number;
  readonly version: string;
  readonly commit: string;
  /** Whether the file stays, for others. */
  readonly stays?: boolean;
}

/** Where a pack is sent to before it is unpacked. */
export function incomingPath(path: string, sha256: string): string {
  return `${path}-cache/incoming/${sha256}.pack`;
}

/** Takes a pack into the repository and gives the version its name there. */
export function unpack(p: UnpackOptions): TargetProgram {
  return {
    name: 'unpack',
    args: [
      p.path,
      ...fenceArgs(p.fence),
      p.pack === null ? 'file' : 'input',
      p.sha256,
      p.version,
      p.commit,
      p.stays === true ? 'stays' : 'goes',
      String(p.indexBytes ?? 0),
    ],
    ...(p.pack === null
      ? {}
      : {
          inputs: [{ name: 'pack', bytes: p.pack }],
          brings: { bytes: p.pack.length, from: null },
        }),
    deadlineMs: p.deadlineMs,
    mutates: true,
    plain: true,
    script: `${prelude}${guard}clear "$G"/packed-refs.lock "$G"/refs/rota/*.lock "$G"/objects/pack/tmp_*
if [ "$1" = input ]; then pack=$IN/pack; else pack=$C/incoming/$2.pack; fi
sum=$(sha256sum <"$pack"); [ "\${sum%% *}" = "$2" ] || { rm -f "$pack"; die ${targetStatus.packDamaged} "its checksum is \${sum%% *}"; }
if [ "$6" = 0 ]; then git --git-dir="$G" index-pack --stdin --fix-thin <"$pack" >/dev/null
else
# The checksum has shown that both are what the deploy host made; git sees a pack when its index is there.
size=$(wc -c <"$pack") to=$G/objects/pack/pack-$4
head -c "$((size-$6))" "$pack" >"$to.pack"
tail -c "$6" "$pack" >"$G/objects/pack/tmp_idx"
mv -f "$G/objects/pack/tmp_idx" "$to.idx"
# Before the version has its name, as git does it. Other hosts are still being sent theirs: the disk has time now.
sync "$to.pack" "$to.idx" "$G/objects/pack" 2>/dev/null || sync -f "$to.pack"
fi
git --git-dir="$G" update-ref "refs/rota/$3" "$4"
if [ "$1" = input ]; then : >"$pack"; elif [ "$5" != stays ]; then rm -f "$pack"; fi
`,
  };
}
