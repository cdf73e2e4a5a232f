import { connect } from 'node:net';
import type { NotifySettings } from '../../../config/environment-config.ts';
import type { Clock } from '../../../core/clock.ts';
import type { Log } from '../../../core/log.ts';

const timeoutMs = 5_000;

/**
 * Tells others what is deployed: a webhook, a relay to IRC that takes lines, or by mail. It never holds a deployment up and never fails
 * one; whoever owns it waits at the end for what is still on its way.
 */
export class Notifier implements AsyncDisposable {
  readonly #settings: NotifySettings;
  readonly #clock: Clock;
  readonly #underWay = new Set<Promise<void>>();

  constructor(settings: NotifySettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  /** @param facts for programs, beside the text in the webhook's JSON */
  tell(text: string, facts: Readonly<Record<string, unknown>>, log: Pick<Log, 'warn'> | null): void {
    const { webhook, irc, mail } = this.#settings;
    // One line, whatever somebody wrote as a reason: a relay takes each line for a message of its own.
    const line = text.replace(/\p{Cc}+/gu, ' ');
    if (webhook !== null) this.#send('webhook', () => postJson(webhook, { text: line, ...facts }), log);
    if (irc !== null) this.#send('irc', () => writeLine(irc, line), log);
    if (mail !== null) {
      const told = Object.entries(facts).map(([key, value]) => `${key}: ${value ?? '-'}`);
      const letter = { title: line, text: [line, '', ...told].join('\n'), at: this.#clock.now() };
      const route = { ...mail, timeoutMs };
      // The library for it is loaded where it is needed only: deployments begin at once.
      const send = async () => {
        const { sendMail } = await import('../../../control/monitor/send-mail.ts');
        await sendMail(route, letter, AbortSignal.timeout(2 * timeoutMs));
      };
      this.#send('mail', send, log);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#underWay);
  }

  #send(way: string, send: () => Promise<void>, log: Pick<Log, 'warn'> | null): void {
    const sending: Promise<void> = send()
      .catch((error: Error) => log?.warn({ way, err: error }, 'a notification was not delivered'))
      .finally(() => this.#underWay.delete(sending));
    this.#underWay.add(sending);
  }
}

async function postJson(url: string, body: object): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(timeoutMs),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`it answered ${response.status}`);
}

function writeLine(
  { host, port }: { readonly host: string; readonly port: number },
  line: string,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: timeoutMs });
    socket.on('error', reject);
    socket.on('timeout', () => socket.destroy(new Error(`no answer for ${timeoutMs / 1000} s`)));
    socket.on('connect', () => socket.end(`${line}\n`));
    socket.on('close', () => resolve());
    socket.resume();
  });
}
