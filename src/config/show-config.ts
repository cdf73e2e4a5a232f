import { stringify } from 'yaml';
import type { FarmConfig } from './farm-config.ts';

/** The configuration as text; secrets print themselves as `[secret]`. */
export function showConfig(config: FarmConfig, format: 'yaml' | 'json'): string {
  // JSON first: that is where maps become objects and secrets hide.
  const json = JSON.stringify(config, (_key, value) =>
    value instanceof Map ? Object.fromEntries(value) : value,
  );
  return format === 'json' ? json : stringify(JSON.parse(json), { aliasDuplicateObjects: false });
}
