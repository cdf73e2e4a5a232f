import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeLog, judgeMetric } from './judge-rate.ts';

const probe = { limit: 2, factor: 2, minimumLines: 100, pattern: 'Fatal' };
const rate = (lines: number, matches: number, seconds = 10) => ({ lines, matches, seconds });

test('a log is compared with its past and with hosts that were not switched, the worse of both', () => {
  assert.equal(judgeLog(probe, rate(500, 2), null, []).verdict, 'well');
  assert.equal(judgeLog(probe, rate(500, 30), rate(500, 20), []).verdict, 'well');
  assert.equal(judgeLog(probe, rate(500, 30), rate(500, 1), [rate(500, 16)]).verdict, 'well');
  const bad = judgeLog(probe, rate(500, 30), rate(500, 1), [rate(500, 2)]);
  assert.ok(bad.verdict === 'bad');
  assert.match(bad.why, /30 lines like "Fatal" in 10 s \(3\.00 a second; 0\.20 a second before/);
});

test('too little traffic says so, but an error too many is one without anything to compare with', () => {
  const quiet = judgeLog(probe, rate(9, 0), null, []);
  assert.ok(quiet.verdict === 'unknown');
  assert.match(quiet.why, /not enough traffic: 9 lines/);
  assert.equal(judgeLog(probe, rate(9, 3), rate(9, 9), []).verdict, 'bad');
});

test('a number has a limit of its own, or is compared', () => {
  assert.equal(judgeMetric({ max: 5, factor: null }, 5, null, []).verdict, 'well');
  assert.equal(judgeMetric({ max: 5, factor: null }, 6, 100, []).verdict, 'bad');
  assert.equal(judgeMetric({ max: null, factor: 2 }, 6, 3, [1]).verdict, 'well');
  assert.equal(judgeMetric({ max: null, factor: 2 }, 7, 3, [null, 1]).verdict, 'bad');
  assert.equal(judgeMetric({ max: null, factor: 2 }, 7, null, [null]).verdict, 'unknown');
  assert.equal(judgeMetric({ max: 9, factor: 2 }, null, 1, []).verdict, 'unknown');
});
