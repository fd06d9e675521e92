import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { CheckPoint, CheckTrend } from '../../../shared/contract/checks.contract.ts'
import { measureText } from '../../../shared/domain/measure-text.ts'
import { useApi } from '../../api/api.tsx'
import { FailingRows } from '../../grid/failing-rows.tsx'
import { dataAddress, quarantineAddress, runAddress } from '../../ui/addresses.ts'
import { PanelHead } from '../../ui/bars.tsx'
import { LinkButton } from '../../ui/button.tsx'
import { checkStatus, checkWord } from '../../ui/check-status.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { countOf, formatAbsolute, formatCount } from '../../ui/format.ts'
import { StatusMark } from '../../ui/status.tsx'
import { TimeAgo } from '../../ui/time-ago.tsx'
import { CheckTrendBars } from './check-columns.tsx'

const POINTS = 100
const HISTORY_PX = 236

/** A rule's results over the runs at the left, the rows that break it in the chosen one at the right. */
export function CheckDetail({ check }: { check: CheckTrend }) {
  const { queries } = useApi()
  const { dataset, rule } = check
  const trend = useQuery(queries.checks.trend.queryOptions({ input: { dataset, rule, limit: POINTS } }))
  const points = trend.data?.points ?? check.points.toReversed()
  const [runNumber, setRunNumber] = useState<number | null>(null)
  const chosen = points.find((point) => point.runNumber === runNumber) ?? points[0]
  if (chosen === undefined) return null
  return (
    <section className='check-panel' aria-label={rule}>
      <PanelHead title={<span className='mono'>{rule}</span>} remark={chosen.message}>
        {chosen.severity === 'quarantine' && !chosen.passed && <LinkButton small icon='quality' href={quarantineAddress({ dataType: check.dataType, dataset, signature: rule })}>Work through them</LinkButton>}
        <LinkButton small variant={checkStatus(chosen) === 'failed' ? 'plain' : 'quiet'} href={runAddress({ dataType: check.dataType, runNumber: chosen.runNumber }, 'checks')}>{checkStatus(chosen) === 'failed' ? 'Decide in ' : ''}{check.dataType} #{chosen.runNumber}</LinkButton>
        <LinkButton small variant='quiet' icon='table' href={dataAddress(dataset, { v: chosen.version })}>Data of v{chosen.version}</LinkButton>
      </PanelHead>
      <div className='check-body'>
        <div className='check-history'>
          <CheckTrendBars check={{ ...check, points: points.toReversed() }} width={HISTORY_PX} height={44} />
          <ol className='check-points scroll' aria-label={`Results of ${rule}`}>
            {points.map((point) => (
              <li key={point.runNumber}>
                <button type='button' aria-pressed={point === chosen} onClick={() => setRunNumber(point.runNumber)} title={`${formatAbsolute(point.at)}: ${point.message}`}>
                  <StatusMark status={checkStatus(point)} size={12} />
                  <span>{checkWord(point)}</span>
                  <span className='num'>{point.measure === null ? '' : measureText(point.measure)}</span>
                  <span className='t3'>#{point.runNumber}, v{point.version}</span>
                  <span className='t3 num'><TimeAgo bare at={point.at} /></span>
                </button>
              </li>
            ))}
          </ol>
        </div>
        <Rows dataset={dataset} point={chosen} />
      </div>
    </section>
  )
}

function Rows({ dataset, point }: { dataset: string; point: CheckPoint }) {
  const { version, rule, passed, failingRows, keptRows, message } = point
  if (keptRows === 0) return <div className='check-rows'><EmptyState inline title={passed ? 'The rule holds' : 'There are no rows to show'}>{message}{passed || failingRows !== null ? '' : ': it is about the table as a whole'}.</EmptyState></div>
  return (
    <div className='check-rows'>
      <p className='check-count s12 t2'>{countOf(failingRows ?? keptRows, 'row')} {failingRows === 1 ? 'breaks' : 'break'} the rule{keptRows < (failingRows ?? 0) ? `, the first ${formatCount(keptRows)} were kept` : ''}</p>
      <FailingRows dataset={dataset} version={version} rule={rule} keptRows={keptRows} />
    </div>
  )
}
