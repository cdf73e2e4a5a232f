import type { TargetHost } from '../../../../config/environment-config.ts';
import { RotaError } from '../../../../core/errors/rota-error.ts';
import { onHost } from '../../target/programs/on-host.ts';
import type { TargetProgram } from '../../target/target-program.ts';
import { ask } from '../checks/ask-address.ts';
import { filled } from '../checks/filled.ts';
import { type HostContext, HostStep, type StepTarget } from './rollout-step.ts';

type RestartTarget = Pick<StepTarget, 'host' | 'path' | 'version'>;

/** What makes a host serve the code that it was switched to. */
export class Restart extends HostStep {
  override local({ host, path, version }: RestartTarget): TargetProgram | null {
    const { restart } = this.environment;
    if (restart === null) return null;
    return onHost({
      path,
      name: 'restart',
      command: restart.command,
      host: host.name,
      version,
      deadlineMs: restart.timeoutMs,
      mutates: true,
    });
  }

  /** What is waited for before the host is looked at; by default the addresses of `warmup` are asked. */
  async after(context: HostContext): Promise<void> {
    for (const url of this.environment.recipe.warmup) {
      const address = filled(url, { host: context.host.name, version: context.version });
      await ask(address, context.signal).catch((error: Error) => {
        context.signal.throwIfAborted();
        // Only its speed is lost; whether the host is well, checks say.
        context.log.warn(
          { host: context.host.name, url: address, err: error },
          'an address could not be warmed up',
        );
      });
    }
  }

  /** @throws RotaError as failures.ts says, and what `after` throws */
  override async run(context: HostContext): Promise<void> {
    await super.run(context);
    await this.after(context);
  }
}

/**
 * php-fpm that runs the new code: restarted, reloaded, or its opcache reset. Then every worker must answer with the version
 * before the host is looked at, as a worker that did not notice would serve the old code for ever.
 */
export class PhpRestart extends Restart {
  override local(context: RestartTarget): TargetProgram | null {
    const { php } = this.environment.recipe;
    if (php === null) return super.local(context);
    if (php.strategy === 'none' || php.strategy === 'reset') return null;
    return onHost({
      path: context.path,
      name: `php ${php.strategy}`,
      command: php.command,
      host: context.host.name,
      version: context.version,
      deadlineMs: php.timeoutMs,
      mutates: true,
    });
  }

  override async after(context: HostContext): Promise<void> {
    const { php } = this.environment.recipe;
    const { host, version, signal } = context;
    const about = { host: host.name, version };
    if (php?.strategy === 'reset' && php.resetUrl !== null) {
      const { status } = await ask(filled(php.resetUrl, about), signal);
      if (status !== 200) throw failed(host, `${filled(php.resetUrl, about)} answered ${status}, not 200`);
    }
    if (php !== null && php.versionUrl !== null) {
      await this.#confirm(context, filled(php.versionUrl, about), php);
    }
    await super.after(context);
  }

  async #confirm(
    { clock, host, version, signal }: HostContext,
    url: string,
    { confirmations, timeoutMs }: { readonly confirmations: number; readonly timeoutMs: number },
  ): Promise<void> {
    const untilMs = clock.monotonicMs() + timeoutMs;
    let said = 'nothing';
    for (let inARow = 0; inARow < confirmations; ) {
      const answer = await ask(url, signal).catch((error: Error) => {
        signal.throwIfAborted();
        return { status: 0, body: error.message };
      });
      if (answer.status === 200 && answer.body.includes(version)) {
        inARow++;
        continue;
      }
      inARow = 0;
      said = `${answer.status || ''} ${answer.body.trim().slice(0, 100)}`.trim();
      if (clock.monotonicMs() >= untilMs) {
        throw failed(
          host,
          `${url} did not name ${version} ${confirmations} times in a row within ${timeoutMs / 1000} s; it said ${JSON.stringify(said)}`,
        );
      }
      await clock.sleep(100, signal);
    }
  }
}

function failed(host: TargetHost, why: string): RotaError {
  return new RotaError('TARGET_FAILED', `${host.name}: ${why}`, {
    facts: { host: host.name, step: 'restart' },
  });
}
