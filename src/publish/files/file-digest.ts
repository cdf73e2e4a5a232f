import { createHash, type Hash } from 'node:crypto';

/** What is known of a file that was written or read through once. Hashes are lower-case hexadecimal. */
export interface FileDigest {
  readonly sizeBytes: number;
  readonly md5: string;
  readonly sha1: string;
  readonly sha256: string;
}

export const checksumAlgorithms = ['md5', 'sha1', 'sha256'] as const;
export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number];

/** All three checksums of a stream of bytes in one pass. */
export class DigestBuilder {
  readonly #md5: Hash = createHash('md5');
  readonly #sha1: Hash = createHash('sha1');
  readonly #sha256: Hash = createHash('sha256');
  #sizeBytes = 0;

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  update(chunk: Uint8Array): void {
    this.#sizeBytes += chunk.byteLength;
    this.#md5.update(chunk);
    this.#sha1.update(chunk);
    this.#sha256.update(chunk);
  }

  /** Ends the builder. */
  finish(): FileDigest {
    return {
      sizeBytes: this.#sizeBytes,
      md5: this.#md5.digest('hex'),
      sha1: this.#sha1.digest('hex'),
      sha256: this.#sha256.digest('hex'),
    };
  }
}
