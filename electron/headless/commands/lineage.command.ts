import { type Command, Option } from 'commander'
import type { LineageGraph } from '../../../shared/contract/lineage.contract.ts'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import type { Cli } from '../cli-session.ts'
import { asOfOption } from '../as-of-option.ts'
import { parsePositive } from '../run-ref.ts'
import { lineageTree } from '../terminal/lineage-tree.ts'

interface LineageOptions {
  version?: number
  asOf?: RunRef
  direction: 'upstream' | 'downstream' | 'both'
  hops?: number
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
    .option('--json', 'one JSON document')
    .action(async (focus: string, { version, asOf, direction, hops, json }: LineageOptions) => {
      const input = { focus, direction, ...(version === undefined ? {} : { version }), ...(asOf === undefined ? {} : { asOf }), ...(hops === undefined ? {} : { hops }) }
      const graph: LineageGraph = await cli.withClient((client) => client.lineage.graph(input, { signal: cli.signal }))
      if (json === true) return cli.out.json(graph)
      for (const line of lineageTree(graph, focus, cli.out.paint)) cli.out.line(line)
    })
}
