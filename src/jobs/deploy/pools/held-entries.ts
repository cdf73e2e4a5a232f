import type { DeployContext } from '../stages/deploy-stage.ts';
import { type HeldEntry, type PoolJournal, poolJournalKey } from './pool-journal.ts';

/** The environment's journal of entries that were taken, in the run store: whoever resumes reads it there. */
export class HeldEntries {
  readonly #context: DeployContext;

  constructor(context: DeployContext) {
    this.#context = context;
  }

  async read(): Promise<PoolJournal> {
    const { stage, environment } = this.#context;
    return ((await stage.readPointer(poolJournalKey(environment.name))) ?? {}) as PoolJournal;
  }

  async note(host: string, held: HeldEntry): Promise<void> {
    const journal = await this.read();
    const others = (journal[host] ?? []).filter((one) => one.key !== held.key);
    await this.#save({ ...journal, [host]: [...others, held] });
  }

  async forget(host: string, key: string): Promise<void> {
    const { [host]: mine = [], ...others } = await this.read();
    const rest = mine.filter((one) => one.key !== key);
    await this.#save(rest.length === 0 ? others : { ...others, [host]: rest });
  }

  async #save(journal: PoolJournal): Promise<void> {
    const { stage, environment } = this.#context;
    await stage.commitPointer(poolJournalKey(environment.name), journal);
  }
}
