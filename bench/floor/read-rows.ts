/**
 * The least that any dump must do, in one thread and without writing anything: `metadata` reads all rows but the
 * texts, `rows` the stored texts, too, `inflate` decompresses them.
 *
 *     node read-rows.ts ROTA.YAML WIKI metadata|rows|inflate
 */
import { loadConfig } from '../../src/config/load-config.ts';
import { wikiNamed } from '../../src/config/wiki-named.ts';
import { silentLog } from '../../src/core/log.ts';
import { openWiki, wikiAccess } from '../../src/dumping/wiki-access.ts';
import { readPages } from '../../src/mediawiki/metadata/read-pages.ts';
import type { RecordChunk } from '../../src/mediawiki/record/page-part.ts';
import { inflateRawInto } from '../../src/mediawiki/text/inflate.ts';
import { openTextSource } from '../../src/mediawiki/text/open-text-source.ts';
import type { TextRequest } from '../../src/mediawiki/text/text-source.ts';

const [, , file = 'rota.yaml', name = '', part = 'rows'] = process.argv;
const { config } = await loadConfig(file, { env: process.env, cwd: process.cwd() });
const access = wikiAccess(wikiNamed(config, name));
const { signal } = new AbortController();
await using reading = await openWiki(access, { log: silentLog, signal });
await reading.connection.beginSnapshot(signal);
await using texts = await openTextSource({
  database: access.database,
  externalStores: access.externalStores,
  log: silentLog,
});
let room: Buffer = Buffer.alloc(1 << 20);
for await (const chunk of readPages(reading.connection, reading.schema, { signal })) {
  if (part === 'metadata') continue;
  const outcomes = await texts.fetch(requestsOf(chunk));
  if (part === 'inflate') {
    for (const outcome of outcomes) {
      if (outcome.kind === 'deflated')
        while (inflateRawInto(outcome.bytes, room, 0) === -2) room = larger(room);
    }
  }
  texts.release?.(outcomes);
}

function requestsOf(chunk: RecordChunk): TextRequest[] {
  return chunk.parts.flatMap((one) =>
    one.revisions.flatMap((revision) => revision.slots.map((slot) => ({ ...slot, revisionId: revision.id }))),
  );
}

function larger(buffer: Buffer): Buffer {
  return Buffer.alloc(buffer.length * 2);
}
