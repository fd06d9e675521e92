import type { SourceFormat } from '../../workspace/model.ts'
import type { Connector } from './connector.ts'
import { arrowConnector } from './arrow/arrow.connector.ts'
import { csvConnector } from './csv.connector.ts'
import { duckdbConnector } from './duckdb.connector.ts'
import { fixedConnector } from './fixed.connector.ts'
import { jsonConnector } from './json.connector.ts'
import { ndjsonConnector } from './ndjson.connector.ts'
import { parquetConnector } from './parquet.connector.ts'
import { sqliteConnector } from './sqlite/sqlite.connector.ts'
import { xlsxConnector } from './xlsx/xlsx.connector.ts'
import { xmlConnector } from './xml/xml.connector.ts'

/** A new format is one connector file and one line here. */
export const CONNECTORS: Readonly<Record<SourceFormat, Connector>> = {
  csv: csvConnector,
  fixed: fixedConnector,
  json: jsonConnector,
  ndjson: ndjsonConnector,
  xml: xmlConnector,
  parquet: parquetConnector,
  xlsx: xlsxConnector,
  sqlite: sqliteConnector,
  duckdb: duckdbConnector,
  arrow: arrowConnector,
}
