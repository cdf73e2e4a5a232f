import type { AlertsConfig } from '../../config/farm-config.ts';
import type { AlertSink } from '../../control/monitor/alert.ts';
import { WebhookSink } from '../../control/monitor/webhook-sink.ts';
import type { Clock } from '../../core/clock.ts';
import { MailSink } from './mail-sink.ts';

/** The ways to reach operators that rota.yaml names. */
export function alertSinks(alerts: AlertsConfig, clock: Clock): readonly AlertSink[] {
  const { webhook, mail } = alerts;
  const sinks: AlertSink[] = [];
  if (webhook !== null) {
    const { url, token } = webhook;
    const headers = token === null ? {} : { headers: { authorization: `Bearer ${token.reveal()}` } };
    sinks.push(new WebhookSink({ name: 'webhook', url, clock, ...headers }));
  }
  if (mail !== null) sinks.push(new MailSink({ name: 'mail', ...mail }));
  return sinks;
}
