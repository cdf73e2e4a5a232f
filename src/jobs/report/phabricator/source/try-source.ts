import type { TrackerSourceConfig } from '../../../../config/phabricator-config.ts';
import type { Clock } from '../../../../core/clock.ts';
import { RotaError } from '../../../../core/errors/rota-error.ts';
import type { Log } from '../../../../core/log.ts';
import { ConduitClient } from '../conduit/conduit-client.ts';
import { DatabaseSource } from '../database/database-source.ts';
import { lookAtDump } from '../download/download-dump.ts';
import { lookAtDumpFile } from '../dump/look-at-dump-file.ts';
import { isRecord } from '../form/step-values.ts';

/** Who does not answer by then does not answer a load either, or not in time. */
const timeoutMs = 10_000;

/**
 * Asks the tracker once whether a load could begin, and changes nothing.
 * @returns what it said, as a sentence's end: `answers as reporter`
 * @throws RotaError TRACKER_UNREACHABLE, TRACKER_REFUSED
 */
export async function trySource(
  config: TrackerSourceConfig,
  tools: { readonly clock: Clock; readonly log: Log; readonly signal: AbortSignal },
): Promise<string> {
  const signal = AbortSignal.any([tools.signal, AbortSignal.timeout(timeoutMs)]);
  switch (config.kind) {
    case 'dump-file':
      return `has its dump in ${config.file}, ${dated((await lookAtDumpFile(config.file)).at)}`;
    case 'dump-url': {
      const { host } = new URL(config.url);
      const { modifiedAt } = await inTime(host, lookAtDump(config.url, signal), tools.signal);
      return `has its dump on ${host}, ${dated(modifiedAt)}`;
    }
    case 'database': {
      const source = new DatabaseSource(config);
      await source.look();
      return `has its databases on ${source.name}, which can be read`;
    }
    case 'conduit': {
      const { host } = new URL(config.url);
      const client = new ConduitClient({ ...config, ...tools, tries: 1 });
      const who = await inTime(host, client.call('user.whoami', {}, signal), tools.signal);
      return isRecord(who) && typeof who.userName === 'string'
        ? `answers on ${host} as ${who.userName}`
        : `answers on ${host}`;
    }
  }
}

function dated(modifiedAt: Date | null): string {
  return modifiedAt === null ? 'of an unknown time' : `of ${modifiedAt.toISOString()}`;
}

async function inTime<T>(host: string, answer: Promise<T>, stopped: AbortSignal): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    stopped.throwIfAborted();
    if ((error as Error).name !== 'TimeoutError') throw error;
    throw new RotaError('TRACKER_UNREACHABLE', `${host} did not answer within ${timeoutMs / 1000} s`);
  }
}
