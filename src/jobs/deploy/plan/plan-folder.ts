import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { writeFileAtomic } from '../../../publish/files/durable.ts';
import { digestOf, isPlanId, type KeptPlan } from './deploy-plan.ts';

/** As many plans as anybody may still want. */
const kept = 50;

/** The plans of an environment: files beside its versions, on the deploy host. */
export class PlanFolder {
  readonly #path: string;

  constructor(repository: string) {
    this.#path = join(repository, 'plans');
  }

  async keep(plan: KeptPlan): Promise<string> {
    await mkdir(this.#path, { recursive: true, mode: 0o750 });
    const file = this.#fileOf(plan.id);
    await writeFileAtomic(file, `${JSON.stringify(plan, null, 1)}\n`, { mode: 0o640 });
    await this.#forgetOldest();
    return file;
  }

  async has(id: string): Promise<boolean> {
    return (await this.#readText(id)) !== null;
  }

  /** @throws RotaError PLAN_UNKNOWN, PLAN_STALE (a plan that was changed by hand) */
  async read(id: string): Promise<KeptPlan> {
    const text = await this.#readText(id);
    if (text === null) {
      throw new RotaError('PLAN_UNKNOWN', `There is no plan ${JSON.stringify(id)} in ${this.#path}`);
    }
    const plan = parse(text);
    if (plan !== null && plan.id === id && digestOf(plan) === plan.digest) return plan;
    throw new RotaError(
      'PLAN_STALE',
      `${this.#fileOf(id)} was changed after it was made: make the plan anew`,
    );
  }

  async #readText(id: string): Promise<string | null> {
    if (!isPlanId(id)) return null;
    return await readFile(this.#fileOf(id), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
  }

  async #forgetOldest(): Promise<void> {
    const names = (await readdir(this.#path)).filter((name) => name.endsWith('.json'));
    const files = await Promise.all(
      names.map(async (name) => ({ name, at: (await stat(join(this.#path, name))).mtimeMs })),
    );
    const old = files.toSorted((a, b) => b.at - a.at).slice(kept);
    await Promise.all(old.map(({ name }) => rm(join(this.#path, name), { force: true })));
  }

  #fileOf(id: string): string {
    return join(this.#path, `${id}.json`);
  }
}

function parse(text: string): KeptPlan | null {
  try {
    const value = JSON.parse(text) as KeptPlan;
    return typeof value?.plan === 'object' ? value : null;
  } catch {
    return null;
  }
}
