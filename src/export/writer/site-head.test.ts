import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderFooter, renderHeader } from './site-head.ts';
import { options } from './testing/samples.ts';

test('the head tells the site and its namespaces', () => {
  const head = renderHeader(options()).toString('utf8');
  assert.ok(head.startsWith('<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" xmlns:xsi='));
  assert.match(head, /\n {4}<sitename>Tiny &amp; "Odd"<\/sitename>\n {4}<dbname>tinywiki<\/dbname>\n/);
  assert.match(
    head,
    /\n {6}<namespace key="0" case="first-letter" \/>\n {6}<namespace key="1" case="first-letter">Talk<\/namespace>\n/,
  );
  assert.ok(head.endsWith('    </namespaces>\n  </siteinfo>\n'));
  assert.match(
    renderHeader(options({ profile: 'text-pass', schema: '0.10' })).toString(),
    /version="0\.10".*\n.*\n.*Tiny &amp; &quot;Odd&quot;/,
  );
});

test('the text pass ends without a newline', () => {
  assert.equal(renderFooter(options()).toString(), '</mediawiki>\n');
  assert.equal(renderFooter(options({ profile: 'text-pass' })).toString(), '</mediawiki>');
  assert.equal(renderFooter(options({ profile: 'text-pass', texts: 'stub' })).toString(), '</mediawiki>\n');
});
