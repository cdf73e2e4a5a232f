import { gzMember } from '../containers/gz/members.ts';
import type { RewrittenXml } from './redact-gz.ts';
import { redactRevision } from './redact-revision.ts';
import type { Redaction } from './redact-xml.ts';

const portionBytes = 1 << 20;
const level = 6;

/**
 * Writes the records of a day's page changes once more, with parts of revisions hidden where their elements are told.
 * Records of other kinds, and what is not known of a record, stay as they are.
 * Memory: a portion of a megabyte, and a line.
 */
export async function redactPageChanges(
  chunks: AsyncIterable<Buffer>,
  write: (bytes: Buffer) => Promise<void>,
  redaction: Redaction,
): Promise<RewrittenXml> {
  const changed: number[] = [];
  let rawDelta = 0;
  let portion = '';
  const add = async (line: string) => {
    const now = redactLine(line, redaction);
    if (now !== line) {
      changed.push((JSON.parse(line) as MetaRecord).rev);
      rawDelta += Buffer.byteLength(now) - Buffer.byteLength(line);
    }
    portion += `${now}\n`;
    if (portion.length >= portionBytes) await flush();
  };
  const flush = async () => {
    await write(gzMember(Buffer.from(portion), { level }));
    portion = '';
  };
  let rest = '';
  const decoder = new TextDecoder();
  for await (const bytes of chunks) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) await add(line);
  }
  if (rest !== '') await add(rest);
  await flush();
  return { changed, rawDelta };
}

interface MetaRecord {
  readonly kind: 'rev-meta';
  readonly rev: number;
  readonly xml: string;
}

function redactLine(line: string, { revisions, parts }: Redaction): string {
  if (!line.includes('"rev-meta"')) return line;
  const record = JSON.parse(line) as MetaRecord;
  if (record.kind !== 'rev-meta' || !revisions.has(record.rev)) return line;
  const before = Buffer.from(record.xml);
  const after = redactRevision(before, parts, 'text-pass');
  if (after === null) throw new RangeError(`revision ${record.rev} is not written as Rota writes revisions`);
  return after === before ? line : JSON.stringify({ ...record, xml: after.toString() });
}
