import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { lazy, type Ref, Suspense, useMemo, useRef, useState } from 'react'
import type { ChartData, ChartSpec } from '../../../shared/domain/chart.ts'
import type { Column, Filter } from '../../../shared/domain/table-query.ts'
import { IMMUTABLE, useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { countOf, formatDuration } from '../../ui/format.ts'
import { handOver } from '../../ui/hand-over.ts'
import { LoadingState } from '../../ui/loading-state.tsx'
import type { ChartPictures } from './chart-canvas.tsx'
import type { DrawnChart } from './chart-option.ts'
import { ChartForm } from './chart-form.tsx'
import { chartAccount, chartTitle, tableHead } from './chart-words.ts'
import './chart.css'

const ChartCanvas = lazy(() => import('./chart-canvas.tsx').then((module) => ({ default: module.ChartCanvas })))

interface ChartViewProps {
  dataset: string
  version: number
  columns: readonly Column[]
  filter: readonly Filter[]
  spec: ChartSpec
  onSpec: (spec: ChartSpec) => void
}

/** The rows that pass the filters as a drawing, or the numbers behind it. */
export function ChartView({ dataset, version, columns, filter, spec, onSpec }: ChartViewProps) {
  const { queries } = useApi()
  const [isTable, setIsTable] = useState(false)
  const pictures = useRef<ChartPictures>(null)
  const { data, error, isPlaceholderData, refetch } = useQuery({
    ...queries.datasets.chart.queryOptions({ input: { dataset, version, filter: [...filter], spec } }), ...IMMUTABLE, placeholderData: keepPreviousData, retry: false,
  })
  const chart = useMemo(() => (data === undefined ? null : { spec, data, columns }), [data, spec, columns])
  const save = (content: BlobPart | undefined, type: string, ending: string): void => {
    if (content !== undefined) handOver(new Blob([content], { type }), `${dataset}.v${version}.${spec.kind}.${ending}`)
  }
  return (
    <div className='chart-view'>
      <ChartForm spec={spec} columns={columns} onSpec={onSpec} />
      <div className='chart-head'>
        <h2>{chartTitle(spec)}</h2>
        <span className='grow' />
        <Button small variant='quiet' icon='table' pressed={isTable} onClick={() => setIsTable(!isTable)}>Numbers</Button>
        <Button small variant='quiet' icon='exports' onClick={() => save(pictures.current?.svg(), 'image/svg+xml', 'svg')} disabledReason={isTable ? 'Show the chart first' : null}>SVG</Button>
        <Button small variant='quiet' icon='exports' onClick={() => save(pictures.current?.png(), 'image/png', 'png')} disabledReason={isTable ? 'Show the chart first' : null}>PNG</Button>
      </div>
      <div className='chart-body' aria-busy={isPlaceholderData}>
        {error === null ? <Drawn chart={chart} isTable={isTable} isOld={isPlaceholderData} pictures={pictures} /> : <ErrorState inline problem={problemOf(error)} onRetry={() => void refetch()} />}
      </div>
      <div className='grid-foot'>
        <span role='status'>{data === undefined ? 'Computing' : chartAccount(data)}</span>
        <span className='grow' />
        {data !== undefined && <span>{data.fromCache ? 'from cache' : `query ${formatDuration(data.tookMs)}`}</span>}
      </div>
    </div>
  )
}

interface DrawnProps {
  chart: DrawnChart | null
  isTable: boolean
  /** Of another chart than the one that is asked for: its data are on their way. */
  isOld: boolean
  pictures: Ref<ChartPictures>
}

function Drawn({ chart, isTable, isOld, pictures }: DrawnProps) {
  if (chart === null) return <LoadingState rows={8}>Computing the chart</LoadingState>
  const { spec, data } = chart
  if (data.points.length === 0) return <EmptyState title='Nothing to draw'>No row that passes the filters has a place on this chart.</EmptyState>
  if (isTable) return <ChartNumbers spec={spec} data={data} />
  const label = `${chartTitle(spec)}. ${chartAccount(data)} The numbers are behind the button Numbers.`
  return <Suspense fallback={<LoadingState rows={8}>Fetching what draws</LoadingState>}>{!isOld && <ChartCanvas ref={pictures} chart={chart} label={label} />}</Suspense>
}

const MOST_NUMBERS = 2_000

function ChartNumbers({ spec, data: { points } }: { spec: ChartSpec; data: ChartData }) {
  const head = tableHead(spec)
  const shown = head.map((name, i) => ({ name, i })).filter(({ name }) => name !== '')
  return (
    <div className='scroll chart-numbers' tabIndex={0} role='group' aria-label='The numbers of the chart'>
      <table className='t'>
        <thead><tr>{shown.map(({ name, i }) => <th key={i} className={i === 2 && spec.kind !== 'scatter' ? 'num' : undefined}>{name}</th>)}</tr></thead>
        <tbody>
          {points.slice(0, MOST_NUMBERS).map((point, row) => (
            <tr key={row}>{shown.map(({ i }) => <td key={i} className={typeof point[i] === 'number' ? 'num' : undefined}>{point[i] === null ? <span className='t3'>(none)</span> : typeof point[i] === 'number' ? point[i].toLocaleString('en', { maximumFractionDigits: 6 }) : point[i]}</td>)}</tr>
          ))}
        </tbody>
      </table>
      {points.length > MOST_NUMBERS && <p className='t2 s12'>{`The first of ${countOf(points.length, 'point')}`}</p>}
    </div>
  )
}
