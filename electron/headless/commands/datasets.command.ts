import type { Command } from 'commander'
import type { Cli } from '../cli-session.ts'
import { formatAge, formatBytes, formatCount } from '../terminal/figures.ts'

/** `strata datasets`: every dataset with its current version. */
export function addDatasetsCommand(program: Command, cli: Cli): void {
  program
    .command('datasets')
    .description('list the datasets and their current versions')
    .option('--json', 'one JSON document')
    .action(async ({ json }: { json?: boolean }) => {
      const datasets = await cli.withClient((client) => client.datasets.list(undefined, { signal: cli.signal }))
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
          item.version === null ? { text: 'not yet', style: 'dim' } : formatAge(item.publishedAt, now),
        ]),
      )
    })
}
