import { testBed } from '../../test/support/bed.ts';
import { sql } from '../../test/support/database.ts';

/** What was taken out of a wiki, to come back later: revisions are then new to the dumps. */
export type HeldBack = 'random' | 'last';

export interface Shares {
  /** Of the revisions, the newest. */
  readonly last: number;
  /** Of the pages, chosen at random: the newest revision of each that has another one. */
  readonly random: number;
}

/** Takes revisions out of a generated wiki, and pages that have no others: as it was before they were written. */
export async function holdBack(wiki: string, shares: Shares): Promise<void> {
  await run(
    wiki,
    `CREATE TABLE held_id (rev_id BIGINT UNSIGNED PRIMARY KEY, kind VARCHAR(6) NOT NULL);
     SET @cutoff = (SELECT MAX(rev_id) - FLOOR(COUNT(*) * ${shares.last}) FROM revision);
     INSERT INTO held_id SELECT rev_id, 'last' FROM revision WHERE rev_id > @cutoff;
     SET @pages = (SELECT CEIL(COUNT(*) * ${shares.random}) FROM page);
     EXECUTE IMMEDIATE CONCAT('INSERT INTO held_id SELECT MAX(rev_id), ''random'' FROM revision WHERE rev_id <= ',
       @cutoff, ' GROUP BY rev_page HAVING COUNT(*) > 1 ORDER BY MD5(rev_page) LIMIT ', @pages);
     CREATE TABLE held_revision AS SELECT revision.* FROM revision JOIN held_id USING (rev_id);
     DELETE revision FROM revision JOIN held_id USING (rev_id);
     CREATE TABLE held_page AS SELECT * FROM page WHERE page_id NOT IN (SELECT rev_page FROM revision);
     DELETE FROM page WHERE page_id IN (SELECT page_id FROM held_page);
     ${latest}`,
  );
}

/** Brings one kind back. */
export async function bringBack(wiki: string, kind: HeldBack): Promise<void> {
  await run(
    wiki,
    `INSERT INTO revision SELECT held_revision.* FROM held_revision JOIN held_id USING (rev_id) WHERE kind = '${kind}';
     INSERT INTO page SELECT * FROM held_page WHERE page_id IN (SELECT rev_page FROM revision)
       AND page_id NOT IN (SELECT page_id FROM page);
     ${latest}`,
  );
}

const latest = `UPDATE page JOIN (SELECT rev_page, MAX(rev_id) AS newest FROM revision GROUP BY rev_page) AS r
  ON rev_page = page_id SET page_latest = newest;`;

async function run(wiki: string, statements: string): Promise<void> {
  await sql(testBed().mariadb, wiki, statements);
}
