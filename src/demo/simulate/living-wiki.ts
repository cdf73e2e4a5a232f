import { Random } from '../../core/random.ts';
import type { DemoDatabase } from '../database/demo-database.ts';
import { languages } from '../language/languages.ts';
import { makePeople } from '../people/people.ts';
import { TitleMaker } from '../titles/make-titles.ts';
import { makeTextSource } from '../wiki/make-text-source.ts';
import { planPages } from '../wiki/plan-pages.ts';
import { WikiLife } from '../wiki/wiki-life.ts';
import type { WikiOptions } from '../wiki/wiki-options.ts';
import { makeRecorder, type WikiRecorder } from '../wiki/wiki-recorder.ts';
import { loadCounters } from './load-counters.ts';

/** A generated wiki that goes on living. */
export interface LivingWiki {
  readonly database: DemoDatabase;
  readonly external: DemoDatabase | null;
  readonly recorder: WikiRecorder;
  readonly life: WikiLife;
  readonly random: Random;
  readonly titles: TitleMaker;
  readonly people: ReturnType<typeof makePeople>;
}

/** Makes ready what the wiki was made with, for one more day. */
export async function wakeWiki(
  database: DemoDatabase,
  external: DemoDatabase | null,
  options: WikiOptions,
  day: number,
): Promise<LivingWiki> {
  const stream = (name: string): Random => new Random(options.seed, name);
  const language = languages[options.language];
  // Made as they were at first: the same seed gives the same people and sentences.
  const people = makePeople(language, stream('people'), options.revisions);
  const plans = planPages(options, language, people, stream('pages'));
  const vocabulary = makeTextSource(options, language, plans, people, stream('text'));
  const random = stream(`day ${day}`);
  const ids = await loadCounters(database, external, options.schema);
  const recorder = makeRecorder(database, external, options, ids, random);
  if (options.schema !== '1.35') {
    for (const [id, namespace, title] of await database.query(
      `SELECT lt_id, lt_namespace, ${database.dialect === 'sqlite' ? 'CAST(lt_title AS BLOB)' : 'lt_title'} FROM linktarget`,
    ))
      recorder.links.knowTarget(Number(namespace), String(title), Number(id));
  }
  const life = new WikiLife({ recorder, language, people, source: { ...vocabulary, random }, random });
  return { database, external, recorder, life, random, people, titles: new TitleMaker(language, random) };
}

/** Writes what is collected so far: before rows are asked for that may still be among it. */
export async function flush(recorder: WikiRecorder): Promise<void> {
  for (const writer of recorder.writers) await writer.flush();
}
