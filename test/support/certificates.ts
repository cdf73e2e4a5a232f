import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { program } from './requirements.ts';

export interface Certificates {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** An authority of our own and a certificate for 127.0.0.1 that servers and clients may use; PEM files in `folder`. */
export async function makeCertificates(folder: string): Promise<Certificates> {
  const file = (name: string) => join(folder, name);
  const openssl = (...args: readonly string[]) => execa(program('openssl'), args);
  await openssl(
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=test authority',
    '-keyout',
    file('ca.key'),
    '-out',
    file('ca.pem'),
  );
  await writeFile(
    file('ext'),
    'subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth,clientAuth\n',
  );
  await openssl(
    'req',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-subj',
    '/CN=rota',
    '-keyout',
    file('own.key'),
    '-out',
    file('own.csr'),
  );
  await openssl(
    'x509',
    '-req',
    '-in',
    file('own.csr'),
    '-CA',
    file('ca.pem'),
    '-CAkey',
    file('ca.key'),
    '-CAcreateserial',
    '-days',
    '2',
    '-extfile',
    file('ext'),
    '-out',
    file('own.pem'),
  );
  return { ca: file('ca.pem'), cert: file('own.pem'), key: file('own.key') };
}
