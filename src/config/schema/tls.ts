import { group, setting } from './setting.ts';
import { flag, path } from './values.ts';

/** `tls` of a database; `?tls=verify` or `?tls=no-verify` in its URL will do where no file is named. */
export const tls = group({
  ca: setting(
    path,
    'PEM file of the CA that signed the server’s certificate; by default those of the system.',
  ),
  cert: setting(path, 'PEM file of a certificate for accounts that must show one (REQUIRE X509).'),
  key: setting(path, 'PEM file of its private key.'),
  verify: setting(flag, 'Refuse a server whose certificate is not by the CA or not for its name.', true),
});
