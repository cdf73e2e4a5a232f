import type { Random } from '../../core/random.ts';
import type { DemoDatabase } from '../database/demo-database.ts';
import { TableWriter } from '../database/table-writer.ts';
import type { Author } from '../people/people.ts';
import { base36Sha1 } from './base36-sha1.ts';
import type { LivePage } from './live-page.ts';
import { mediawikiTimestamp, secondsOf } from './timestamp.ts';
import type { WikiRecorder } from './wiki-recorder.ts';

/** Rows of `image` and `oldimage` for file pages. There are no files: only what the database says of them. */
export class FileWriter {
  readonly #recorder: WikiRecorder;
  readonly #random: Random;
  readonly #images: TableWriter;
  readonly #old: TableWriter;

  constructor(database: DemoDatabase, recorder: WikiRecorder, random: Random) {
    this.#recorder = recorder;
    this.#random = random;
    const common = (prefix: string, names: string): string[] => names.split(' ').map((name) => prefix + name);
    const shared =
      'size width height bits media_type major_mime minor_mime metadata description_id actor timestamp sha1';
    this.#images = new TableWriter(database, 'image', common('img_', `name ${shared}`));
    this.#old = new TableWriter(database, 'oldimage', common('oi_', `name ${shared} archive_name deleted`));
  }

  /** The upload behind a file page that is finished; one in four replaced an older file. */
  add(page: LivePage, author: Author): void {
    const random = this.#random;
    const vector = page.title.includes('.svg');
    const row = (timestamp: string, version: number) => [
      page.title,
      random.between(500, 5_000_000),
      random.between(10, 4000),
      random.between(10, 4000),
      vector ? 0 : 8,
      vector ? 'DRAWING' : 'BITMAP',
      'image',
      vector ? 'svg+xml' : page.title.includes('.png') ? 'png' : 'jpeg',
      '{"data":{}}',
      this.#recorder.comments.id('uploaded'),
      author.actorId,
      timestamp,
      base36Sha1(`${page.title} ${version}`),
    ];
    this.#images.add(row(page.latestAt, 2));
    if (random.chance(0.25)) {
      const before = mediawikiTimestamp(secondsOf(page.latestAt) - 86_400);
      this.#old.add([...row(before, 1), `${page.latestAt}!${page.title}`, random.chance(0.2) ? 1 : 0]);
    }
    this.#recorder.logs.add({
      type: 'upload',
      action: 'upload',
      timestamp: page.latestAt,
      author,
      namespace: 6,
      title: page.title,
      pageId: page.id,
      comment: 'uploaded',
      params: {
        img_sha1: base36Sha1(`${page.title} 2`),
        img_timestamp: page.latestAt,
        associated_rev_id: page.latest,
      },
    });
  }

  get writers(): readonly TableWriter[] {
    return [this.#images, this.#old];
  }
}
