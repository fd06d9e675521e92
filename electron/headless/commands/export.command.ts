import { type Command, InvalidArgumentError } from 'commander'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import type { Cli } from '../cli-session.ts'
import { asOfOption } from '../as-of-option.ts'
import { type ExportFile, exportFileOf, followExport } from '../follow-export.ts'
import { parsePositive } from '../run-ref.ts'
import { formatBytes, formatCount } from '../terminal/figures.ts'

interface ExportOptions {
  to: ExportFile
  version?: number
  asOf?: RunRef
  overwrite?: boolean
  json?: boolean
}

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
      const { to, overwrite = false, json = false } = options
      const done = await cli.withClient((client) => followExport({ cli, client, json }, { dataset, ...to, overwrite, ...momentOf(options) }))
      if (json) return cli.out.json(done)
      cli.out.line(`${done.dataset} v${done.version}: ${formatCount(done.rowCount)} rows, ${formatBytes(done.sizeBytes)}, in ${done.path}`)
    })
}

/** Which version: by its number, as of a run, or the current one. */
function momentOf({ version, asOf }: ExportOptions): Pick<ExportOptions, 'version' | 'asOf'> {
  return { ...(version === undefined ? {} : { version }), ...(asOf === undefined ? {} : { asOf }) }
}

export function parseTarget(text: string): ExportFile {
  const file = exportFileOf(text)
  if (file === null) throw new InvalidArgumentError('The file must end in .csv or .parquet.')
  return file
}
