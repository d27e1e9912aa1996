// DuckDB on one thread, the stateless version of the question: does some rule of the record's own direction admit it?
// No openers, no replies, no timers, no unknown: much less than flowverdict answers, in the form that was fastest of
// those tried (each distinct combination is judged once).
//   node bench/peers/duckdb.mjs ACCOUNT LOG...

import { DuckDBInstance } from "@duckdb/node-api";
import { flatRules } from "../lib/flat-rules.mjs";

const COLUMNS = `{version: 'VARCHAR', account_id: 'VARCHAR', interface_id: 'VARCHAR', srcaddr: 'VARCHAR',
  dstaddr: 'VARCHAR', srcport: 'INTEGER', dstport: 'INTEGER', protocol: 'INTEGER', packets: 'BIGINT', bytes: 'BIGINT',
  start: 'BIGINT', "end": 'BIGINT', action: 'VARCHAR', log_status: 'VARCHAR'}`;

/** An IPv4 text as number; NULL for IPv6, which the query leaves out. */
const number = (column) => `CASE WHEN contains(${column}, ':') THEN NULL ELSE
  split_part(${column}, '.', 1)::BIGINT * 16777216 + split_part(${column}, '.', 2)::BIGINT * 65536
  + split_part(${column}, '.', 3)::BIGINT * 256 + split_part(${column}, '.', 4)::BIGINT END`;

const [account, ...logs] = process.argv.slice(2);
const { interfaces, rules } = await flatRules(account);
const connection = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
const run = (sql) => connection.run(sql);

async function fill(table, columns, rows, types) {
  await run(`CREATE TABLE ${table} (${columns})`);
  const appender = await connection.createAppender(table);
  for (const row of rows) {
    for (const [index, type] of types.entries())
      if (type === "text") appender.appendVarchar(row[index]);
      else appender.appendBigInt(BigInt(row[index]));
    appender.endRow();
  }
  appender.closeSync();
}

await fill("interfaces", "eni VARCHAR, address BIGINT, policy BIGINT", interfaces, [
  "text",
  "number",
  "number",
]);
await fill(
  "rules",
  "policy BIGINT, direction VARCHAR, protocol BIGINT, low_port BIGINT, high_port BIGINT, low BIGINT, high BIGINT",
  rules,
  ["number", "text", "number", "number", "number", "number", "number"],
);
const files = logs.map((path) => `'${path.replaceAll("'", "''")}'`).join(", ");
const result = await connection.runAndReadAll(`
  WITH log AS MATERIALIZED (
    SELECT interface_id AS eni, ${number("srcaddr")} AS source, ${number("dstaddr")} AS destination, srcport, dstport,
      protocol, action
    FROM read_csv([${files}], delim=' ', header=true, nullstr='-', columns=${COLUMNS})
    WHERE log_status = 'OK'),
  sided AS MATERIALIZED (
    SELECT i.policy, CASE WHEN l.destination = i.address THEN 'ingress' ELSE 'egress' END AS direction, l.protocol,
      l.dstport AS port, CASE WHEN l.destination = i.address THEN l.source ELSE l.destination END AS remote,
      count(*) AS records
    FROM log l JOIN interfaces i ON l.eni = i.eni AND (l.destination = i.address OR l.source = i.address)
    WHERE l.protocol IN (6, 17)
    GROUP BY ALL)
  SELECT (SELECT count(*) FROM log) AS judged,
    (SELECT count(*) FROM log WHERE action = 'ACCEPT') AS accepted,
    (SELECT count(*) FROM log WHERE action = 'REJECT') AS rejected,
    (SELECT coalesce(sum(records), 0) FROM sided s WHERE EXISTS (
      SELECT 1 FROM rules r WHERE r.policy = s.policy AND r.direction = s.direction
        AND r.protocol IN (-1, s.protocol) AND s.port BETWEEN r.low_port AND r.high_port
        AND s.remote BETWEEN r.low AND r.high)) AS admitted`);
const [row] = result.getRowObjects();
console.log(
  JSON.stringify(
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)])),
  ),
);
