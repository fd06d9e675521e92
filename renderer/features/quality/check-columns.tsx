import type { CheckTrend } from '../../../shared/contract/checks.contract.ts'
import { measureText } from '../../../shared/domain/measure-text.ts'
import { checkStatus, checkWord, IF_BROKEN } from '../../ui/check-status.ts'
import { countOf, formatAbsolute } from '../../ui/format.ts'
import { Status } from '../../ui/status.tsx'
import { TimeAgo } from '../../ui/time-ago.tsx'
import { TrendBars } from '../../ui/trend-bars.tsx'
import type { TableColumn } from '../../ui/virtual-table.tsx'

export const CHECK_COLUMNS: readonly TableColumn<CheckTrend>[] = [
  { id: 'state', header: 'State', width: '136px', cell: (check) => <Status status={checkStatus(check)} text={checkWord(check)} /> },
  { id: 'rule', header: 'Rule', width: 'minmax(0, 0.9fr)', cell: ({ rule }) => <span className='mono'>{rule}</span>, title: ({ rule, isCurrent }) => (isCurrent ? rule : `${rule}: the contract does not name it any more`) },
  { id: 'dataset', header: 'Dataset', width: 'minmax(0, 1.1fr)', cell: ({ dataset }) => <span className='mono'>{dataset}</span>, title: ({ dataset }) => dataset },
  { id: 'severity', header: 'If broken', width: '104px', cell: ({ severity }) => IF_BROKEN[severity] },
  { id: 'measure', header: 'Measured', width: '88px', numeric: true, cell: ({ measure }) => (measure === null ? '' : measureText(measure)) },
  { id: 'trend', header: 'Last runs', width: '116px', cell: (check) => <CheckTrendBars check={check} width={96} /> },
  { id: 'message', header: 'What was found', width: 'minmax(0, 1.2fr)', cell: ({ message }) => <span className='t2'>{message}</span>, title: ({ message }) => message },
  { id: 'at', header: 'When', width: '72px', numeric: true, cell: ({ at }) => <TimeAgo bare at={at} /> },
]

/** What a rule measured over the last runs; a rule that measures nothing shows whether it held. */
export function CheckTrendBars({ check, width, height = 18 }: { check: CheckTrend; width: number; height?: number }) {
  const { points, passed } = check
  return (
    <TrendBars
      values={points.map(({ measure, passed: held }) => (measure === null ? Number(!held) : Math.abs(measure.value)))}
      titles={points.map((point) => `#${point.runNumber}, v${point.version}, ${formatAbsolute(point.at)}: ${point.message}`)}
      summary={`${check.rule} over ${countOf(points.length, 'run')}: last ${check.message}`}
      flagged={!passed}
      width={width}
      height={height}
    />
  )
}
