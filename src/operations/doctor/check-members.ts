import type { examineStore } from '../../composition.ts';
import { type Finding, fault, ok, warning } from './finding.ts';

type MemberReport = Awaited<ReturnType<typeof examineStore>>[number];

const area = 'etcd';
/** A member that answers slower than this makes every step of every run slower. */
const slowMs = 500;
/** etcd's own default quota is 2 GB; from here on somebody should look. */
const largeBytes = 1_500_000_000;

/** What the members of an etcd cluster say, and whether they are one cluster with a quorum. */
export function checkMembers(members: readonly MemberReport[]): readonly Finding[] {
  const findings = members.flatMap(checkMember);
  const clusters = new Set(members.flatMap(({ answer }) => ('error' in answer ? [] : [answer.clusterId])));
  if (clusters.size > 1) {
    findings.push(
      fault(
        area,
        'ETCD_SEVERAL_CLUSTERS',
        `the endpoints belong to ${clusters.size} clusters`,
        'List the members of one cluster only; see `etcdctl member list`.',
      ),
    );
  }
  const answering = members.filter(({ answer }) => !('error' in answer));
  const isLed = answering.some(({ answer }) => !('error' in answer) && answer.leaderId !== undefined);
  if (members.length > 0 && !isLed) {
    findings.push(
      fault(
        area,
        'ETCD_NO_QUORUM',
        answering.length === 0 ? 'no member answers' : 'the members have no leader, so no quorum',
        'Bring back more than half of the members.',
      ),
    );
  } else if (members.length === 1) {
    findings.push(
      warning(
        area,
        'ETCD_ONE_MEMBER',
        'one address is given: without that member all work stops',
        'Run three members, and list all of them.',
      ),
    );
  }
  return findings;
}

function checkMember({ endpoint, answer }: MemberReport): Finding[] {
  if ('error' in answer) {
    return [
      warning(
        area,
        'ETCD_MEMBER_AWAY',
        answer.error.message,
        `Look after etcd at ${endpoint}, or take it out of store.etcd.`,
      ),
    ];
  }
  const { version, sizeBytes, usedBytes, alarms, tookMs } = answer;
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  const what = `${endpoint} is etcd ${version} with ${megabytes(sizeBytes)} (${megabytes(usedBytes)} in use)`;
  const findings = [
    tookMs > slowMs
      ? warning(
          area,
          'ETCD_SLOW',
          `${what}; it answered after ${tookMs} ms`,
          'Look at its disk: etcd needs a fast one.',
        )
      : ok(area, what),
  ];
  if (alarms.includes('NOSPACE')) {
    findings.push(
      fault(
        area,
        'ETCD_SPACE_USED_UP',
        `${endpoint} takes no writes: its space is used up (alarm NOSPACE)`,
        'etcdctl compact REVISION, then etcdctl defrag on every member, then etcdctl alarm disarm.',
      ),
    );
  } else if (sizeBytes > largeBytes) {
    const remedy =
      'Set --auto-compaction-retention=1h, and defragment: above the quota (2 GB) writes are refused.';
    findings.push(warning(area, 'ETCD_LARGE', `${endpoint} holds ${megabytes(sizeBytes)}`, remedy));
  }
  return findings;
}
