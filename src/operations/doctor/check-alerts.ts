import { connect } from 'node:net';
import type { AlertsConfig } from '../../config/farm-config.ts';
import { type Finding, ok, warning } from './finding.ts';

const area = 'alerts';
/** Who does not take a connection by then will not take an alert. */
const timeoutMs = 5_000;

/** Who is told of failures, and whether they can be reached from here. Nothing is sent. */
export async function checkAlerts(
  { webhook, mail }: AlertsConfig,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  if (webhook === null && mail === null) {
    const what = 'nobody is told when a run fails or is held';
    return [warning(area, 'ALERTS_TO_NOBODY', what, 'Set alerts.webhook or alerts.mail.')];
  }
  const findings: Finding[] = [];
  if (webhook !== null) {
    const { hostname, port, protocol } = new URL(webhook.url);
    const server = {
      // Addresses of version 6 stand in brackets there.
      host: hostname.replaceAll(/[[\]]/g, ''),
      port: Number(port) || (protocol === 'https:' ? 443 : 80),
    };
    findings.push(await reach(server, `a webhook at ${hostname}`, 'alerts.webhook.url', signal));
  }
  if (mail !== null) {
    findings.push(await reach(mail.server, `mail to ${mail.to.join(', ')}`, 'alerts.mail.server', signal));
  }
  return findings;
}

async function reach(
  server: { readonly host: string; readonly port: number },
  way: string,
  key: string,
  signal: AbortSignal,
): Promise<Finding> {
  const why = await whyUnreachable(server, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
  signal.throwIfAborted();
  if (why === null) return ok(area, `operators are told by ${way}`);
  return warning(
    area,
    'ALERTS_UNREACHABLE',
    `operators are to be told by ${way}, but ${server.host}:${server.port} takes no connection (${why})`,
    `Correct ${key}, or start that server: until then nobody hears of failures.`,
  );
}

function whyUnreachable(
  server: { readonly host: string; readonly port: number },
  signal: AbortSignal,
): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ ...server, signal });
    socket.once('connect', () => {
      socket.destroy();
      resolve(null);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      socket.destroy();
      resolve(signal.aborted ? `no answer within ${timeoutMs / 1000} s` : (error.code ?? error.message));
    });
  });
}
