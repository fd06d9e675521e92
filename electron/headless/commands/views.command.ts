import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import type { Cli } from '../cli-session.ts'
import { formatAge } from '../terminal/figures.ts'

/** `strata views`: ways to look at a dataset that are kept under a name, as files in the workspace's folder views. */
export function addViewsCommand(program: Command, cli: Cli): void {
  const views = program.command('views').description('saved views: filters, order and columns under a name, which are the .json files in the folder views')
  views
    .command('list', { isDefault: true })
    .description('saved views, by name')
    .argument('[dataset]', 'only those of data_type.zone.name')
    .option('--json', 'one JSON document')
    .action(async (dataset: string | undefined, { json }: { json?: boolean }) => {
      const found = await cli.withClient((client) => client.views.list(dataset === undefined ? {} : { dataset }, { signal: cli.signal }))
      if (json === true) return cli.out.json(found)
      for (const { file, reason } of found.unreadable) cli.out.line(`${file} is no view: ${reason}`)
      if (found.views.length === 0) return cli.out.line('No saved views yet. Save one in the window, below the list of datasets')
      const now = Date.now()
      cli.out.table(
        [{ header: 'name' }, { header: 'dataset' }, { header: 'filters', align: 'right' }, { header: 'order', maxWidth: 50 }, { header: 'changed' }],
        found.views.map(({ name, dataset: of, query, modifiedAt }) => [
          { text: name, style: 'bold' as const }, of, String(query.filter.length),
          query.sort.map(({ column, direction }) => (direction === 'desc' ? `${column} descending` : column)).join(', '), formatAge(modifiedAt, now),
        ]),
      )
    })
  views
    .command('rename')
    .description('give a view another name')
    .argument('<name>')
    .argument('<to>')
    .action(async (name: string, to: string) => {
      const { file } = await cli.withClient((client) => client.views.rename({ commandId: randomUUID(), name, to }))
      cli.out.line(`Kept as ${file}`)
    })
  views
    .command('remove')
    .description('remove a saved view')
    .argument('<name>')
    .action(async (name: string) => {
      const { isRemoved } = await cli.withClient((client) => client.views.remove({ commandId: randomUUID(), name }))
      cli.out.line(isRemoved ? `The view "${name}" is removed` : `There is no view "${name}"`)
    })
}
