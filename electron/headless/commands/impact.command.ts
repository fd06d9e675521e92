import type { Command } from 'commander'
import type { AffectedColumn, ColumnImpact } from '../../../shared/contract/column-lineage.contract.ts'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import { asOfOption } from '../as-of-option.ts'
import type { Cli } from '../cli-session.ts'
import { parsePositive } from '../run-ref.ts'
import { formatCount } from '../terminal/figures.ts'
import type { Cell } from '../terminal/table.ts'

interface ImpactOptions {
  column?: string
  version?: number
  asOf?: RunRef
  json?: boolean
}

/** `strata impact drugs.curated.products --column approved_on`: what a change of it would reach. */
export function addImpactCommand(program: Command, cli: Cli): void {
  program
    .command('impact')
    .description('show what would be affected if a column, or a whole dataset, changed or went: columns, rules, gates, saved views, files handed out')
    .argument('<dataset>', 'data_type.zone.name')
    .option('--column <name>', 'only this column of it')
    .option('--version <number>', 'version; without it, the current one', parsePositive)
    .addOption(asOfOption())
    .option('--json', 'one JSON document')
    .action(async (dataset: string, { column, version, asOf, json }: ImpactOptions) => {
      const input = { dataset, ...(column === undefined ? {} : { column }), ...(version === undefined ? {} : { version }), ...(asOf === undefined ? {} : { asOf }) }
      const impact = await cli.withClient((client) => client.lineage.impact(input, { signal: cli.signal }))
      if (json === true) return cli.out.json(impact)
      printImpact(cli, impact)
    })
}

function printImpact({ out }: Cli, { dataset, version, column, columns, checks, gates, exports, views }: ColumnImpact): void {
  out.line(`${out.paint(column === null ? dataset : `${dataset}.${column}`, 'bold')} ${out.paint(`v${version}`, 'dim')}`)
  if (columns.length === 0) out.line('No other column depends on it')
  else {
    out.line(`${formatCount(columns.length)} columns in ${formatCount(new Set(columns.map((one) => one.dataset)).size)} datasets depend on it`)
    out.line()
    out.table([{ header: 'column' }, { header: 'how' }, { header: 'steps', align: 'right' }, { header: 'not known because', maxWidth: 80 }], columns.map(affectedCells))
  }
  if (checks.length > 0) {
    out.line()
    out.table([{ header: 'rule' }, { header: 'of' }, { header: 'severity' }], checks.map((check): Cell[] => [check.rule, check.dataset, check.severity]))
  }
  if (gates.length > 0) {
    out.line()
    out.table([{ header: 'gate' }, { header: 'shows' }], gates.map((gate): Cell[] => [`${gate.dataType} ${gate.gate}`, gate.dataset]))
  }
  if (views.length > 0) {
    out.line()
    out.table([{ header: 'saved view' }, { header: 'of' }], views.map((view): Cell[] => [view.name, view.dataset]))
  }
  if (exports.length === 0) return
  out.line()
  out.table([{ header: 'file handed out', maxWidth: 100 }, { header: 'of' }, { header: 'written' }], exports.map((one): Cell[] => [one.path, one.dataset, one.startedAt.slice(0, 16).replace('T', ' ')]))
}

function affectedCells({ dataset, column, ways, isValue, distance, maybe }: AffectedColumn): Cell[] {
  const how = maybe === null ? (isValue ? 'value' : ways.join(', ')) : 'maybe'
  return [`${dataset}.${column}`, { text: how, style: maybe === null ? (isValue ? 'green' : 'dim') : 'yellow' }, formatCount(distance), { text: maybe ?? '', style: 'dim' }]
}
