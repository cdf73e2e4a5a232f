import { fenceArgs } from '../fence.ts';
import { guard, prelude, targetStatus } from '../prelude.ts';
import { shellWord } from '../quote.ts';
import type { TargetProgram } from '../target-program.ts';
import type { FencedSite } from '../target-site.ts';
import { incomingPath } from './receive.ts';

/** What hosts of a run know each other by. */
export interface RelayKey {
  /** `ssh-ed25519 AAAA…`, without a comment. */
  readonly publicKey: string;
  readonly privateKey: Uint8Array;
}

export interface OfferOptions extends FencedSite {
  readonly sha256: string;
  readonly publicKey: string;
  /** From where its children come. */
  readonly addresses: readonly string[];
  /** Where sshd looks for keys: absolute, or within the home of who is logged in. */
  readonly authorizedKeys: string;
}

/** A line of ours among keys is told by what it ends with; the path is in it, as several may be deployed to one host. */
const keysFile = `case $1 in /*) K=$1 ;; *) eval "K=~$(id -un)/\\$1" ;; esac
mark="rota-relay:$(printf %s "$P" | sha256sum | cut -c1-16)"
D=\${K%/*}; [ -d "$D" ] || mkdir -m 0700 "$D"
exec 8<"$D"; flock 8
others() { [ ! -e "$K" ] || grep -vF "$mark" "$K" || :; }
`;

/**
 * Lets other hosts fetch a pack from this one for an hour: a line among the keys of who is logged in, good for nothing but
 * reading that file, from these addresses. Lines of earlier deployments go.
 */
export function offer(p: OfferOptions): TargetProgram {
  return {
    name: 'offer',
    args: [
      p.path,
      ...fenceArgs(p.fence),
      p.authorizedKeys,
      p.sha256,
      p.publicKey,
      p.addresses.join(','),
      // Within the quotes of the options a quote has a backslash before it, and nothing else has.
      `exec cat ${shellWord(incomingPath(p.path, p.sha256))}`.replaceAll('"', '\\"'),
    ],
    deadlineMs: p.deadlineMs,
    mutates: true,
    script: `${prelude}${guard}${keysFile}[ -s "$C/incoming/$2.pack" ] || die ${targetStatus.relayFailed} "the pack is not there any more"
ours=$(if [ -e "$K" ]; then grep -F "$mark" "$K" | grep -F "$3" || :; fi)
until=$(date -d "@$(($(date +%s) + 3600))" +%Y%m%d%H%M)
(umask 077
{ others; [ -z "$ours" ] || printf '%s\\n' "$ours"
printf 'restrict,expiry-time="%s",from="%s",command="%s" %s %s\\n' "$until" "$4" "$5" "$3" "$mark"
} >"$K.rota")
mv -f "$K.rota" "$K"
`,
  };
}

export interface FetchOptions extends FencedSite {
  readonly sha256: string;
  readonly bytes: number;
  /** Who is asked, for people, and where: over ssh, or by a command of the site. */
  readonly from: string;
  readonly way:
    | {
        readonly kind: 'ssh';
        readonly key: RelayKey;
        readonly user: string;
        readonly address: string;
        readonly port: number;
        /** Where this host is to ask from, as the other knows it by that. */
        readonly own: string;
      }
    | { readonly kind: 'command'; readonly command: string };
  readonly timeoutMs: number;
}

/** How much longer than its transfer the program may take. */
const marginMs = 30_000;

/**
 * Gets a pack from another host. Who answers there need not be proven: the pack is known by its checksum, and the key opens
 * nothing to whoever sees it used.
 */
export function fetchPack(p: FetchOptions): TargetProgram {
  const { way } = p;
  const args =
    way.kind === 'ssh'
      ? [way.own, String(way.port), `${way.user}@${way.address}`]
      : [way.command, p.from, incomingPath(p.path, p.sha256)];
  return {
    name: 'fetch',
    args: [p.path, ...fenceArgs(p.fence), p.sha256, String(Math.ceil(p.timeoutMs / 1000)), way.kind, ...args],
    ...(way.kind === 'ssh' ? { inputs: [{ name: 'relay-key', bytes: way.key.privateKey }] } : {}),
    deadlineMs: p.timeoutMs + marginMs,
    brings: { bytes: p.bytes, from: p.from },
    mutates: true,
    script: `${prelude}${guard}pack=$C/incoming/$1.pack sha=$1 limit=$2 kind=$3; shift 3
rm -f "$C"/incoming/*
ask() {
if [ "$kind" = ssh ]; then
timeout "$limit" ssh -F /dev/null -T -b "$1" -p "$2" -i "$IN/relay-key" -o BatchMode=yes -o IdentitiesOnly=yes -o IdentityAgent=none \\
-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o GlobalKnownHostsFile=/dev/null -o ConnectTimeout=10 \\
-o ServerAliveInterval=5 -o ServerAliveCountMax=2 -o LogLevel=ERROR -- "$3"
else timeout "$limit" sh -c "$1" rota-relay "$2" "$3"; fi
}
s=0; ask "$@" </dev/null >"$pack.part" 2>"$IN/../said" || s=$?
rm -f "$IN/relay-key"
if [ "$s" -ne 0 ]; then rm -f "$pack.part"; die ${targetStatus.relayFailed} "status $s of what was to fetch it: $(tail -n 1 "$IN/../said")"; fi
sum=$(sha256sum <"$pack.part"); [ "\${sum%% *}" = "$sha" ] || { rm -f "$pack.part"; die ${targetStatus.relayFailed} "another checksum: \${sum%% *}"; }
mv -f "$pack.part" "$pack"
`,
  };
}

/** Ends what `offer` began. */
export function withdraw(p: FencedSite & { readonly authorizedKeys: string }): TargetProgram {
  return {
    name: 'withdraw',
    args: [p.path, ...fenceArgs(p.fence), p.authorizedKeys],
    deadlineMs: p.deadlineMs,
    mutates: true,
    script: `${prelude}${guard}rm -f "$C"/incoming/*
${keysFile}[ -e "$K" ] || exit 0
(umask 077; others >"$K.rota")
if [ -s "$K.rota" ]; then mv -f "$K.rota" "$K"; else rm -f "$K.rota" "$K"; fi
`,
  };
}
