import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { AlertsConfig } from '../farm-config.ts';
import type { MailAlerts, MailSecurity } from '../mail-config.ts';
import type { ParsedFarm } from '../schema/farm.ts';
import type { Report } from './report.ts';
import type { SecretReader } from './secrets.ts';

type ParsedMail = NonNullable<NonNullable<ParsedFarm['alerts']>['mail']>;

interface Context {
  readonly folder: string;
  readonly secrets: SecretReader;
  readonly report: Report;
}

export function resolveAlerts(parsed: ParsedFarm['alerts'], context: Context): AlertsConfig {
  const { webhook, mail } = parsed ?? {};
  if (webhook !== undefined && hasLogin(webhook.url)) {
    context.report.fault(
      ['alerts', 'webhook', 'url'],
      'user and password cannot stand in this address: name a token with tokenFile',
    );
  }
  return {
    events: parsed?.on ?? ['failed', 'held', 'overdue', 'disk'],
    webhook:
      webhook === undefined
        ? null
        : {
            url: webhook.url,
            token: context.secrets.read({
              file: webhook.tokenFile,
              variable: webhook.tokenVariable,
              filePath: ['alerts', 'webhook', 'tokenFile'],
              variablePath: ['alerts', 'webhook', 'tokenVariable'],
            }),
          },
    mail: mail === undefined ? null : resolveMail(mail, context),
  };
}

function hasLogin(url: string): boolean {
  const { username, password } = new URL(url);
  return username !== '' || password !== '';
}

function resolveMail(mail: ParsedMail, context: Context): MailAlerts {
  const { report, secrets } = context;
  const server = mail.server ?? { host: 'localhost', port: 25 };
  const password = secrets.read({
    file: mail.passwordFile,
    variable: mail.passwordVariable,
    filePath: ['alerts', 'mail', 'passwordFile'],
    variablePath: ['alerts', 'mail', 'passwordVariable'],
  });
  const hasPassword = mail.passwordFile !== undefined || mail.passwordVariable !== undefined;
  if (mail.user !== undefined && !hasPassword) {
    report.fault(['alerts', 'mail', 'user'], 'a user needs a password: name its file with passwordFile');
  }
  if (mail.user === undefined && hasPassword) report.fault(['alerts', 'mail'], 'a password needs a user');
  const security = mail.security ?? usualSecurity(server, mail.user !== undefined);
  if (mail.user !== undefined && (security === 'none' || security === 'opportunistic')) {
    report.warn(
      ['alerts', 'mail', 'security'],
      'the password may go over the network as it is; use starttls',
    );
  }
  return {
    to: mail.to,
    from: mail.from,
    server,
    security,
    ca: mail.ca === undefined ? null : readAuthority(mail.ca, context),
    login: mail.user === undefined || password === null ? null : { user: mail.user, password },
  };
}

/** The mail server of this machine has no certificate that anybody could check. */
function usualSecurity(server: MailAlerts['server'], hasLogin: boolean): MailSecurity {
  if (server.port === 465) return 'tls';
  if (hasLogin) return 'starttls';
  return ['localhost', '127.0.0.1'].includes(server.host) ? 'none' : 'opportunistic';
}

function readAuthority(file: string, { folder, report }: Context): string | null {
  try {
    return readFileSync(resolve(folder, file), 'utf8');
  } catch {
    report.fault(['alerts', 'mail', 'ca'], 'this file is not there, or must not be read');
    return null;
  }
}
