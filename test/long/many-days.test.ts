// Thirty days of changes, two missed and three killed; test/changes lives eight.
import { describe, it } from 'node:test';
import { liveAndApply } from '../changes/live-days.ts';
import { requires } from '../support/requirements.ts';

describe('thirty days of changes', { skip: requires('bzip2') }, () => {
  it('with two missed and three killed, applied to the full dump give the dump of the last day', async () => {
    await liveAndApply({ days: 30, missed: [7, 16], killed: { 4: 'state', 12: 'content', 21: 'publish' } });
  });
});
