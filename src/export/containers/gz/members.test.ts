import assert from 'node:assert/strict';
import { it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { gzMember } from './members.ts';

it('members one behind the other decompress to their contents one behind the other', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 3000 }), { minLength: 1 }),
      fc.integer({ min: 1, max: 9 }),
      (parts, level) => {
        const file = Buffer.concat(parts.map((part) => gzMember(Buffer.from(part), { level })));
        assert.deepEqual(gunzipSync(file), Buffer.concat(parts));
      },
    ),
    { numRuns: 50 },
  );
});

it('a member holds neither time nor name nor the system that made it', () => {
  const member = gzMember(Buffer.from('page'), { level: 9 });
  assert.equal(member.subarray(0, 10).toString('hex'), '1f8b0800000000000003');
});
