import { skipToken, useQuery } from '@tanstack/react-query'
import type { AffectedColumn, ColumnImpact, ColumnWay } from '../../../shared/contract/column-lineage.contract.ts'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import { parseDatasetId } from '../../../shared/domain/naming.ts'
import { useApi } from '../../api/api.tsx'
import { dataAddress } from '../../ui/addresses.ts'
import { PanelHead } from '../../ui/bars.tsx'
import { countOf } from '../../ui/format.ts'
import { Note } from '../../ui/note.tsx'
import { TimeAgo } from '../../ui/time-ago.tsx'
import { ZoneMark } from '../../ui/zone-mark.tsx'
import type { ColumnRef } from './column-path.ts'

/** What would be affected by a change of a column, or of a whole dataset. */
export function useImpact({ dataset, column }: { dataset: string; column?: string }, { version, asOf, enabled = true }: { version?: number | undefined; asOf?: RunRef | undefined; enabled?: boolean }) {
  const { queries } = useApi()
  const input = { dataset, ...(column === undefined ? {} : { column }), ...(version === undefined ? {} : { version }), ...(asOf === undefined ? {} : { asOf }) }
  return useQuery(queries.lineage.impact.queryOptions({ input: enabled ? input : skipToken }))
}

/** What somebody relies on, in one sentence. */
export function ImpactNote({ impact: { columns, checks, exports, views } }: { impact: ColumnImpact }) {
  if (columns.length === 0 && checks.length === 0 && exports.length === 0 && views.length === 0) return <p className='t2 s12'>Nothing depends on it.</p>
  const datasets = new Set(columns.map(({ dataset }) => dataset)).size
  const parts = [countOf(columns.length, 'column'), `in ${countOf(datasets, 'dataset')}`, ...(checks.length > 0 ? [`${countOf(checks.length, 'rule')}`] : []), ...(exports.length > 0 ? [`${countOf(exports.length, 'export')}`] : []), ...(views.length > 0 ? [countOf(views.length, 'saved view')] : [])]
  return <Note status='warning'>{`Changing or dropping it touches ${parts[0] ?? ''} ${[parts[1], ...parts.slice(2)].join(', ')}.`}</Note>
}

export function ImpactLists({ impact: { columns, checks, gates, exports, views }, choose }: { impact: ColumnImpact; choose: (column: ColumnRef) => void }) {
  return (
    <>
      <section>
        <PanelHead title='Goes into' remark={columns.length === 0 ? 'nothing' : countOf(columns.length, 'column')} />
        <ul className='ln-list'>{columns.map((one) => <ColumnLine key={`${one.dataset} ${one.column}`} column={one} words={affectedWords(one)} choose={choose} />)}</ul>
      </section>
      {checks.length > 0 && (
        <section>
          <PanelHead title='Rules' remark={countOf(checks.length, 'rule')} />
          <ul className='ln-list'>{checks.map(({ dataset, rule, severity }) => <li key={`${dataset} ${rule}`}><div className='mono cut'>{rule}</div><div className='ln-line2'>{`${severity}, `}<span className='mono'>{dataset}</span></div></li>)}</ul>
        </section>
      )}
      {gates.length > 0 && (
        <section>
          <PanelHead title='Gates' remark={countOf(gates.length, 'gate')} />
          <ul className='ln-list'>{gates.map(({ dataType, gate, dataset }) => <li key={`${dataType} ${gate} ${dataset}`}><div className='cut strong'>{gate}</div><div className='ln-line2'>shows <span className='mono'>{dataset}</span></div></li>)}</ul>
        </section>
      )}
      {views.length > 0 && (
        <section>
          <PanelHead title='Saved views' remark={countOf(views.length, 'view')} />
          <ul className='ln-list'>{views.map(({ name, dataset }) => <li key={name}><a className='cut strong' href={dataAddress(dataset, { view: name })}>{name}</a><div className='ln-line2'>of <span className='mono'>{dataset}</span></div></li>)}</ul>
        </section>
      )}
      {exports.length > 0 && (
        <section>
          <PanelHead title='Exports' remark={countOf(exports.length, 'file')} />
          <ul className='ln-list'>{exports.map(({ id, path, startedAt }) => <li key={id}><div className='mono cut' title={path}>{path.split(/[/\\]/).at(-1)}</div><div className='ln-line2'>written <TimeAgo at={startedAt} /></div></li>)}</ul>
        </section>
      )}
    </>
  )
}

function affectedWords({ isValue, ways, distance, maybe }: AffectedColumn): string {
  const steps = distance === 1 ? '' : `, over ${countOf(distance, 'step')}`
  if (maybe !== null) return `maybe: ${maybe}`
  return `${isValue ? 'takes its values' : ways.map((way) => ROW_WORDS[way]).join(', ')}${steps}`
}

const ROW_WORDS: Readonly<Record<ColumnWay, string>> = { value: 'by its values', join: 'by a join', filter: 'by a filter', group: 'by grouping', order: 'by an order', window: 'by a window' }

export function ColumnLine({ column, words, choose }: { column: ColumnRef; words: string; choose: (column: ColumnRef) => void }) {
  const name = parseDatasetId(column.dataset)
  return (
    <li>
      <button type='button' title={`${column.dataset}.${column.column}`} onClick={() => choose({ dataset: column.dataset, column: column.column })}>
        {name !== null && <ZoneMark zone={name.zone} size={13} />}
        <span className='mono cut strong'>{column.column}</span>
        <span className='end t3 s11 mono cut'>{name?.name ?? column.dataset}</span>
      </button>
      <div className='ln-line2'>{words}</div>
    </li>
  )
}
