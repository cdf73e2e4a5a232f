import type { WikiConfig } from '../config/farm-config.ts';
import { classifyLogType } from '../mediawiki/metadata/log-types.ts';
import { readLogTypes } from '../mediawiki/metadata/read-logs.ts';
import type { WikiReading } from './wiki-access.ts';

export interface LogVisibility {
  /** Types that are not for everybody, and types that nobody has classified yet. */
  readonly excluded: readonly string[];
  readonly unknown: readonly string[];
}

/** Sorts the log types that the wiki has; unknown ones are held back until somebody says what they are. */
export async function publicLogTypesOf(
  wiki: WikiConfig,
  reading: WikiReading,
  onRemark: (text: string) => void,
): Promise<LogVisibility> {
  const rules = { public: wiki.logs.publicTypes, restricted: wiki.logs.restrictedTypes };
  const types = [...(await readLogTypes(reading.connection, reading.schema)).keys()];
  const unknown = types.filter((type) => classifyLogType(type, rules) === 'unknown');
  if (unknown.length > 0) {
    onRemark(
      `${wiki.name}: held back log entries of unknown type ${unknown.map((type) => JSON.stringify(type)).join(', ')}; ` +
        'name them under publicLogTypes or restrictedLogTypes',
    );
  }
  return { excluded: types.filter((type) => classifyLogType(type, rules) !== 'public'), unknown };
}
