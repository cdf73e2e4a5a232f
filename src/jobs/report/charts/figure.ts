import type { Html } from '../../../publish/pages/html.ts';
import type { Size } from './draw/size.ts';
import type { Table } from './table.ts';

/** A chart with all that belongs to it: it is never shown without its sentence and its data. */
export interface Figure {
  /** The base name of its files, `backlog-burn-up-points`: letters, digits and hyphens. */
  readonly name: string;
  readonly title: string;
  /** What it shows today, in one sentence. */
  readonly sentence: string;
  readonly drawings: { readonly wide: Drawing; readonly narrow: Drawing };
  /** All that is drawn, as data. */
  readonly table: Table;
}

export interface Drawing {
  readonly size: Size;
  readonly body: Html;
}
