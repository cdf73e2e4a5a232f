import type { WikiConfig } from '../../config/farm-config.ts';
import type { Clock } from '../../core/clock.ts';
import { isRotaError } from '../../core/errors/rota-error.ts';
import type { Log } from '../../core/log.ts';
import { namesOf, openWiki, siteInfoSource, wikiAccess } from '../../dumping/wiki-access.ts';
import { chooseTables } from '../../jobs/full-dump/tables/choose-tables.ts';
import { describeAddress } from '../../mediawiki/database/database-address.ts';
import type { DatabaseConnection } from '../../mediawiki/database/database-connection.ts';
import { openDatabase } from '../../mediawiki/database/open-database.ts';
import { replicationLag } from '../../mediawiki/database/replication-lag.ts';
import { listTables } from '../../mediawiki/metadata/list-tables.ts';
import { classifyLogType } from '../../mediawiki/metadata/log-types.ts';
import { tableName } from '../../mediawiki/schema/table-name.ts';
import { namesAnotherWiki } from '../../mediawiki/siteinfo/names-another-wiki.ts';
import { readSiteInfo } from '../../mediawiki/siteinfo/read-site-info.ts';
import { checkAccount } from './check-account.ts';
import { type Finding, fault, faultOf, ok, warning } from './finding.ts';

export interface WikiCheckTools {
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** A row of a wiki (its largest text) must fit; MariaDB's own default is this. */
const leastPacketBytes = 16 * 1024 * 1024;
const clockDifferenceMs = 5_000;
/** Texts are looked at for clusters that rota.yaml does not name: the newest so many. */
const sampledTexts = 500;

/** Everything about one wiki that would otherwise fail hours later. */
export async function checkWiki(wiki: WikiConfig, tools: WikiCheckTools): Promise<readonly Finding[]> {
  const area = `wiki ${wiki.name}`;
  const findings: Finding[] = [];
  try {
    await using reading = await openWiki({ ...wikiAccess(wiki), retryForMs: 0 }, tools);
    const { connection, schema } = reading;
    const where = describeAddress(connection.address);
    findings.push(ok(area, `${where} answers; its schema is that of MediaWiki ${schema.generation}`));
    for (const check of [checkAccount, checkTables, checkLogTypes, checkClusters, checkServer]) {
      findings.push(...(await attempt(area, () => check(area, wiki, connection, tools))));
    }
  } catch (error) {
    findings.push(faultOf(area, error));
  }
  findings.push(...(await attempt(area, () => checkSiteInfo(area, wiki, tools))));
  for (const [cluster, address] of Object.entries(wikiAccess(wiki).externalStores)) {
    findings.push(
      ...(await attempt(area, async () => {
        await using connection = await openDatabase(address, { ...tools, retryForMs: 0 });
        await connection.select('SELECT 1');
        return [ok(area, `external store ${cluster} answers`)];
      })),
    );
  }
  return findings;
}

async function attempt(area: string, check: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await check();
  } catch (error) {
    return [faultOf(area, error)];
  }
}

async function checkTables(area: string, wiki: WikiConfig, connection: DatabaseConnection) {
  if (!wiki.fullDump.outputs.includes('tables')) return [];
  const { tables, missing } = chooseTables(await listTables(connection), wiki);
  const findings: Finding[] = missing.map((table) =>
    fault(
      area,
      'TABLE_UNKNOWN',
      `rota.yaml names the table ${table}, which the wiki does not have`,
      'Correct the name or take it out.',
    ),
  );
  const refused: string[] = [];
  for (const { storedName } of tables) {
    try {
      await connection.select(`SELECT * FROM ${connection.dialect.table(storedName)} LIMIT 0`);
    } catch (error) {
      if (!isRotaError(error, 'TABLE_NOT_GRANTED')) throw error;
      refused.push(storedName);
    }
  }
  if (refused.length > 0) {
    const remedy = `GRANT SELECT on them to the account, or leave tables out of the outputs.`;
    findings.push(fault(area, 'TABLE_NOT_GRANTED', `the account may not read ${refused.join(', ')}`, remedy));
  } else findings.push(ok(area, `${tables.length} tables can be read`));
  return findings;
}

async function checkLogTypes(area: string, wiki: WikiConfig, connection: DatabaseConnection) {
  const table = tableName(connection, 'logging', wiki.tablePrefix);
  const rows = await connection.query(
    `SELECT DISTINCT ${connection.dialect.bytes('log_type')} FROM ${table}`,
  );
  const types = rows.map(([type]) => type?.toString('utf8') ?? '');
  const rules = { public: wiki.logs.publicTypes, restricted: wiki.logs.restrictedTypes };
  const unknown = types.filter((type) => classifyLogType(type, rules) === 'unknown');
  if (unknown.length === 0) return [ok(area, `all ${types.length} log types are classified`)];
  return [
    warning(
      area,
      'LOG_TYPE_UNKNOWN',
      `nobody has said whether these log types are public, so they are left out: ${unknown.join(', ')}`,
      'Add them to publicLogTypes or restrictedLogTypes of the wiki.',
    ),
  ];
}

async function checkClusters(area: string, wiki: WikiConfig, connection: DatabaseConnection) {
  const table = tableName(connection, 'text', wiki.tablePrefix);
  const { dialect } = connection;
  const rows = await connection.query(
    `SELECT ${dialect.bytes('old_text')}, ${dialect.bytes('old_flags')} FROM (SELECT * FROM ${table} ORDER BY old_id DESC LIMIT ${sampledTexts}) newest WHERE old_flags LIKE '%external%'`,
  );
  const clusters = new Set(
    rows.flatMap(([text]) => /^DB:\/\/([^/]+)\//.exec(text?.toString('latin1') ?? '')?.[1] ?? []),
  );
  return [...clusters]
    .filter((cluster) => !wiki.externalStores.has(cluster))
    .map((cluster) =>
      fault(
        area,
        'EXTERNAL_STORE_UNKNOWN',
        `texts lie in the external store ${cluster}, which rota.yaml does not name`,
        `Add it under externalStores.`,
      ),
    );
}

/** What only a server has: packets, a clock of its own, replication. */
async function checkServer(
  area: string,
  wiki: WikiConfig,
  connection: DatabaseConnection,
  tools: WikiCheckTools,
) {
  if (!connection.dialect.capabilities.grants) return [];
  const findings: Finding[] = [];
  const [row] = await connection.query('SELECT @@max_allowed_packet, UNIX_TIMESTAMP(NOW(3))');
  const packetBytes = Number(row?.[0]?.toString());
  if (packetBytes < leastPacketBytes) {
    const what = `max_allowed_packet of the server is ${packetBytes} bytes; its largest texts must fit`;
    findings.push(warning(area, 'PACKETS_SMALL', what, 'Raise it to 64M on the server.'));
  }
  const differenceMs = Number(row?.[1]?.toString()) * 1000 - tools.clock.now().getTime();
  if (Math.abs(differenceMs) > clockDifferenceMs) {
    const what = `the clock of the server differs from this machine's by ${Math.round(differenceMs / 1000)} s`;
    findings.push(warning('clock', 'CLOCK_WRONG', what, 'Keep both clocks with NTP.'));
  }
  if (wiki.maxReplicationLagMs === null) return findings;
  const lag = await replicationLag(connection);
  if (lag === 'unknown') {
    const what = 'the account may not ask how far the replica is behind, so maxReplicationLag is off';
    findings.push(
      warning(
        area,
        'LAG_UNKNOWN',
        what,
        'GRANT REPLICA MONITOR ON *.* to the account, or set maxReplicationLag: off.',
      ),
    );
  } else if (lag === 'stopped') {
    findings.push(
      fault(
        area,
        'REPLICA_STOPPED',
        'the replica does not replicate',
        'Start replication, or read from another server.',
      ),
    );
  } else if (typeof lag === 'number' && lag * 1000 > wiki.maxReplicationLagMs) {
    findings.push(
      warning(area, 'REPLICA_LAGGED', `the replica is ${lag} s behind`, 'Dumps wait until it has caught up.'),
    );
  }
  return findings;
}

async function checkSiteInfo(area: string, wiki: WikiConfig, { signal }: WikiCheckTools) {
  const source = siteInfoSource(wiki);
  const { siteInfo, lacks } = await readSiteInfo(source, { signal, databaseName: wiki.name });
  const other = namesAnotherWiki(siteInfo, namesOf(wiki), wiki.tablePrefix);
  if (other !== null) {
    const what = `the siteinfo of ${source} is that of the wiki ${other} (${siteInfo.siteName})`;
    const remedy = `Give the address of ${wiki.name}'s own api.php: its namespaces and names would be the other's.`;
    return [warning(area, 'SITEINFO_OF_ANOTHER_WIKI', what, remedy)];
  }
  if (lacks.length === 0) return [ok(area, `siteinfo from ${source}`)];
  const remedy = 'Give the address of api.php, or a saved answer of it.';
  return [
    warning(
      area,
      'SITEINFO_INCOMPLETE',
      `the siteinfo of ${source} does not tell ${lacks.join(', ')}`,
      remedy,
    ),
  ];
}
