import { useQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import type { Trace } from '../../../shared/contract/trace.contract.ts'
import type { Filter } from '../../../shared/domain/table-query.ts'
import { IMMUTABLE, useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { dataAddress, lineageAddress, traceAddress, type TraceSearch } from '../../ui/addresses.ts'
import { PageHead } from '../../ui/bars.tsx'
import { LinkButton } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { countOf } from '../../ui/format.ts'
import { LoadingState } from '../../ui/loading-state.tsx'
import { TraceStageView } from './trace-stage.tsx'
import './trace.css'

/** A row, or one value of it, and the rows that it was made from, stage by stage, to the line of the file that was delivered. */
export function TraceScreen() {
  const { dataset = '' } = useParams({ strict: false })
  const { v, filter = [], column: written }: TraceSearch = useSearch({ strict: false })
  const { queries } = useApi()
  const column = written === undefined ? undefined : String(written)
  const input = { dataset, where: whereOf(filter), ...(v === undefined ? {} : { version: v }), ...(column === undefined ? {} : { column }) }
  const trace = useQuery({ ...queries.lineage.trace.queryOptions({ input }), ...(v === undefined ? {} : IMMUTABLE), enabled: filter.length > 0 })
  return (
    <div className='view'>
      <section className='main' aria-label='Trace' data-region='' tabIndex={-1}>
        <TraceHead dataset={dataset} search={{ v, filter, column }} trace={trace.data} />
        <div className='trace-body scroll' tabIndex={0} role='region' aria-label='Stages'>
          {filter.length === 0 && <EmptyState icon='file' title='No row is chosen' actions={<LinkButton variant='primary' href={dataAddress(dataset)}>Open {dataset}</LinkButton>}>Choose a cell in Data and press T, or “Trace this value to its file” in its menu.</EmptyState>}
          {trace.error !== null && <ErrorState problem={problemOf(trace.error)} onRetry={() => void trace.refetch()} />}
          {filter.length > 0 && trace.isPending && <LoadingState rows={8}>Looking for the rows behind it, stage by stage</LoadingState>}
          {trace.data !== undefined && <ol className='trace-stages'>{trace.data.stages.map((stage) => <TraceStageView key={stage.dataset} stage={stage} />)}</ol>}
        </div>
      </section>
    </div>
  )
}

function TraceHead({ dataset, search: { v, filter = [], column }, trace }: { dataset: string; search: TraceSearch; trace: Trace | undefined }) {
  return (
    <PageHead
      title={column === undefined ? 'Trace of a row' : <>Trace of <span className='mono'>{column}</span></>}
      facts={<><span className='mono'>{dataset}</span>{trace === undefined ? null : ` v${trace.version}, ${factsOf(trace)}`}</>}
      actions={
        <>
          {column !== undefined && <LinkButton icon='columns' href={traceAddress(dataset, { v, filter })}>Trace the whole row</LinkButton>}
          <LinkButton icon='lineage' href={lineageAddress(dataset, { v, column })}>Lineage</LinkButton>
          <LinkButton icon='table' href={dataAddress(dataset, { v, filter: [...filter] })}>Row in Data</LinkButton>
        </>
      }
    />
  )
}

/** Of the filters of an address, those that name values of one row. */
function whereOf(filters: readonly Filter[]): Record<string, string | number | boolean | null> {
  const where: Record<string, string | number | boolean | null> = {}
  for (const filter of filters) {
    if (filter.op === 'is_null') where[filter.column] = null
    else if (filter.op === 'eq') where[filter.column] = filter.value
  }
  return where
}

function factsOf({ stages }: Trace): string {
  const records = stages.flatMap((stage) => stage.records)
  const files = new Set(records.map(({ path }) => path)).size
  const unknown = stages.filter(({ how }) => how === 'unknown').length
  return `${countOf(stages.length, 'stage')}, ${files === 0 ? 'no file reached' : `down to ${countOf(files, 'file')}`}${unknown === 0 ? '' : `, ${countOf(unknown, 'stage')} that cannot be told`}`
}
