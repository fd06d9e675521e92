import type { Connector } from './connector.ts'
import { extractRecords } from './extract-records.ts'
import { FixedSplitter } from './fixed-splitter.ts'

/** Text in columns of fixed width, one record a line. All columns are text unless declared. */
export const fixedConnector: Connector = {
  format: 'fixed',
  isText: true,
  extract: (job) => {
    const { source } = job
    const columns = source.fixed ?? []
    const typed = { ...source, columns: Object.fromEntries(columns.map(({ name }) => [name, (Object.hasOwn(source.columns, name) ? source.columns[name] : undefined) ?? 'VARCHAR'])) }
    return extractRecords({ ...job, source: typed }, { splitter: (options) => new FixedSplitter(options, { columns, csv: source.csv }), onMalformed: 'reject', areRejectsQuoted: true })
  },
}
