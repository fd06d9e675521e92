import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { columnLayoutSchema } from '../../../shared/domain/column-layout.ts'
import { type Grouping, pivotColumns, type PivotMeasure, pivotViewSchema } from '../../../shared/domain/pivot.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { Filter, Sort } from '../../../shared/domain/table-query.ts'
import type { Cli } from '../cli-session.ts'
import type { StrataClient } from '../client.ts'
import { addGroupings, addMeasures, addNames, addSorts } from '../column-options.ts'
import { formatAge } from '../terminal/figures.ts'

interface SaveOptions {
  filter: string[]
  sort: Sort[]
  hide: string[]
  rows: Grouping[]
  columns: Grouping[]
  values: PivotMeasure[]
  replace?: boolean
  json?: boolean
}

/** A view of columns that are not there would be one of nothing: they and the conditions are judged before it is kept. */
async function checkNames(client: StrataClient, { dataset, names, filter }: { dataset: string; names: readonly string[]; filter: readonly string[] }): Promise<void> {
  const { columns } = await client.datasets.get({ dataset })
  const known = columns.map(({ name }) => name)
  const missing = names.find((name) => !known.includes(name))
  if (missing !== undefined) throw new ProblemError('BAD_INPUT', `${dataset} has no column "${missing}"`, { hint: `Columns: ${known.join(', ')}` })
  for (const sql of filter) {
    const verdict = await client.datasets.judge({ dataset, test: { op: 'expression', sql } })
    if (verdict !== null) throw new ProblemError('BAD_INPUT', verdict.message, { hint: verdict.hint })
  }
}

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
      if (found.views.length === 0) return cli.out.line('No saved views yet. Save one with strata views save, or in the window below the list of datasets')
      const now = Date.now()
      cli.out.table(
        [{ header: 'name' }, { header: 'dataset' }, { header: 'filters', align: 'right' }, { header: 'order', maxWidth: 50 }, { header: 'changed' }],
        found.views.map(({ name, dataset: of, query, modifiedAt }) => [
          { text: name, style: 'bold' as const }, of, String(query.filter.length),
          query.sort.map(({ column, direction }) => (direction === 'desc' ? `${column} descending` : column)).join(', '), formatAge(modifiedAt, now),
        ]),
      )
    })
  addSaveCommand(views, cli)
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

function addSaveCommand(views: Command, cli: Cli): void {
  views
    .command('save')
    .description('keep filters, order and hidden columns of a dataset under a name')
    .argument('<name>')
    .argument('<dataset>', 'data_type.zone.name')
    .option('--filter <condition>', 'only rows for which this SQL condition is true; may be given again', (text: string, before: string[]) => [...before, text], [])
    .option('--sort <columns>', 'order, by comma; - before a name: descending', addSorts, [])
    .option('--hide <columns>', 'columns that are not shown, by comma', addNames, [])
    .option('--rows <columns>', 'groups of the rows by these, by comma, as in strata pivot', addGroupings, [])
    .option('--columns <columns>', 'with their values across', addGroupings, [])
    .option('--values <measures>', 'what to compute of each group, such as sum:amount', addMeasures, [])
    .option('--replace', 'also where there is another view of that name')
    .option('--json', 'one JSON document')
    .action(async (name: string, dataset: string, { filter, sort, hide, rows, columns, values, replace = false, json = false }: SaveOptions) => {
      const isGrouped = rows.length + columns.length > 0
      const saved = await cli.withClient(async (client) => {
        await checkNames(client, { dataset, names: [...hide, ...(isGrouped ? pivotColumns({ rows, columns, values }) : sort.map(({ column }) => column))], filter })
        const layout = columnLayoutSchema.parse({ order: [], hidden: hide, pinned: null, widths: {} })
        const query = { sort: isGrouped ? [] : sort, filter: filter.map((sql): Filter => ({ op: 'expression', sql })) }
        const pivot = isGrouped ? pivotViewSchema.parse({ rows, columns, sort, ...(values.length === 0 ? {} : { values }) }) : undefined
        return client.views.save({ commandId: randomUUID(), name, replace, view: { dataset, query, layout, ...(pivot === undefined ? {} : { pivot }) } })
      })
      if (json) cli.out.json(saved)
      else cli.out.line(`Kept as ${saved.file}`)
    })
}
