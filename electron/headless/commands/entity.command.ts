import type { Command } from 'commander'
import type { EntityData, EntityEvent } from '../../../shared/contract/entities.contract.ts'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import type { Cli } from '../cli-session.ts'
import { parseRows } from '../rows-json.ts'
import { asOfOption } from '../as-of-option.ts'
import { parsePositive, runName } from '../run-ref.ts'
import { formatAge, formatCount } from '../terminal/figures.ts'
import { rowObjects, tableCells, tableColumns } from '../terminal/row-formats.ts'
import type { Cell } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'

const EVENTS = 50

/** `strata entity <id>`: one entity at every stage of every data type, and what runs did to it. */
export function addEntityCommand(program: Command, cli: Cli): void {
  program
    .command('entity')
    .description('show one entity in every dataset that knows it, and what runs did to it')
    .argument('<id>', 'the value of its key')
    .option('-n, --limit <number>', 'rows of each dataset at most', parsePositive, 10)
    .addOption(asOfOption())
    .option('--timeline', 'what changed when: where it appeared, changed and went, over everything that was published')
    .option('--json', 'one JSON document')
    .action(async (entityId: string, { limit, asOf, timeline, json }: { limit: number; asOf?: RunRef; timeline?: boolean; json?: boolean }) => {
      if (timeline === true) return tellTimeline(cli, entityId, json === true)
      const input = { entityId, limit, ...(asOf === undefined ? {} : { asOf }) }
      const data = await cli.withClient((client) => client.entities.getDataForEntity(input, { signal: cli.signal }))
      if (json === true) return cli.out.json({ ...data, slices: data.slices.map(({ rowsJson, ...slice }) => ({ ...slice, rows: rowObjects(slice.columns, parseRows(rowsJson)) })) })
      printEntity(cli.out, data, limit)
    })
}

async function tellTimeline(cli: Cli, entityId: string, json: boolean): Promise<void> {
  const found = await cli.withClient((client) => client.entities.timeline({ entityId, limit: EVENTS }, { signal: cli.signal }))
  if (json) return cli.out.json(found)
  if (found.events.length === 0) return cli.out.line(`Nothing about ${entityId} changed in ${formatCount(found.lookedAt)} publications`)
  const now = Date.now()
  cli.out.table(
    [{ header: 'when' }, { header: 'publication' }, { header: 'dataset' }, { header: 'what' }, { header: 'row', maxWidth: 40 }, { header: 'column' }, { header: 'from', maxWidth: 40 }, { header: 'to', maxWidth: 40 }],
    found.events.flatMap((event) => eventLines(event, now)),
  )
  if (found.next !== null) cli.out.note('There is more before that: the entity page in the window goes on')
}

function eventLines({ at, publication, dataset, kind, note, rows, moreRows }: EntityEvent, now: number): Cell[][] {
  const head: Cell[] = [formatAge(at, now), publication.runNumber === null ? `${publication.dataType} ${publication.kind}` : runName({ dataType: publication.dataType, runNumber: publication.runNumber }), dataset, { text: kind, style: 'bold' }]
  const lines = rows.flatMap((row): Cell[][] => row.cells.map(({ column, from, to }) => [row.kind === 'changed' ? row.key.map(({ value }) => value ?? 'null').join(' ') : `row ${row.kind}`, column, from ?? '', to ?? '']))
  if (note !== null) lines.push([note, '', '', ''])
  if (moreRows > 0) lines.push([`and ${formatCount(moreRows)} more`, '', '', ''])
  return lines.map((line, index) => [...(index === 0 ? head : ['', '', '', '']), ...line])
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
