import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import type { RevisionRecord } from '../../mediawiki/record/revision-record.ts';
import { emptySha1Base36, sha1Base36 } from '../../mediawiki/text/sha1.ts';
import type { TextOutcome } from '../../mediawiki/text/text-source.ts';
import { OutputBuffer } from '../kernel/output-buffer.ts';
import type { RevisionFinding } from './findings.ts';
import type { WriterOptions } from './options.ts';
import { PageRenderer } from './page-renderer.ts';
import { options, revision, samplePage, slot } from './testing/samples.ts';

const text = (value: string): TextOutcome => ({ kind: 'text', bytes: Buffer.from(value) });
const failed: TextOutcome = { kind: 'failed', code: 'row-missing', detail: 'tt:12' };

function render(
  record: RevisionRecord,
  texts: readonly (TextOutcome | null)[],
  changes: Partial<WriterOptions> = {},
): { xml: string; findings: readonly RevisionFinding[] } {
  const out = new OutputBuffer();
  const findings = new PageRenderer(options(changes), out).revision(samplePage, record, texts);
  return { xml: out.bytes().toString('utf8'), findings };
}

const kinds = (findings: readonly RevisionFinding[]): string[] =>
  findings.map(({ kind, role, code }) => `${kind} ${role} ${code}`);

test('writes a revision in one pass, and as the text pass does', () => {
  const value = 'a "quoted" <b>\r\ntext';
  const sha1 = sha1Base36(value);
  const { xml, findings } = render(revision(value, { isMinor: true }), [text(value)]);
  assert.equal(
    xml,
    `    <revision>
      <id>5</id>
      <parentid>4</parentid>
      <timestamp>2020-01-02T03:04:05Z</timestamp>
      <contributor>
        <username>Someone</username>
        <id>3</id>
      </contributor>
      <minor/>
      <comment>said "so"</comment>
      <origin>5</origin>
      <model>wikitext</model>
      <format>text/x-wiki</format>
      <text bytes="20" sha1="${sha1}" xml:space="preserve">a "quoted" &lt;b&gt;\r\ntext</text>
      <sha1>${sha1}</sha1>
    </revision>
`,
  );
  assert.deepEqual(findings, []);
  const second = render(revision(value, { isMinor: true, comment: 'a\r\nb"' }), [text(value)], {
    profile: 'text-pass',
    schema: '0.10',
  }).xml;
  assert.match(second, /<minor \/>\n {6}<comment>a\nb&quot;<\/comment>\n {6}<model>/);
  assert.match(second, /<text bytes="20" xml:space="preserve">a &quot;quoted&quot; &lt;b&gt;\ntext<\/text>/);
});

test('a compressed text is inflated, even if its row says another size', () => {
  const value = 'repeated '.repeat(5000);
  const deflated: TextOutcome = { kind: 'deflated', bytes: deflateRawSync(value) };
  for (const sizeBytes of [value.length, 0, 10]) {
    const { xml, findings } = render(revision(value, { slots: [slot(value, { sizeBytes })] }), [deflated]);
    assert.ok(xml.includes(`bytes="45000"`) && xml.includes(value));
    assert.deepEqual(findings, []);
  }
  const broken: TextOutcome = { kind: 'deflated', bytes: Buffer.from('no deflate') };
  assert.deepEqual(kinds(render(revision(value), [broken]).findings), ['failed main gzip-invalid']);
});

test('empty texts differ between the passes', () => {
  const start = `<text bytes="0" sha1="${emptySha1Base36}"`;
  assert.ok(render(revision(''), [text('')]).xml.includes(`${start} xml:space="preserve" />`));
  assert.ok(render(revision(''), [text('')], { profile: 'text-pass' }).xml.includes(`${start} />`));
  // A text of nothing but CR is empty after the text pass, with the stored size.
  const returns = render(revision('\r\r'), [text('\r\r')], { profile: 'text-pass' }).xml;
  assert.match(returns, /<text bytes="2" sha1="[0-9a-z]{31}" \/>/);
});

test('a stub says where the text is', () => {
  const main = render(revision('x'), [null], { texts: 'stub', profile: 'text-pass' }).xml;
  assert.match(main, /<comment>said "so"<\/comment>/);
  assert.match(main, /<text bytes="1" sha1="[0-9a-z]{31}" location="tt:12" id="12" \/>/);
  const address = (value: string): string =>
    /<text.*\/>/.exec(
      render(revision('x', { slots: [slot('x', { address: value, sha1: 's' })] }), [null], { texts: 'stub' })
        .xml,
    )?.[0] ?? '';
  assert.equal(address('tt:0'), '<text bytes="1" sha1="s" location="tt:0" id="0" />');
  assert.equal(address('bad:'), '<text bytes="1" sha1="s" location="bad:" id="0" />');
  assert.equal(address('es:DB://c/1'), '<text bytes="1" sha1="s" location="es:DB://c/1" />');
  const old = render(revision('x'), [null], { texts: 'stub', schema: '0.10' }).xml;
  assert.match(old, /<text bytes="1" id="12" \/>/);
});

test('what is hidden tells nothing, except as MediaWiki', () => {
  const hidden = revision('secret', { deleted: 7 });
  const { xml } = render(hidden, [null]);
  assert.match(xml, /<contributor deleted="deleted" \/>\n {6}<comment deleted="deleted" \/>/);
  assert.match(xml, /<text deleted="deleted" \/>\n {6}<sha1\/>/);
  assert.ok(!xml.includes(hidden.sha1));
  const shown = render(hidden, [null], { asMediawiki: true }).xml;
  assert.ok(shown.includes(`<text bytes="6" sha1="${hidden.sha1}" deleted="deleted" />\n      <sha1/>`));
  // The latest revision's text is shown by MediaWiki all the same.
  const latest = revision('secret', { id: 99, deleted: 1 });
  assert.ok(!render(latest, [null]).xml.includes(latest.sha1));
  assert.ok(render(latest, [text('secret')], { asMediawiki: true }).xml.includes('>secret</text>'));
});

test('asks only for texts that are needed', () => {
  const wants = (record: RevisionRecord, changes: Partial<WriterOptions> = {}): boolean[] => {
    const renderer = new PageRenderer(options(changes), new OutputBuffer());
    return record.slots.map((one) => renderer.wantsText(samplePage, record, one));
  };
  const two = revision('x', { slots: [slot('x'), slot('{}', { role: 'aux', model: 'json' })] });
  assert.deepEqual(wants(two), [true, true]);
  assert.deepEqual(wants(two, { schema: '0.10' }), [true, false]);
  assert.deepEqual(wants(two, { texts: 'stub' }), [false, false]);
  assert.deepEqual(wants({ ...two, deleted: 1 }), [false, false]);
  assert.deepEqual(wants({ ...two, deleted: 1, id: 99 }, { asMediawiki: true }), [true, true]);
  assert.deepEqual(wants({ ...two, problems: ['timestamp-invalid'] }), [false, false]);
  const withoutHash = revision('x', { sha1: '', slots: [slot('x', { sha1: '' })] });
  assert.deepEqual(wants(withoutHash, { texts: 'stub', schema: '0.10' }), [true]);
  assert.deepEqual(wants({ ...withoutHash, deleted: 1 }), [false]);
});

test('further slots come in content elements, hashes are folded by role', () => {
  const record = revision('x', {
    sha1: '',
    slots: [slot('x', { sha1: '' }), slot('{}', { role: 'aux', model: 'json' })],
  });
  const { xml } = render(record, [text('x'), text('{}')]);
  assert.ok(
    xml.includes(`      <content>
        <role>aux</role>
        <origin>5</origin>
        <model>json</model>
        <format>application/json</format>
        <text bytes="2" sha1="${sha1Base36('{}')}" xml:space="preserve">{}</text>
      </content>
      <sha1>${sha1Base36(sha1Base36('{}') + sha1Base36('x'))}</sha1>`),
  );
  const old = render(record, [text('x'), text('{}')], { schema: '0.10' }).xml;
  assert.ok(
    !old.includes('<content>') &&
      old.includes(`<sha1>${sha1Base36(sha1Base36('{}') + sha1Base36('x'))}</sha1>`),
  );
});

test('says what is wrong with a text, and prints what MediaWiki prints', () => {
  const other = render(revision('wanted'), [text('other')]);
  assert.ok(other.xml.includes('>other</text>'));
  assert.deepEqual(kinds(other.findings), ['mismatch main sha1-mismatch']);
  const byRevision = render(revision('wanted', { slots: [slot('wanted', { sha1: '' })] }), [text('other')]);
  assert.deepEqual(kinds(byRevision.findings), ['mismatch main sha1-mismatch']);
  const missing = render(revision('wanted'), [failed]);
  assert.match(missing.xml, /<text bytes="6" sha1="[0-9a-z]{31}" \/>/);
  assert.deepEqual(kinds(missing.findings), ['failed main row-missing']);
  const known = render(revision('wanted'), [{ kind: 'failed', code: 'known-bad', detail: '' }]);
  assert.match(known.xml, /<text bytes="0" sha1="[0-9a-z]{31}" xml:space="preserve" \/>/);
  const noText = render(revision('x', { sha1: '', slots: [slot('x', { sha1: '' })] }), [failed]);
  assert.match(noText.xml, /<text bytes="1" sha1="" \/>\n {6}<sha1 \/>/);
});

test('rows that lack something do not stop a dump', () => {
  const lacking = revision('x', {
    userId: 0,
    userName: '',
    comment: '',
    problems: ['actor-missing', 'comment-missing'],
  });
  const printed = render(lacking, [text('x')]);
  assert.match(printed.xml, /<username \/>\n {8}<id>0<\/id>\n {6}<\/contributor>\n {6}<origin>/);
  assert.deepEqual(kinds(printed.findings), ['incomplete  actor-missing', 'incomplete  comment-missing']);
  const lost = render(lacking, [text('x')], { asMediawiki: true });
  assert.deepEqual([lost.xml, ...kinds(lost.findings)], ['', 'dropped  actor-missing']);
  assert.match(render(revision('x', { userId: 0, userName: '' }), [text('x')]).xml, />Unknown user</);
  for (const record of [
    revision('x', { problems: ['timestamp-invalid'] }),
    revision('x', { slots: [] }),
    revision('x', { slots: [slot('x', { role: 'aux' })] }),
    revision('x', { slots: [slot('x', { model: '' })] }),
  ]) {
    const left = render(record, [text('x')]);
    assert.equal(left.xml, '');
    assert.equal(left.findings[0]?.kind, 'dropped');
  }
  const model = render(revision('x', { slots: [slot('x', { model: 'odd' })] }), [text('x')]);
  assert.match(model.xml, /<model>odd<\/model>\n {6}<format>application\/octet-stream<\/format>/);
  assert.deepEqual(kinds(model.findings), ['incomplete main model-unknown']);
  const configured = render(revision('x', { slots: [slot('x', { model: 'odd' })] }), [text('x')], {
    modelFormats: { odd: 'text/odd' },
  });
  assert.deepEqual(configured.findings, []);
});

test('gives each slot the format of its own model, whatever the slot before had', () => {
  const out = new OutputBuffer();
  const renderer = new PageRenderer(options(), out);
  const formats: [model: string, format: string][] = [
    ['wikitext', 'text/x-wiki'],
    ['css', 'text/css'],
    ['odd', 'application/octet-stream'],
    ['odd', 'application/octet-stream'],
    ['wikitext', 'text/x-wiki'],
    ['wikitext', 'text/x-wiki'],
  ];
  for (const [model, format] of formats) {
    out.reset();
    const slots = [slot('x', { model }), slot('y', { role: 'aux', model: 'json' })];
    const findings = renderer.revision(samplePage, revision('x', { slots }), [text('x'), text('y')]);
    const xml = out.bytes().toString();
    assert.ok(
      xml.includes(`\n      <model>${model}</model>\n      <format>${format}</format>\n      <text`),
      xml,
    );
    assert.match(xml, /\n {8}<model>json<\/model>\n {8}<format>application\/json<\/format>\n {8}<text/);
    assert.deepEqual(kinds(findings), model === 'odd' ? ['incomplete main model-unknown'] : []);
  }
});

test('writes a page around its revisions', () => {
  const out = new OutputBuffer();
  const renderer = new PageRenderer(options({ profile: 'text-pass' }), out);
  renderer.pageHead({
    ...samplePage,
    isRedirect: true,
    redirect: { namespace: 0, title: 'B_"c"', interwiki: '' },
  });
  renderer.pageTail();
  assert.equal(
    out.bytes().toString(),
    '  <page>\n    <title>Talk:A &quot;page&quot;</title>\n    <ns>1</ns>\n    <id>7</id>\n    <redirect title="B &quot;c&quot;" />\n  </page>\n',
  );
  out.reset();
  renderer.pageHead({ ...samplePage, namespace: 2000, title: '' });
  assert.match(out.bytes().toString(), /<title \/>\n {4}<ns>2000<\/ns>/);
});
