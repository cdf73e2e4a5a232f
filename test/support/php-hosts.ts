import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { appears } from './appears.ts';
import { freePorts } from './etcd.ts';
import { program } from './requirements.ts';
import { signalTree } from './rota.ts';

export interface PhpHost {
  readonly name: string;
  readonly url: string;
  /** Of php-fpm's master. */
  readonly pidFile: string;
}

export interface PhpHosts extends AsyncDisposable {
  readonly hosts: readonly PhpHost[];
}

/**
 * For each host a php-fpm whose opcache never looks at files again, behind an nginx. Half of them hand on the resolved path of
 * the code, the others that of the link, as many sites do. `/assets/` is what lies in `<path>-assets`.
 */
export async function startPhpHosts(
  folder: string,
  hosts: { readonly names: readonly string[]; folderOf(host: string): string },
): Promise<PhpHosts> {
  const ports = await freePorts(hosts.names.length);
  const running: ChildProcess[] = [];
  const asRoot = process.getuid?.() === 0;
  const start = (name: string, ...args: readonly string[]) => {
    const child = spawn(name, args, { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
    running.push(child);
    return child;
  };
  await mkdir(folder, { recursive: true });
  const made = hosts.names.map((name, i): PhpHost & { readonly port: number } => ({
    name,
    port: ports[i] ?? 0,
    url: `http://127.0.0.1:${ports[i]}`,
    pidFile: join(folder, `${name}.pid`),
  }));
  for (const [i, { name, port, pidFile }] of made.entries()) {
    const socket = join(folder, `${name}.sock`);
    await writeFile(
      join(folder, `${name}.fpm`),
      `[global]
pid = ${pidFile}
error_log = ${join(folder, `${name}.log`)}
daemonize = no
process_control_timeout = 30s
[www]
${asRoot ? 'user = root\n' : ''}listen = ${socket}
listen.backlog = 512
pm = static
pm.max_children = 4
php_admin_value[opcache.enable] = 1
php_admin_value[opcache.validate_timestamps] = 0
`,
    );
    const fpm = start(
      program('php-fpm8.2', 'php-fpm8.4', 'php-fpm'),
      ...(asRoot ? ['-R'] : []),
      '-n',
      '-d',
      'zend_extension=opcache',
      '-F',
      '-y',
      join(folder, `${name}.fpm`),
    );
    await appears(socket, async () => {
      if (fpm.exitCode === null) return;
      const log = await readFile(join(folder, `${name}.log`), 'utf8').catch(() => '');
      throw new Error(`php-fpm ended: ${log}`);
    });
    const path = hosts.folderOf(name);
    const root = i % 2 === 0 ? '$realpath_root' : '$document_root';
    await writeFile(
      join(folder, `${name}.nginx`),
      `daemon off; pid ${join(folder, `${name}.nginx.pid`)}; error_log ${join(folder, `${name}.nginx.log`)};
${asRoot ? 'user root;' : ''} worker_processes 1;
events { worker_connections 256; }
http {
  access_log off; client_body_temp_path ${join(folder, name)}-body; fastcgi_temp_path ${join(folder, name)}-fcgi;
  proxy_temp_path ${join(folder, name)}-proxy; uwsgi_temp_path ${join(folder, name)}-uwsgi; scgi_temp_path ${join(folder, name)}-scgi;
  server {
    listen 127.0.0.1:${port};
    location /assets/ { alias ${path}-assets/; }
    location / {
      root ${path};
      fastcgi_pass unix:${socket};
      fastcgi_param SCRIPT_FILENAME ${root}$fastcgi_script_name;
      fastcgi_param REQUEST_METHOD $request_method;
      fastcgi_param QUERY_STRING $query_string;
    }
  }
}
`,
    );
    start(program('nginx'), '-p', folder, '-c', join(folder, `${name}.nginx`));
    await answers(`http://127.0.0.1:${port}/assets/none`);
  }
  return {
    hosts: made,
    async [Symbol.asyncDispose]() {
      for (const child of running) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        const ended = once(child, 'exit');
        signalTree(child, 'SIGKILL');
        await ended;
      }
    },
  };
}

async function answers(url: string): Promise<void> {
  for (const endAt = Date.now() + 60_000; Date.now() < endAt; await pause(20)) {
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      return;
  }
  throw new Error(`${url} does not answer`);
}
