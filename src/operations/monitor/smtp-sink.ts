import { createConnection, type Socket } from 'node:net';
import { hostname } from 'node:os';
import { createInterface } from 'node:readline';
import type { Alert, AlertSink } from '../../control/monitor/alert.ts';
import { mailMessage } from '../../control/monitor/mail-sink.ts';
import { RotaError } from '../../core/errors/rota-error.ts';

export interface SmtpOptions {
  readonly name: string;
  readonly server: { readonly host: string; readonly port: number };
  readonly from: string;
  readonly to: readonly [string, ...string[]];
  /** For the whole conversation; default 30 s. */
  readonly timeoutMs?: number;
}

/**
 * Hands alerts to a mail server of the farm's own network (RFC 5321, neither login nor TLS: a relay that needs these is
 * what the local mail server is for).
 */
export class SmtpSink implements AlertSink {
  readonly name: string;
  readonly #o: SmtpOptions;

  constructor(options: SmtpOptions) {
    for (const address of [options.from, ...options.to]) {
      if (/[\s<>]/.test(address)) {
        throw new RotaError(
          'USAGE',
          `${JSON.stringify(address)} is no mail address for alerts: give name@host`,
        );
      }
    }
    this.name = options.name;
    this.#o = options;
  }

  async send(alert: Alert, signal: AbortSignal): Promise<void> {
    const { server, timeoutMs } = this.#o;
    const either = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs ?? 30_000)]);
    const socket = createConnection(server);
    const onAbort = () => socket.destroy(new Error('it did not answer in time'));
    either.addEventListener('abort', onAbort, { once: true });
    try {
      await this.#talk(socket, alert);
    } catch (error) {
      signal.throwIfAborted();
      const why = error instanceof Error ? error.message : String(error);
      throw new RotaError(
        'ALERT_FAILED',
        `The mail server ${server.host}:${server.port} did not take an alert: ${why}`,
        { cause: error, facts: { sink: this.name, alert: alert.key } },
      );
    } finally {
      either.removeEventListener('abort', onAbort);
      socket.destroy();
    }
  }

  async #talk(socket: Socket, alert: Alert): Promise<void> {
    const { from, to, name } = this.#o;
    const failed = new Promise<never>((_, reject) => socket.once('error', reject));
    failed.catch(() => {});
    const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
    const answer = async (wanted: string) => {
      for (;;) {
        const { done, value } = await Promise.race([lines.next(), failed]);
        if (done) throw new Error('it closed the connection');
        // `250-…` goes on, `250 …` is the last line of an answer.
        if (/^\d{3}-/.test(value)) continue;
        if (!value.startsWith(wanted)) throw new Error(`it said "${value.slice(0, 200)}"`);
        return;
      }
    };
    const say = async (text: string, wanted: string) => {
      socket.write(`${text}\r\n`);
      await answer(wanted);
    };
    await answer('2');
    await say(`EHLO ${hostname()}`, '2');
    await say(`MAIL FROM:<${from}>`, '2');
    for (const receiver of to) await say(`RCPT TO:<${receiver}>`, '2');
    await say('DATA', '3');
    await say(`${dotStuffed(mailMessage({ name, from, to }, alert))}\r\n.`, '2');
    socket.write('QUIT\r\n');
  }
}

/** Lines end with CR LF, and none is the lone dot that ends a message. */
export function dotStuffed(message: string): string {
  return message
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => (line.startsWith('.') ? `.${line}` : line))
    .join('\r\n');
}
