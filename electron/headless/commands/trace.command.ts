import { type Command, InvalidArgumentError } from 'commander'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import type { Trace, TracedRecord, TraceStage } from '../../../shared/contract/trace.contract.ts'
import { traceWords } from '../../../shared/domain/trace-words.ts'
import { asOfOption } from '../as-of-option.ts'
import type { Cli } from '../cli-session.ts'
import { parseRows } from '../rows-json.ts'
import { parsePositive } from '../run-ref.ts'
import { rowObjects, tableCells, tableColumns } from '../terminal/row-formats.ts'
import type { Terminal } from '../terminal/terminal.ts'

interface TraceOptions {
  where: Record<string, string | null>
  column?: string
  version?: number
  asOf?: RunRef
  json?: boolean
}

/** `strata trace <dataset> --where key=value`: the rows behind a row or a value, stage by stage, down to file and line. */
export function addTraceCommand(program: Command, cli: Cli): void {
  program
    .command('trace')
    .description('show the rows that a row, or one value of it, was made from, stage by stage, down to file and line')
    .argument('<dataset>', 'data_type.zone.name')
    .requiredOption('--where <column=value>', 'which row; may be given again. "column=" alone asks for an empty cell', collectValue, {})
    .option('-c, --column <name>', 'only where the value of this column comes from')
    .option('--version <number>', 'version; without it, the current one', parsePositive)
    .addOption(asOfOption())
    .option('--json', 'one JSON document')
    .action(async (dataset: string, { where, column, version, asOf, json }: TraceOptions) => {
      const input = { dataset, where, ...(column === undefined ? {} : { column }), ...(version === undefined ? {} : { version }), ...(asOf === undefined ? {} : { asOf }) }
      const trace: Trace = await cli.withClient((client) => client.lineage.trace(input, { signal: cli.signal }))
      if (json === true) return cli.out.json({ ...trace, stages: trace.stages.map(({ rowsJson, ...stage }) => ({ ...stage, rows: rowObjects(stage.columns, parseRows(rowsJson)) })) })
      for (const stage of trace.stages) printStage(cli.out, stage)
    })
}

function collectValue(text: string, before: Record<string, string | null>): Record<string, string | null> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('Write column=value')
  const value = text.slice(at + 1)
  return { ...before, [text.slice(0, at)]: value === '' ? null : value }
}

function printStage(out: Terminal, stage: TraceStage): void {
  const into = stage.into.length === 0 ? '' : out.paint(`  → ${stage.into.join(', ')}`, 'dim')
  out.line(`${out.paint(stage.dataset, 'bold')} v${stage.version}${into}`)
  out.line(`  ${traceWords(stage)}`)
  const rows = parseRows(stage.rowsJson)
  if (rows.length > 0) out.table(tableColumns(stage.columns).map((column) => (stage.marked.includes(column.header) ? { ...column, header: `${column.header} *` } : column)), tableCells(rows))
  for (const record of stage.records) printRecord(out, record)
  out.line()
}

function printRecord(out: Terminal, { file, record, line, place, path, lines }: TracedRecord): void {
  const where = place ?? (line === null ? `record ${record}` : `line ${line}`)
  out.line(`  ${out.paint(`${file}, ${where}`, 'cyan')}  ${out.paint(path, 'dim')}`)
  for (const { number, text, isRecord } of lines) out.line(`  ${isRecord ? '▸' : ' '} ${String(number).padStart(6)}  ${text}`)
}
