import * as z from 'zod';
import { group, required, setting } from './setting.ts';
import { choice, httpUrl, listOf, path, text } from './values.ts';

export const mailAddress = z
  .string({ error: 'a mail address' })
  .regex(/^[^\s@<>,;]+@[^\s@<>,;]+$/, { error: 'a mail address' });

const smtpForm = 'a mail server as host or host:port';
const smtpServer = z
  .string({ error: smtpForm })
  .regex(/^[A-Za-z0-9.-]+(:\d{1,5})?$/, { error: smtpForm })
  .transform((value) => {
    const [host = '', port = '25'] = value.split(':');
    return { host, port: Number(port) };
  });

export const alerts = group({
  on: setting(
    listOf(choice(['failed', 'held', 'stopped', 'overdue', 'disk'])),
    'Of what: runs that failed, are held for approval, whose worker died; work that is overdue; disks that fill up.',
    ['failed', 'held', 'overdue', 'disk'],
  ),
  webhook: setting(
    group({
      url: required(httpUrl, 'Gets a POST with a JSON body.'),
      tokenFile: setting(path, 'File with a token that is sent as `Authorization: Bearer`.'),
      tokenVariable: setting(text, 'Environment variable with that token.'),
    }),
    'A web address that is called.',
  ),
  mail: setting(
    group({
      to: required(listOf(mailAddress).min(1, { error: 'at least one mail address' }), 'Receivers.'),
      from: required(mailAddress, 'Sender.'),
      server: setting(smtpServer, 'Mail server.', 'localhost:25'),
      security: setting(
        choice(['tls', 'starttls', 'opportunistic', 'none']),
        'How the connection is encrypted: `tls` from its first byte (mostly port 465), `starttls` (refused without), `opportunistic` (where the server offers it), `none`. Default: `tls` on port 465, `starttls` with a login, else `none` on this machine and `opportunistic` elsewhere.',
      ),
      ca: setting(path, 'PEM file of the authority that signed the certificate of the server.'),
      user: setting(text, 'Account at the mail server.'),
      passwordFile: setting(path, 'File whose first line is the password of that account.'),
      passwordVariable: setting(text, 'Environment variable with that password.'),
    }),
    'Mail.',
  ),
});
