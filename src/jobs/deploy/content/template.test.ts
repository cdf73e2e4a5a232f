import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { renderTemplate } from './template.ts';

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: they are what must not be touched
test('variables are put in plainly or as literals, and nothing else is touched', () => {
  const variables = { host: 'mw1', note: `it's "a" \\ $x`, count: 3, on: true };
  const text = '{{host}} {{ host }} {{ note|json }} {{note|php}} {{count|php}} {{on}} {{ {{}} ${{x-y}}';
  assert.equal(
    renderTemplate(text, variables, 't'),
    `mw1 mw1 ${JSON.stringify(variables.note)} 'it\\'s "a" \\\\ $x' 3 true {{ {{}} \${{x-y}}`,
  );
});

// biome-ignore-end lint/suspicious/noTemplateCurlyInString: they are what must not be touched
test('a literal for the shell is one word, whatever is in it', () => {
  const note = `it's $(touch x) \`y\` "z"`;
  const script = renderTemplate('printf %s {{note|sh}}', { note }, 't');
  assert.equal(execFileSync('/bin/sh', ['-c', script]).toString(), note);
});

test('an unknown variable or form is named with the file', () => {
  const unknown = (text: string) => () => renderTemplate(text, { host: 'h' }, '/etc/t.tpl');
  assert.throws(unknown('{{hots}}'), {
    code: 'SOURCE_UNFIT',
    message: /\/etc\/t\.tpl names \{\{hots\}\}.*known are host/,
  });
  assert.throws(unknown('{{toString}}'), { code: 'SOURCE_UNFIT' });
  assert.throws(unknown('{{host|yaml}}'), { code: 'SOURCE_UNFIT', message: /json, php, sh, not yaml/ });
});
