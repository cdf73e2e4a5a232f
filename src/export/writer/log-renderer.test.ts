import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogRecord } from '../../mediawiki/record/revision-record.ts';
import { OutputBuffer } from '../kernel/output-buffer.ts';
import { LogRenderer } from './log-renderer.ts';
import { logRecord, options } from './testing/samples.ts';

function render(record: LogRecord, asMediawiki = false): string {
  const out = new OutputBuffer();
  const findings = new LogRenderer(options({ asMediawiki }), out).logItem(record);
  return out.bytes().toString('utf8') + findings.map(({ kind, code }) => `${kind} ${code}`).join();
}

test('writes a log item', () => {
  assert.equal(
    render(logRecord({ comment: 'a < b' })),
    `  <logitem>
    <id>1</id>
    <timestamp>2020-01-02T03:04:05Z</timestamp>
    <contributor>
      <username>Someone</username>
      <id>3</id>
    </contributor>
    <comment>a &lt; b</comment>
    <type>delete</type>
    <action>delete</action>
    <logtitle>Talk:A page</logtitle>
    <params xml:space="preserve">a:0:{}</params>
  </logitem>
`,
  );
});

test('hides what is hidden, and leaves out what has no time', () => {
  const hidden = render(logRecord({ deleted: 7, comment: 'secret', title: 'Secret', params: 'secret' }));
  assert.match(hidden, /<contributor deleted="deleted" \/>\n {4}<comment deleted="deleted" \/>\n/);
  assert.match(hidden, /<text deleted="deleted" \/>\n {2}<\/logitem>/);
  assert.doesNotMatch(hidden, /secret/i);
  assert.match(
    render(logRecord({ type: '\xff', params: '' })),
    /<type><\/type>[\s\S]*<params xml:space="preserve" \/>/,
  );
  assert.equal(render(logRecord({ problems: ['timestamp-invalid'] })), 'dropped timestamp-invalid');
  assert.match(
    render(logRecord({ userId: 0, userName: '', problems: ['actor-missing'] })),
    /<username \/>[\s\S]*incomplete actor-missing$/,
  );
  assert.equal(render(logRecord({ problems: ['actor-missing'] }), true), 'dropped actor-missing');
});
