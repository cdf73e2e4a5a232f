import { createTransport } from 'nodemailer';
import type { MailAlerts } from '../../config/farm-config.ts';
import type { Alert, AlertSink } from '../../control/monitor/alert.ts';
import { RotaError } from '../../core/errors/rota-error.ts';

export interface MailOptions extends MailAlerts {
  readonly name: string;
  /** For each step of the conversation; default 30 s. */
  readonly timeoutMs?: number;
}

/**
 * Hands alerts to a mail server, with login and TLS where rota.yaml says so.
 *
 * @throws RotaError USAGE where an address could hold a second one, or a header
 */
export class MailSink implements AlertSink {
  readonly name: string;
  readonly #o: MailOptions;

  constructor(options: MailOptions) {
    for (const address of [options.from, ...options.to]) {
      if (!/^[^\s<>,;:"()]+@[^\s<>,;:"()]+$/.test(address)) {
        throw new RotaError(
          'USAGE',
          `${JSON.stringify(address)} is no mail address for alerts: give name@host`,
        );
      }
    }
    this.name = options.name;
    this.#o = options;
  }

  /** @throws RotaError ALERT_FAILED with what the server said; it is tried again at the next sweep */
  async send(alert: Alert, signal: AbortSignal): Promise<void> {
    const { from, to } = this.#o;
    const transport = this.#transport();
    const onAbort = () => transport.close();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      signal.throwIfAborted();
      await transport.sendMail({
        from,
        to: [...to],
        subject: oneLine(`[rota] ${alert.title}`),
        text: `${alert.text}\n\n${alert.at.toISOString()}\n`,
        date: alert.at,
        headers: { 'Auto-Submitted': 'auto-generated' },
        disableFileAccess: true,
        disableUrlAccess: true,
      });
    } catch (error) {
      signal.throwIfAborted();
      const { host, port } = this.#o.server;
      const why = error instanceof Error ? error.message : String(error);
      throw new RotaError('ALERT_FAILED', `The mail server ${host}:${port} did not take an alert: ${why}`, {
        cause: error,
        facts: { sink: this.name, alert: alert.key },
      });
    } finally {
      signal.removeEventListener('abort', onAbort);
      transport.close();
    }
  }

  #transport() {
    const { server, security, ca, login, timeoutMs = 30_000 } = this.#o;
    return createTransport({
      host: server.host,
      port: server.port,
      secure: security === 'tls',
      ignoreTLS: security === 'none',
      requireTLS: security === 'starttls',
      ...tlsOf(security, ca),
      ...(login === null ? {} : { auth: { user: login.user, pass: login.password.reveal() } }),
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
    });
  }
}

/** Encrypting for whom it may concern is better than not at all: only where TLS is asked for must the server prove itself. */
function tlsOf(security: MailOptions['security'], ca: string | null) {
  if (ca !== null) return { tls: { ca } };
  return security === 'opportunistic' ? { tls: { rejectUnauthorized: false } } : {};
}

/** A subject is one line, whatever a title holds. */
function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ').slice(0, 300);
}
