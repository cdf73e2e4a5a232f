import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { printedUser, usernameElement, withUserName } from './contributor-name.ts';

const revision = (contributor: string) =>
  Buffer.from(
    `    <revision>\n      <id>7</id>\n      <timestamp>2026-01-01T00:00:00Z</timestamp>\n${contributor}` +
      '      <comment>&lt;contributor&gt;\n        &lt;username&gt;X</comment>\n      <text bytes="1" />\n    </revision>\n',
  );

const user = (name: string, id: number) =>
  `      <contributor>\n        ${name}\n        <id>${id}</id>\n      </contributor>\n`;

describe('the name of a contributor', () => {
  it('is read and replaced, whatever stands in it', () => {
    const xml = revision(user('<username>Zoë &quot;&amp;&quot;</username>', 12));
    assert.deepEqual(printedUser(xml), { id: 12, name: 'Zoë "&"' });
    const named = withUserName(xml, (id) => (id === 12 ? usernameElement('É <1>') : undefined));
    assert.equal(named.toString(), revision(user('<username>É &lt;1&gt;</username>', 12)).toString());
  });

  it('may be empty, before and after', () => {
    const xml = revision(user('<username />', 3));
    assert.deepEqual(printedUser(xml), { id: 3, name: '' });
    const named = withUserName(xml, () => usernameElement('A'));
    assert.equal(named.toString(), revision(user('<username>A</username>', 3)).toString());
    assert.equal(withUserName(named, () => usernameElement('')).toString(), xml.toString());
  });

  it('of those who are hidden, not registered or not renamed is left as it is', () => {
    for (const contributor of [
      '      <contributor deleted="deleted" />\n',
      '      <contributor>\n        <ip>192.0.2.1</ip>\n      </contributor>\n',
      user('<username>elsewhere&gt;Bob</username>', 0),
    ]) {
      const xml = revision(contributor);
      assert.equal(printedUser(xml), null);
      assert.equal(
        withUserName(xml, () => usernameElement('N')),
        xml,
      );
    }
    const xml = revision(user('<username>A</username>', 3));
    assert.equal(
      withUserName(xml, (id) => (id === 4 ? usernameElement('N') : undefined)),
      xml,
    );
  });
});
