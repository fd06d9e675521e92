import { type Command, Option } from 'commander'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import type { Cli } from '../cli-session.ts'
import { parseRows } from '../rows-json.ts'
import { asOfOption } from '../as-of-option.ts'
import { parsePositive } from '../run-ref.ts'
import { formatCount, formatDuration } from '../terminal/figures.ts'
import { csvLines, rowObjects, tableCells, tableColumns } from '../terminal/row-formats.ts'

interface QueryOptions {
  format: 'table' | 'csv' | 'json'
  limit: number
  asOf?: RunRef
}

/** `strata query "<SQL>"`: one SELECT over the current versions, or those of a moment, in the locked sandbox. */
export function addQueryCommand(program: Command, cli: Cli): void {
  program
    .command('query')
    .description('run one SELECT over the current versions; datasets are named data_type.zone.name')
    .argument('<sql>', 'the SELECT')
    .addOption(new Option('--format <format>', 'of the result').choices(['table', 'csv', 'json']).default('table'))
    .option('-n, --limit <number>', 'rows at most', parsePositive, 10_000)
    .addOption(asOfOption())
    .option('--json', 'the same as --format json')
    .action(async (sql: string, { format, limit, asOf, json }: QueryOptions & { json?: boolean }) => {
      const result = await cli.withClient((client) => client.query.run({ sql, limit, ...(asOf === undefined ? {} : { asOf }) }, { signal: cli.signal }))
      const rows = parseRows(result.rowsJson)
      if (json === true || format === 'json') cli.out.json(rowObjects(result.columns, rows))
      else if (format === 'csv') cli.out.raw(csvLines(result.columns, rows).map((line) => `${line}\n`).join(''))
      else cli.out.table(tableColumns(result.columns), tableCells(rows))
      if (format === 'table' && json !== true) cli.out.note(`${formatCount(result.rowCount)} ${result.rowCount === 1 ? 'row' : 'rows'} in ${formatDuration(result.tookMs)}`)
      if (result.truncated) cli.out.note(`Only the first ${formatCount(limit)} rows; more with --limit, all with: strata export`)
    })
}
