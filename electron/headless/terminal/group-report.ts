import type { GroupMember, RunGroup } from '../../../shared/contract/groups.contract.ts'
import { workedMs } from '../../../shared/domain/run-duration.ts'
import { FINISHED_RUN_STATES } from '../../../shared/domain/run-status.ts'
import { formatCount, formatDuration } from './figures.ts'
import type { Paint } from './paint.ts'
import { plainText } from './plain-text.ts'
import { stateCell } from './state-mark.ts'
import { type Cell, formatTable, type TableColumn } from './table.ts'

const COLUMNS: readonly TableColumn[] = [
  { header: 'run' },
  { header: 'state' },
  { header: 'steps', align: 'right' },
  { header: 'rows', align: 'right' },
  { header: 'took', align: 'right' },
  { header: 'reads', maxWidth: 40 },
  { header: 'what happens', maxWidth: 70 },
]

/** "group 3  ✓ succeeded  3 of 3 runs are over". */
export function groupHead({ group, state, degraded, runs }: RunGroup, paint: Paint): string {
  const cell = stateCell(state, degraded)
  const over = runs.filter((run) => FINISHED_RUN_STATES.has(run.state)).length
  return [paint(`group ${group}`, 'bold'), typeof cell === 'string' ? cell : paint(cell.text, cell.style), `${over} of ${runs.length} runs are over`].join('  ')
}

/** Its runs in the order in which they read each other, then what got none. */
export function groupLines({ runs, leftOut }: RunGroup, paint: Paint, now: number): string[] {
  return [
    ...formatTable(COLUMNS, runs.map((run) => memberCells(run, now)), paint),
    ...leftOut.map(({ dataType, reason }) => paint(`! ${dataType} got no run: ${plainText(reason)}`, 'yellow')),
  ]
}

function memberCells(run: GroupMember, now: number): Cell[] {
  const tookMs = workedMs(run, now)
  return [
    { text: `${run.dataType}#${run.runNumber}`, style: 'bold' },
    stateCell(run.state, run.degraded),
    `${run.steps.done} of ${run.steps.total}`,
    formatCount(run.rowsOut),
    tookMs === null ? '' : formatDuration(tookMs),
    run.reads.map(({ dataType }) => dataType).join(', '),
    run.summary,
  ]
}
