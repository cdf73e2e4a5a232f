import { systemClock as clock } from '../../../src/core/clock.ts';
import type { RunningEtcd } from '../../support/etcd.ts';

/** The leader dies, or most members do for a while, or the leader stands still; what it was. */
export async function strikeMembers(etcd: RunningEtcd, random: () => number): Promise<string> {
  const leader = etcd.members[await etcd.leader()];
  const kind = random();
  if (kind < 1 / 3) {
    leader?.signal('SIGSTOP');
    await clock.sleep(500 + random() * 4_000);
    leader?.signal('SIGCONT');
    await etcd.ready();
    return 'leader stood still';
  }
  const isLeader = kind < 2 / 3;
  const lost = isLeader ? etcd.members.filter((member) => member === leader) : etcd.members.slice(1);
  await Promise.all(lost.map((member) => member.kill()));
  await clock.sleep(random() * 4_000);
  await Promise.all(lost.map((member) => member.start()));
  await etcd.ready();
  return isLeader ? 'leader killed' : 'quorum lost';
}
