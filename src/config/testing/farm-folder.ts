import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isRotaError } from '../../core/errors/rota-error.ts';
import { type Fault, formatFault } from '../faults/fault.ts';
import { type LoadedConfig, loadConfig } from '../load-config.ts';

/** The least that a rota.yaml needs, for tests that add to it. */
export const outputYaml = 'output: { public: ./public, private: ./private }\n';

/** A folder with a rota.yaml, which is gone after the test. */
export class FarmFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'rota-config-'));

  write(name: string, text: string, mode = 0o600): void {
    const file = join(this.path, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { mode });
    chmodSync(file, mode);
  }

  load(yaml: string, env: Readonly<Record<string, string>> = {}): Promise<LoadedConfig> {
    this.write('rota.yaml', yaml);
    return loadConfig('rota.yaml', { env, cwd: this.path });
  }

  /** The faults of a bad rota.yaml, as they are printed. */
  async faults(yaml: string, env: Readonly<Record<string, string>> = {}): Promise<readonly string[]> {
    try {
      await this.load(yaml, env);
    } catch (error) {
      if (!isRotaError(error, 'CONFIG_INVALID')) throw error;
      return (error.facts.faults as readonly Fault[]).map(formatFault);
    }
    throw new Error('this rota.yaml was taken as good');
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
