import type { Alert, AlertSink } from '../../control/monitor/alert.ts';
import { type MailRoute, sendMail } from '../../control/monitor/send-mail.ts';
import { RotaError } from '../../core/errors/rota-error.ts';

export interface MailOptions extends MailRoute {
  readonly name: string;
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
    try {
      await sendMail(this.#o, alert, signal);
    } catch (error) {
      signal.throwIfAborted();
      const { host, port } = this.#o.server;
      const why = error instanceof Error ? error.message : String(error);
      throw new RotaError('ALERT_FAILED', `The mail server ${host}:${port} did not take an alert: ${why}`, {
        cause: error,
        facts: { sink: this.name, alert: alert.key },
      });
    }
  }
}
