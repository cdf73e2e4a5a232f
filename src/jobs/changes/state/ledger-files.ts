import { LedgerEncoder } from '../../../export/ledger/ledger-encoder.ts';
import type { LedgerEntry, LedgerHead, LedgerTotals } from '../../../export/ledger/ledger-format.ts';
import type { FileDigest } from '../../../publish/files/file-digest.ts';
import { HashingFileWriter } from '../../../publish/files/hashing-file-writer.ts';

/** Writes a state's two ledgers at once: the public one, and the one with each revision. */
export class LedgerFiles implements AsyncDisposable {
  readonly #public: HashingFileWriter;
  readonly #private: HashingFileWriter;
  readonly #publicEncoder: LedgerEncoder;
  readonly #privateEncoder: LedgerEncoder;

  private constructor(publicFile: HashingFileWriter, privateFile: HashingFileWriter, head: LedgerHead) {
    this.#public = publicFile;
    this.#private = privateFile;
    this.#publicEncoder = new LedgerEncoder({ ...head, revisions: false });
    this.#privateEncoder = new LedgerEncoder({ ...head, revisions: true });
  }

  static async create(
    paths: { readonly public: string; readonly private: string },
    head: Omit<LedgerHead, 'revisions'>,
  ): Promise<LedgerFiles> {
    const open = await HashingFileWriter.create(paths.public);
    const closed = await HashingFileWriter.create(paths.private, { mode: 0o600 });
    return new LedgerFiles(open, closed, { ...head, revisions: false });
  }

  async add(entry: LedgerEntry): Promise<void> {
    const open = this.#publicEncoder.add(entry);
    if (open !== null) await this.#public.write(open);
    const closed = this.#privateEncoder.add(entry);
    if (closed !== null) await this.#private.write(closed);
  }

  async close(): Promise<{
    readonly totals: LedgerTotals;
    readonly public: FileDigest;
    readonly private: FileDigest;
  }> {
    await this.#public.write(this.#publicEncoder.finish());
    await this.#private.write(this.#privateEncoder.finish());
    return {
      totals: this.#publicEncoder.totals,
      public: await this.#public.close(),
      private: await this.#private.close(),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#public[Symbol.asyncDispose]();
    await this.#private[Symbol.asyncDispose]();
  }
}
