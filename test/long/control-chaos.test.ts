// Many random blows to processes that share a file; ROTA_CHAOS_BLOWS and ROTA_SEED set how many and which.
import { test } from 'node:test';
import { chaosBlows, chaosSeed, chaosSeries } from '../control/chaos-series.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('SQLite under random blows: every run ends, once, with all its pieces', {
  timeout: 180_000 + chaosBlows * 10_000,
}, async (t) => {
  await using folder = await temporaryFolder('chaos');
  await chaosSeries(t, { folder: folder.path, leaseMs: 900, blows: chaosBlows, seed: chaosSeed });
});
