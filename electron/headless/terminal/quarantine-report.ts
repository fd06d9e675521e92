import type { DatasetAccount, QuarantineDetail, QuarantineRecord } from '../../../shared/contract/quarantine.contract.ts'
import { actorText } from '../../../shared/domain/actor.ts'
import { accountText, rowsText } from '../../../shared/domain/record-account.ts'
import { plainText } from './plain-text.ts'
import type { Terminal } from './terminal.ts'

/** A record of the quarantine: why, what it holds, and where it stands in its file. */
export function showRecord(out: Terminal, detail: QuarantineDetail): void {
  const { record, raw, fields, lines } = detail
  out.line(`${out.paint(record.dataset, 'bold')}  ${record.state}${record.waits ? ', waits for a run' : ''}`)
  out.line(plainText(record.reason))
  for (const [name, value] of factsOf(record)) if (value !== '') out.line(`${out.paint(name.padEnd(8), 'dim')} ${plainText(value)}`)
  if (fields.length > 0) showFields(out, detail)
  out.line('')
  if (lines.length === 0) out.line(plainText(raw ?? ''))
  for (const { number, text, isRecord } of lines) out.line(`${isRecord ? '>' : ' '} ${String(number).padStart(6)}  ${isRecord ? out.paint(plainText(text), 'yellow') : plainText(text)}`)
}

function factsOf({ id, rule, file, line, record, firstRun, lastRun, decision }: QuarantineRecord): [string, string][] {
  return [
    ['id', id],
    ['rule', rule ?? 'could not be read'],
    ['file', file === null ? '' : `${file}, record ${record ?? '?'}${line === null ? '' : `, line ${line}`}`],
    ['seen', firstRun === lastRun ? `in #${firstRun}` : `in #${firstRun} to #${lastRun}`],
    ['decided', decision === null ? '' : `${decision.kind} by ${actorText(decision.actor)}${decision.forAll ? ', for all with this reason' : ''}: ${decision.reason}`],
  ]
}

function showFields(out: Terminal, { record, fields }: QuarantineDetail): void {
  const corrected = record.decision?.fields ?? {}
  out.line('')
  out.table(
    [{ header: 'column' }, { header: 'type' }, { header: 'value', maxWidth: 60 }, { header: 'corrected', maxWidth: 40 }],
    fields.map(({ column, type, value }) => [column, type, value ?? 'null', column in corrected && corrected[column] !== value ? { text: corrected[column] ?? 'null', style: 'cyan' as const } : '']),
  )
}

/** The sums of the last version of each dataset. */
export function showAccounts(out: Terminal, accounts: readonly DatasetAccount[]): void {
  if (accounts.length === 0) return out.line('No version was made yet')
  out.table(
    [{ header: 'dataset' }, { header: 'version' }, { header: 'run' }, { header: 'records' }],
    accounts.flatMap(({ dataset, isDelivered, versions: [last] }) => (last === undefined ? [] : [[{ text: dataset, style: 'bold' as const }, `v${last.version}`, `#${last.runNumber}`, isDelivered ? accountText(last) : rowsText(last)]])),
  )
}
