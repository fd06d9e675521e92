import { type Command, Option } from 'commander'
import type { LineageGraph } from '../../../shared/contract/lineage.contract.ts'
import { closestName } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import type { Cli } from '../cli-session.ts'
import { asOfOption } from '../as-of-option.ts'
import { parsePositive } from '../run-ref.ts'
import { columnTree } from '../terminal/column-tree.ts'
import { lineageTree } from '../terminal/lineage-tree.ts'

interface LineageOptions {
  version?: number
  asOf?: RunRef
  direction: 'upstream' | 'downstream' | 'both'
  hops?: number
  column?: string
  indirect?: boolean
  json?: boolean
}

/** `strata lineage <dataset>`: which versions it was made from, down to the files, and what was made from it. */
export function addLineageCommand(program: Command, cli: Cli): void {
  program
    .command('lineage')
    .description('show which versions a dataset was made from, down to the delivered files, and what was made from it')
    .argument('<dataset>', 'data_type.zone.name')
    .option('--version <number>', 'version; without it, the current one', parsePositive)
    .addOption(asOfOption())
    .addOption(new Option('--direction <direction>', 'where to look').choices(['upstream', 'downstream', 'both']).default('both'))
    .option('--hops <number>', 'how far', parsePositive)
    .option('--column <name>', 'what this column comes from, column by column')
    .option('--indirect', 'with --column: also follow what decides which rows there are, or how they are put together')
    .option('--json', 'one JSON document')
    .action(async (focus: string, { version, asOf, direction, hops, column, indirect = false, json }: LineageOptions) => {
      const input = { focus, direction, ...(version === undefined ? {} : { version }), ...(asOf === undefined ? {} : { asOf }), ...(hops === undefined ? {} : { hops }) }
      if (column !== undefined) return showColumn(cli, { ...input, direction: 'upstream' }, { column, indirect, json })
      const graph: LineageGraph = await cli.withClient((client) => client.lineage.graph(input, { signal: cli.signal }))
      if (json === true) return cli.out.json(graph)
      for (const line of lineageTree(graph, focus, cli.out.paint)) cli.out.line(line)
    })
}

interface ColumnsInput {
  focus: string
  direction: 'upstream'
  version?: number
  asOf?: RunRef
  hops?: number
}

async function showColumn(cli: Cli, input: ColumnsInput, { column, indirect, json }: { column: string; indirect: boolean; json: boolean | undefined }): Promise<void> {
  const { datasets } = await cli.withClient((client) => client.lineage.columns(input, { signal: cli.signal }))
  const columns = datasets.find(({ dataset }) => dataset === input.focus)?.columns.map((one) => one.column) ?? []
  const known = columns.find((one) => one.toLowerCase() === column.toLowerCase())
  if (known === undefined) {
    const hint = closestName(column, columns)
    throw new ProblemError('BAD_INPUT', `${input.focus} has no column "${column}"`, { hint: hint === null ? `Columns: ${columns.slice(0, 20).join(', ')}` : `Did you mean "${hint}"?` })
  }
  if (json === true) return cli.out.json({ dataset: input.focus, column: known, datasets })
  for (const line of columnTree(datasets, { dataset: input.focus, column: known, indirect }, cli.out.paint)) cli.out.line(line)
}
