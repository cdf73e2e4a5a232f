import type { Random } from '../../core/random.ts';
import type { DemoDatabase } from '../database/demo-database.ts';
import { TableWriter } from '../database/table-writer.ts';
import type { FinishedPage } from './live-page.ts';

/** Writes rows of `page`. */
export class PageWriter {
  readonly #pages: TableWriter;
  readonly #random: Random;

  constructor(database: DemoDatabase, random: Random) {
    this.#random = random;
    this.#pages = new TableWriter(
      database,
      'page',
      'page_id page_namespace page_title page_is_redirect page_is_new page_random page_touched page_links_updated page_latest page_len page_content_model'.split(
        ' ',
      ),
    );
  }

  add(page: FinishedPage): void {
    this.#pages.add([
      page.id,
      page.namespace,
      page.title,
      page.redirect ? 1 : 0,
      page.isNew ? 1 : 0,
      this.#random.float(),
      page.latestAt,
      page.latestAt,
      page.latest,
      page.bytes,
      page.model,
    ]);
  }

  get writers(): readonly TableWriter[] {
    return [this.#pages];
  }
}
