import { sql } from '../support/database.ts';
import type { MariadbAddress } from '../support/mariadb.ts';

/** A database with the tables of MediaWiki 1.43 that a dump reads, two pages and three revisions. */
export async function createSmallWiki(server: MariadbAddress, database: string): Promise<void> {
  await sql(server, 'mysql', `CREATE DATABASE ${database} CHARACTER SET binary`);
  await sql(
    server,
    database,
    `
    CREATE TABLE page (page_id INT UNSIGNED PRIMARY KEY, page_namespace INT, page_title VARBINARY(255),
      page_is_redirect TINYINT DEFAULT 0, page_latest INT UNSIGNED) ENGINE=InnoDB;
    CREATE TABLE revision (rev_id BIGINT UNSIGNED PRIMARY KEY, rev_page INT UNSIGNED, rev_comment_id BIGINT UNSIGNED,
      rev_actor BIGINT UNSIGNED, rev_timestamp BINARY(14), rev_minor_edit TINYINT DEFAULT 0, rev_deleted TINYINT DEFAULT 0,
      rev_len INT UNSIGNED, rev_parent_id BIGINT UNSIGNED, rev_sha1 VARBINARY(32) DEFAULT '', KEY (rev_page, rev_timestamp));
    CREATE TABLE slots (slot_revision_id BIGINT UNSIGNED, slot_role_id SMALLINT, slot_content_id BIGINT UNSIGNED,
      slot_origin BIGINT UNSIGNED, PRIMARY KEY (slot_revision_id, slot_role_id));
    CREATE TABLE slot_roles (role_id INT PRIMARY KEY, role_name VARBINARY(64));
    CREATE TABLE content (content_id BIGINT UNSIGNED PRIMARY KEY, content_size INT UNSIGNED, content_sha1 VARBINARY(32),
      content_model SMALLINT, content_address VARBINARY(255));
    CREATE TABLE content_models (model_id INT PRIMARY KEY, model_name VARBINARY(64));
    CREATE TABLE comment (comment_id BIGINT UNSIGNED PRIMARY KEY, comment_text BLOB);
    CREATE TABLE actor (actor_id BIGINT UNSIGNED PRIMARY KEY, actor_user INT UNSIGNED, actor_name VARBINARY(255));
    CREATE TABLE redirect (rd_from INT UNSIGNED PRIMARY KEY, rd_namespace INT, rd_title VARBINARY(255),
      rd_interwiki VARBINARY(32), rd_fragment VARBINARY(255));
    CREATE TABLE text (old_id INT UNSIGNED PRIMARY KEY, old_text MEDIUMBLOB, old_flags TINYBLOB);
    CREATE TABLE logging (log_id INT UNSIGNED PRIMARY KEY, log_type VARBINARY(32), log_action VARBINARY(32),
      log_timestamp BINARY(14), log_actor BIGINT UNSIGNED, log_namespace INT, log_title VARBINARY(255),
      log_comment_id BIGINT UNSIGNED, log_params BLOB, log_deleted TINYINT);
    INSERT INTO slot_roles VALUES (1, 'main');
    INSERT INTO content_models VALUES (1, 'wikitext');
    INSERT INTO actor VALUES (1, 1, 'Admin');
    INSERT INTO comment VALUES (1, 'made');
    INSERT INTO page VALUES (1, 0, 'First', 0, 3), (2, 0, 'Second', 0, 2);
    INSERT INTO revision (rev_id, rev_page, rev_comment_id, rev_actor, rev_timestamp) VALUES
      (1, 1, 1, 1, '20200101000000'), (2, 2, 1, 1, '20200102000000'), (3, 1, 1, 1, '20200103000000');
    INSERT INTO slots VALUES (1, 1, 1, 1), (2, 1, 2, 2), (3, 1, 3, 3);
    INSERT INTO content VALUES (1, 5, '', 1, 'tt:1'), (2, 3, '', 1, 'tt:2'), (3, 5, '', 1, 'tt:3');
    INSERT INTO text VALUES (1, X'6f6e6520c3bc', 'utf-8'), (2, 'two', 'utf-8'), (3, 'three', 'utf-8');
    `,
  );
}
