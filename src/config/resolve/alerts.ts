import type { AlertsConfig } from '../farm-config.ts';
import type { ParsedFarm } from '../schema/farm.ts';
import type { SecretReader } from './secrets.ts';

export function resolveAlerts(parsed: ParsedFarm['alerts'], secrets: SecretReader): AlertsConfig {
  const { webhook, mail } = parsed ?? {};
  return {
    events: parsed?.on ?? ['failed', 'held', 'overdue', 'disk'],
    webhook:
      webhook === undefined
        ? null
        : {
            url: webhook.url,
            token: secrets.read({
              file: webhook.tokenFile,
              variable: webhook.tokenVariable,
              filePath: ['alerts', 'webhook', 'tokenFile'],
              variablePath: ['alerts', 'webhook', 'tokenVariable'],
            }),
          },
    mail:
      mail === undefined
        ? null
        : { to: mail.to, from: mail.from, smtp: mail.server ?? { host: 'localhost', port: 25 } },
  };
}
