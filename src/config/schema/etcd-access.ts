import { setting } from './setting.ts';
import { path, text } from './values.ts';

/** How an etcd cluster is logged in to. */
export const etcdAccess = {
  user: setting(text, 'Where etcd asks for a login.'),
  passwordFile: setting(path, 'File whose first line is the password.'),
  passwordVariable: setting(text, 'Environment variable with the password.'),
  ca: setting(path, 'Certificates (PEM) of the authority that etcd’s certificates must come from.'),
  cert: setting(path, 'Our own certificate (PEM), where etcd asks clients for one.'),
  key: setting(path, 'Its private key (PEM).'),
};
