import type { Command } from 'commander'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import { asOfOption } from '../as-of-option.ts'
import type { Cli } from '../cli-session.ts'
import { formatAge, formatBytes, formatCount } from '../terminal/figures.ts'

/** `strata datasets`: every dataset with its current version. */
export function addDatasetsCommand(program: Command, cli: Cli): void {
  program
    .command('datasets')
    .description('list the datasets and their current versions')
    .addOption(asOfOption())
    .option('--json', 'one JSON document')
    .action(async ({ asOf, json }: { asOf?: RunRef; json?: boolean }) => {
      const datasets = await cli.withClient((client) => client.datasets.list(asOf === undefined ? undefined : { asOf }, { signal: cli.signal }))
      if (json === true) return cli.out.json(datasets)
      if (datasets.length === 0) return cli.out.line('No datasets: the workspace has no pipelines yet')
      const now = Date.now()
      cli.out.table(
        [{ header: 'dataset' }, { header: 'version', align: 'right' }, { header: 'rows', align: 'right' }, { header: 'size', align: 'right' }, { header: 'published' }],
        datasets.map((item) => [
          { text: item.dataset, style: item.version === null ? 'dim' : 'bold' },
          item.version === null ? '' : `v${item.version}`,
          formatCount(item.rowCount),
          formatBytes(item.sizeBytes),
          item.version === null ? { text: asOf === undefined ? 'not yet' : 'not then', style: 'dim' } : formatAge(item.publishedAt, now),
        ]),
      )
    })
}
