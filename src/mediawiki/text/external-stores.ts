import type { DatabaseAddress } from '../database/database-address.ts';
import type { DatabaseConnection, OpenDatabaseOptions } from '../database/database-connection.ts';
import { openDatabase } from '../database/open-database.ts';

/** Connections to the databases of external storage, opened when first needed. */
export class ExternalStores implements AsyncDisposable {
  readonly #addresses: Readonly<Record<string, DatabaseAddress>>;
  readonly #options: OpenDatabaseOptions;
  readonly #open = new Map<string, Promise<DatabaseConnection>>();

  constructor(addresses: Readonly<Record<string, DatabaseAddress>>, options: OpenDatabaseOptions) {
    this.#addresses = addresses;
    this.#options = options;
  }

  has(cluster: string): boolean {
    return Object.hasOwn(this.#addresses, cluster);
  }

  /** @throws RotaError when the database cannot be opened */
  connection(cluster: string): Promise<DatabaseConnection> {
    let connection = this.#open.get(cluster);
    if (connection === undefined) {
      const address = this.#addresses[cluster];
      if (address === undefined) throw new RangeError(`no address for cluster ${cluster}`);
      connection = openDatabase(address, { ...this.#options, patientStart: true });
      this.#open.set(cluster, connection);
      connection.catch(() => this.#open.delete(cluster));
    }
    return connection;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const connection of this.#open.values()) await (await connection.catch(() => null))?.close();
    this.#open.clear();
  }
}
