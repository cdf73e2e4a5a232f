import { readFileSync } from 'node:fs';
import type { MariadbAddress } from './mariadb.ts';

/** What `npm test` starts once for all test files; its description is the JSON file that ROTA_TEST_BED names. */
export interface TestBed {
  /** A private folder of this run, removed at its end. */
  readonly folder: string;
  readonly mariadb: MariadbAddress;
}

/** The shared bed. Ask `requires('mariadb')` first: it says when there is none. */
export function testBed(): TestBed {
  const file = process.env.ROTA_TEST_BED;
  if (file === undefined) throw new Error('There is no test bed: run this test with `npm test -- NAME`.');
  return JSON.parse(readFileSync(file, 'utf8')) as TestBed;
}
