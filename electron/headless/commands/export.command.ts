import { randomUUID } from 'node:crypto'
import { type Command, InvalidArgumentError } from 'commander'
import { extname, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type Export, type ExportFormat, exportFormatSchema } from '../../../shared/contract/exports.contract.ts'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { Cli } from '../cli-session.ts'
import type { StrataClient } from '../client.ts'
import { asOfOption } from '../as-of-option.ts'
import { parsePositive } from '../run-ref.ts'
import { formatBytes, formatCount, formatShare } from '../terminal/figures.ts'
import { createLiveBlock } from '../terminal/live-block.ts'

interface ExportOptions {
  to: { path: string; format: ExportFormat }
  version?: number
  asOf?: RunRef
  overwrite?: boolean
  json?: boolean
}

const POLL_MS = 100

/** `strata export <dataset> --to FILE`: a dataset at a version as a file, with its manifest beside it. */
export function addExportCommand(program: Command, cli: Cli): void {
  program
    .command('export')
    .description('write a dataset to a file; its ending, .csv or .parquet, is the format')
    .argument('<dataset>', 'data_type.zone.name')
    .requiredOption('--to <file>', 'file to write', parseTarget)
    .option('--version <number>', 'version; without it, the current one', parsePositive)
    .addOption(asOfOption())
    .option('--overwrite', 'replace the file when it exists')
    .option('--json', 'one JSON document')
    .action(async (dataset: string, options: ExportOptions) => {
      const done = await cli.withClient((client) => runExport({ cli, client, dataset, options }))
      if (options.json === true) return cli.out.json(done)
      cli.out.line(`${done.dataset} v${done.version}: ${formatCount(done.rowCount)} rows, ${formatBytes(done.sizeBytes)}, in ${done.path}`)
    })
}

async function runExport({ cli, client, dataset, options }: { cli: Cli; client: StrataClient; dataset: string; options: ExportOptions }): Promise<Export> {
  const { to, overwrite = false, json = false } = options
  let state = await client.exports.start({
    commandId: randomUUID(),
    dataset,
    format: to.format,
    path: to.path,
    overwrite,
    ...momentOf(options),
  })
  const { id } = state
  const block = cli.out.isLive && !json ? createLiveBlock(cli.out) : null
  try {
    while (state.state === 'running') {
      block?.draw([`▸ writing ${dataset}  ${formatShare(state.share)}`])
      await wait(POLL_MS)
      state = cli.signal.aborted ? await client.exports.cancel({ id }) : await client.exports.get({ id })
    }
  } finally {
    block?.end()
  }
  if (state.state === 'cancelled') throw new ProblemError('CANCELLED', `Cancelled: ${to.path} was not written`)
  if (state.problem !== null) throw ProblemError.from(state.problem)
  return state
}

/** Which version: by its number, as of a run, or the current one. */
function momentOf({ version, asOf }: ExportOptions): Pick<ExportOptions, 'version' | 'asOf'> {
  return { ...(version === undefined ? {} : { version }), ...(asOf === undefined ? {} : { asOf }) }
}

function parseTarget(text: string): ExportOptions['to'] {
  const format = exportFormatSchema.safeParse(extname(text).slice(1).toLowerCase())
  if (!format.success) throw new InvalidArgumentError('The file must end in .csv or .parquet.')
  return { path: resolve(text), format: format.data }
}
