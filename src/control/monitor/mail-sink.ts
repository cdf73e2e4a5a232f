import { spawn } from 'node:child_process';
import { hostname } from 'node:os';
import { RotaError } from '../../core/errors/rota-error.ts';
import type { Alert, AlertSink } from './alert.ts';

export interface MailOptions {
  readonly name: string;
  readonly from: string;
  readonly to: readonly [string, ...string[]];
  /** The local mail program; default `sendmail -i`, to which `-f FROM -- TO…` is added. */
  readonly program?: readonly [string, ...string[]];
  /** Default 30 s. */
  readonly timeoutMs?: number;
}

/** Deliberately narrow: what passes is one address and can neither be an option nor hold a second header. */
const address = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+$|^[A-Za-z0-9._-]+$/;

/** Hands the alert to a local mail program, message on its standard input. */
export class MailSink implements AlertSink {
  readonly name: string;
  readonly #o: MailOptions;

  constructor(options: MailOptions) {
    for (const text of [options.from, ...options.to]) {
      if (!address.test(text) || text.startsWith('-')) {
        throw new RotaError('USAGE', `${JSON.stringify(text)} is no mail address for alerts: give name@host`);
      }
    }
    this.name = options.name;
    this.#o = options;
  }

  send(alert: Alert, signal: AbortSignal): Promise<void> {
    const [program, ...args] = mailCommand(this.#o);
    return new Promise((resolve, reject) => {
      const fail = (why: string, cause?: unknown) =>
        reject(
          new RotaError('ALERT_FAILED', `The mail program ${program} did not take an alert: ${why}`, {
            cause,
            facts: { sink: this.name, alert: alert.key },
          }),
        );
      const child = spawn(program, args, {
        stdio: ['pipe', 'ignore', 'pipe'],
        signal: AbortSignal.any([signal, AbortSignal.timeout(this.#o.timeoutMs ?? 30_000)]),
        killSignal: 'SIGKILL',
      });
      let said = '';
      child.stderr.on('data', (chunk: Buffer) => {
        said = (said + chunk.toString()).slice(-500);
      });
      child.on('error', (error) => fail(error.message, error));
      child.on('close', (code) => (code === 0 ? resolve() : fail(`status ${code} ${said.trim()}`)));
      child.stdin.on('error', () => {});
      child.stdin.end(mailMessage(this.#o, alert));
    });
  }
}

export function mailCommand(options: MailOptions): readonly [string, ...string[]] {
  const [program, ...args] = options.program ?? ['sendmail', '-i'];
  return [program, ...args, '-f', options.from, '--', ...options.to];
}

/** The whole message. Nothing of the alert reaches a header but the title, encoded so that it cannot end one. */
export function mailMessage(options: MailOptions, alert: Alert): string {
  return [
    `From: ${options.from}`,
    `To: ${options.to.join(', ')}`,
    `Subject: ${encodedWords(`[rota] ${alert.title}`)}`,
    `Date: ${alert.at.toUTCString().replace('GMT', '+0000')}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    'Auto-Submitted: auto-generated',
    `X-Rota-Host: ${hostname().replaceAll(/[^A-Za-z0-9.-]/g, '')}`,
    '',
    ...(Buffer.from(`${alert.text}\n\n${alert.at.toISOString()}\n`)
      .toString('base64')
      .match(/.{1,76}/g) ?? []),
    '',
  ].join('\n');
}

/** RFC 2047: words of at most 75 characters, one a line; a character is never split between two. */
function encodedWords(text: string): string {
  const words: string[] = [];
  let word = '';
  for (const character of text.slice(0, 300)) {
    if (Buffer.byteLength(word + character) > 42) {
      words.push(word);
      word = '';
    }
    word += character;
  }
  words.push(word);
  return words.map((part) => `=?utf-8?B?${Buffer.from(part).toString('base64')}?=`).join('\n ');
}
