import { systemClock as clock } from '../../../src/core/clock.ts';
import type { RunningEtcd } from '../../support/etcd.ts';

const kinds = ['leader killed', 'quorum lost', 'leader stood still'] as const;
type Kind = (typeof kinds)[number];

/** What strikes etcd's members, one kind after the other; for how long is chance. */
export function membersStriker(etcd: RunningEtcd): (random: () => number) => Promise<Kind> {
  let strikes = 0;
  return async (random) => {
    const kind = kinds[strikes++ % kinds.length] ?? 'leader killed';
    const leader = etcd.members[await etcd.leader()];
    if (kind === 'leader stood still') {
      leader?.signal('SIGSTOP');
      await clock.sleep(500 + random() * 4_000);
      leader?.signal('SIGCONT');
    } else {
      const lost = etcd.members.filter((member) => (member === leader) === (kind === 'leader killed'));
      await Promise.all(lost.map((member) => member.kill()));
      await clock.sleep(random() * 4_000);
      await Promise.all(lost.map((member) => member.start()));
    }
    await etcd.ready();
    return kind;
  };
}
