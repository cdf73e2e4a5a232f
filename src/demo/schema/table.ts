/** A column as MediaWiki has it, before it is written in a dialect of SQL. */
export interface ColumnShape {
  readonly name: string;
  /**
   * `i8`…`u64` integers; `id32`/`id64` numbered by the database; `vbN` bytes of at most N, `binN` of exactly N;
   * `tinyblob`, `blob`, `mediumblob`; `f32`, `f64`; `timestamp`; `mediatype`, `majormime`, `linktype` (a fixed set of words).
   */
  readonly type: string;
  readonly nullable: boolean;
  /** As it stands in SQL, with quotes where it is a string; null: none. */
  readonly fallback: string | null;
}

export interface IndexShape {
  readonly name: string;
  /** Column names; `name(N)` indexes the first N bytes only. */
  readonly columns: readonly string[];
  readonly unique: boolean;
}

export interface TableShape {
  readonly name: string;
  readonly columns: readonly ColumnShape[];
  readonly primary: readonly string[];
  readonly indexes: readonly IndexShape[];
}

export interface TableKeys {
  /** Column names; left out for a table numbered by the database. */
  readonly primary?: string;
  /** `index name: column, column`. */
  readonly unique?: readonly string[];
  readonly index?: readonly string[];
}

/** A table from short notes: each column is `name type [null] [=default]`. */
export function table(name: string, columns: readonly string[], keys: TableKeys): TableShape {
  const shapes = columns.map(column);
  const numbered = shapes.filter((shape) => shape.type.startsWith('id')).map((shape) => shape.name);
  return {
    name,
    columns: shapes,
    primary: keys.primary === undefined ? numbered : list(keys.primary),
    indexes: [
      ...(keys.unique ?? []).map((note) => index(note, true)),
      ...(keys.index ?? []).map((note) => index(note, false)),
    ],
  };
}

function column(note: string): ColumnShape {
  const [, name = '', type = '', nullable, fallback] = /^(\w+) (\w+)( null)?(?: =(.+))?$/.exec(note) ?? [];
  if (name === '') throw new Error(`not a column: ${note}`);
  return { name, type, nullable: nullable !== undefined, fallback: fallback?.replaceAll('"', "'") ?? null };
}

function index(note: string, unique: boolean): IndexShape {
  const colon = note.indexOf(':');
  return { name: note.slice(0, colon), columns: list(note.slice(colon + 1)), unique };
}

function list(note: string): readonly string[] {
  return note.split(',').map((name) => name.trim());
}
