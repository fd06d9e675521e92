import { type Command, InvalidArgumentError } from 'commander'
import type { z } from 'zod'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import type { columnLayoutSchema } from '../../../shared/domain/column-layout.ts'
import { groupSort, hasGroups } from '../../../shared/domain/pivot.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { Cli } from '../cli-session.ts'
import type { StrataClient } from '../client.ts'
import { findView } from '../find-view.ts'
import { asOfOption } from '../as-of-option.ts'
import { type ExportFile, exportFileOf, followExport } from '../follow-export.ts'
import { parsePositive } from '../run-ref.ts'
import { formatBytes, formatCount } from '../terminal/figures.ts'

interface ExportOptions {
  view?: string
  to: ExportFile
  version?: number
  asOf?: RunRef
  overwrite?: boolean
  json?: boolean
}

type ColumnLayout = z.infer<typeof columnLayoutSchema>

/** `strata export <dataset> --to FILE`: a dataset at a version, or what a saved view shows of it, as a file with its manifest beside it. */
export function addExportCommand(program: Command, cli: Cli): void {
  program
    .command('export')
    .description('write a dataset to a file; its ending, .csv or .parquet, is the format')
    .argument('[dataset]', 'data_type.zone.name; not with --view')
    .option('--view <name>', 'what this saved view shows: its filters, order and columns, or its groups')
    .requiredOption('--to <file>', 'file to write', parseTarget)
    .option('--version <number>', 'version; without it, the current one', parsePositive)
    .addOption(asOfOption())
    .option('--overwrite', 'replace the file when it exists')
    .option('--json', 'one JSON document')
    .action(async (dataset: string | undefined, options: ExportOptions) => {
      const { to, overwrite = false, json = false, view } = options
      const done = await cli.withClient(async (client) => followExport({ cli, client, json }, { ...(await subjectOf(client, { dataset, view }, options)), ...to, overwrite, ...momentOf(options) }))
      if (json) return cli.out.json(done)
      cli.out.line(`${done.dataset} v${done.version}: ${formatCount(done.rowCount)} rows, ${formatBytes(done.sizeBytes)}, in ${done.path}`)
    })
}

type Subject = Pick<Parameters<typeof followExport>[1], 'dataset' | 'query' | 'columns' | 'pivot'>

/** All of a dataset, or what a view shows. */
async function subjectOf(client: StrataClient, { dataset, view }: { dataset: string | undefined; view: string | undefined }, options: Pick<ExportOptions, 'version' | 'asOf'>): Promise<Subject> {
  if (dataset !== undefined && view === undefined) return { dataset }
  if (dataset !== undefined || view === undefined) throw new ProblemError('BAD_INPUT', 'Name a dataset or a view', { hint: 'strata export data_type.zone.name --to FILE, or strata export --view NAME --to FILE' })
  const found = await findView(client, view)
  if (found.pivot !== undefined && hasGroups(found.pivot)) {
    const { sort, ...pivot } = found.pivot
    return { dataset: found.dataset, query: { sort: groupSort(sort, found.pivot), filter: found.query.filter }, pivot }
  }
  const { columns } = await client.datasets.get({ dataset: found.dataset, ...momentOf(options) })
  return { dataset: found.dataset, query: found.query, columns: shownColumns(columns.map(({ name }) => name), found.layout) }
}

/** As the window arranges them: pinned first, then in their order; those that are not named come after. */
function shownColumns(names: readonly string[], { order, hidden, pinned }: ColumnLayout): string[] {
  const place = (name: string, i: number): number => (order.includes(name) ? order.indexOf(name) : order.length + i)
  const arranged = names.map((name, i) => ({ name, at: place(name, i) + (pinned === null || pinned.includes(name) ? 0 : names.length + order.length) })).toSorted((a, b) => a.at - b.at)
  return arranged.map(({ name }) => name).filter((name) => !hidden.includes(name))
}

/** Which version: by its number, as of a run, or the current one. */
function momentOf({ version, asOf }: Pick<ExportOptions, 'version' | 'asOf'>): Pick<ExportOptions, 'version' | 'asOf'> {
  return { ...(version === undefined ? {} : { version }), ...(asOf === undefined ? {} : { asOf }) }
}

export function parseTarget(text: string): ExportFile {
  const file = exportFileOf(text)
  if (file === null) throw new InvalidArgumentError('The file must end in .csv or .parquet.')
  return file
}
