import type { Command } from 'commander'
import type { EntityData } from '../../../shared/contract/entities.contract.ts'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import type { Cli } from '../cli-session.ts'
import { parseRows } from '../rows-json.ts'
import { asOfOption } from '../as-of-option.ts'
import { parsePositive, runName } from '../run-ref.ts'
import { formatAge, formatCount } from '../terminal/figures.ts'
import { rowObjects, tableCells, tableColumns } from '../terminal/row-formats.ts'
import type { Terminal } from '../terminal/terminal.ts'

/** `strata entity <id>`: one entity at every stage of every data type, and what runs did to it. */
export function addEntityCommand(program: Command, cli: Cli): void {
  program
    .command('entity')
    .description('show one entity in every dataset that knows it, and what runs did to it')
    .argument('<id>', 'the value of its key')
    .option('-n, --limit <number>', 'rows of each dataset at most', parsePositive, 10)
    .addOption(asOfOption())
    .option('--json', 'one JSON document')
    .action(async (entityId: string, { limit, asOf, json }: { limit: number; asOf?: RunRef; json?: boolean }) => {
      const input = { entityId, limit, ...(asOf === undefined ? {} : { asOf }) }
      const data = await cli.withClient((client) => client.entities.getDataForEntity(input, { signal: cli.signal }))
      if (json === true) return cli.out.json({ ...data, slices: data.slices.map(({ rowsJson, ...slice }) => ({ ...slice, rows: rowObjects(slice.columns, parseRows(rowsJson)) })) })
      printEntity(cli.out, data, limit)
    })
}

function printEntity(out: Terminal, { entityId, slices, history }: EntityData, limit: number): void {
  if (slices.length === 0 && history.length === 0) return out.line(`No dataset knows ${entityId}`)
  for (const slice of slices) {
    const more = slice.rowCount > limit ? `, the first ${formatCount(limit)} shown` : ''
    out.line(`${out.paint(slice.dataset, 'bold')} v${slice.version}: ${formatCount(slice.rowCount)} ${slice.rowCount === 1 ? 'row' : 'rows'} by ${slice.keyColumn}${more}`)
    out.table(tableColumns(slice.columns), tableCells(parseRows(slice.rowsJson)))
    out.line()
  }
  if (history.length === 0) return
  const now = Date.now()
  out.table(
    [{ header: 'run' }, { header: 'dataset' }, { header: 'state' }, { header: 'rows', align: 'right' }, { header: 'when' }, { header: 'error', maxWidth: 80 }],
    history.map((entry) => [runName(entry), entry.dataset, entry.state, formatCount(entry.rows), formatAge(entry.at, now), { text: entry.error ?? '', style: 'red' }]),
  )
}
