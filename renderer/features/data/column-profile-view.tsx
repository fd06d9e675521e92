import { useState } from 'react'
import type { ColumnProfile, Histogram } from '../../../shared/contract/profile.contract.ts'
import { type Filter, filterColumn } from '../../../shared/domain/table-query.ts'
import { filterByCell, withFilter } from '../../grid/filter-words.ts'
import { BrushBars } from '../../ui/brush-bars.tsx'
import { Button } from '../../ui/button.tsx'
import { formatCount, formatShare } from '../../ui/format.ts'
import { MaskMark } from '../../ui/mask-mark.tsx'
import { Sparkline } from '../../ui/sparkline.tsx'
import { barLabel, brushedRange, brushFilters, distinctText, meanText, nullText, plainWords, profileFacts, valueText, withBrush } from './profile-words.ts'

interface ColumnProfileProps {
  profile: ColumnProfile
  rowCount: number
  filters: readonly Filter[]
  onFilters: (filters: Filter[]) => void
}

/** One column: how its values are spread, which stand out, and what is missing. */
export function ColumnProfileView(props: ColumnProfileProps) {
  const { profile, rowCount, filters, onFilters } = props
  const { column, histogram, top } = profile
  const [open, setOpen] = useState(false)
  const isFiltered = filters.some((filter) => filterColumn(filter) === column.name)
  const shownTop = histogram === null || open ? (top ?? []) : []
  return (
    <section className='profile-column' aria-label={column.name}>
      <h3 className='row row-4'>
        <span className='mono cut' title={column.name}>{column.name}</span>
        <MaskMark column={column} />
        <span className='t3 s11 cut profile-type' title={column.type}>{column.type.toLowerCase()}</span>
        <span className='end t2 s11 nw'>{headText(profile, rowCount)}</span>
      </h3>
      {histogram !== null && <Spread {...props} histogram={histogram} />}
      {shownTop.length > 0 && <TopValues {...props} top={shownTop} />}
      {histogram === null && shownTop.length === 0 && <p className='t2'>{plainWords(profile, rowCount)}</p>}
      {open && <Details profile={profile} rowCount={rowCount} />}
      <div className='row profile-tools'>
        <Button small variant='quiet' pressed={open} onClick={() => setOpen(!open)}>{open ? 'Less' : 'More'}</Button>
        {isFiltered && <Button small variant='quiet' onClick={() => onFilters(filters.filter((filter) => filterColumn(filter) !== column.name))}>Clear its filter</Button>}
      </div>
    </section>
  )
}

/** What matters first: what is missing, else how many there are. */
function headText(profile: ColumnProfile, rowCount: number): string {
  return profile.histogram === null && profile.nulls === 0 ? distinctText(profile) : nullText(profile, rowCount)
}

function Spread({ profile, filters, onFilters, histogram }: ColumnProfileProps & { histogram: Histogram }) {
  const { column, min, max, mean } = profile
  const binned = { ...profile, histogram }
  const middle = histogram.unit !== null ? `by ${histogram.unit}` : [mean === null ? '' : `mean ${meanText(mean)}`, histogram.scale === 'log' ? 'log' : ''].filter((part) => part !== '').join(', ')
  return (
    <>
      <BrushBars
        label={`Histogram of ${column.name}, ${histogram.counts.length} bars; Enter filters the rows`}
        bars={histogram.counts.map((count, bar) => ({ label: barLabel(binned, bar), count }))}
        selected={brushedRange(binned, filters)}
        onSelect={(range) => onFilters(withBrush(filters, column.name, brushFilters(binned, range)))}
        onClear={() => onFilters(withBrush(filters, column.name, []))}
      />
      <div className='profile-axis'>
        <span className='cut'>{valueText(min ?? '', column.kind)}</span>
        <span className='cut'>{middle}</span>
        <span className='cut'>{valueText(max ?? '', column.kind)}</span>
      </div>
    </>
  )
}

const SHOWN = 5

/** Each is a filter for itself; pressed again, it goes. */
function TopValues({ profile, rowCount, filters, onFilters, top }: ColumnProfileProps & { top: NonNullable<ColumnProfile['top']> }) {
  const { column, distinct, nulls, isDistinctExact } = profile
  const shown = top.slice(0, SHOWN)
  const most = Math.max(1, ...shown.map(({ count }) => count))
  const rest = distinct - shown.length
  const others = rowCount - nulls - shown.reduce((sum, { count }) => sum + count, 0)
  const toggle = (filter: Filter): void => {
    const isOn = filters.some((one) => JSON.stringify(one) === JSON.stringify(filter))
    onFilters(isOn ? filters.filter((one) => JSON.stringify(one) !== JSON.stringify(filter)) : withFilter(filters, filter))
  }
  return (
    <ul className='profile-top' aria-label={`Most frequent values of ${column.name}`}>
      {shown.map(({ value, count, isCut }) => {
        const filter = filterByCell(column, value)
        const text = valueText(value, column.kind)
        const line = <TopLine text={isCut ? `${text}…` : text} share={count / most} count={count} of={rowCount} isEstimate={!isDistinctExact} />
        const isPlain = isCut || column.kind === 'nested' || column.kind === 'binary'
        return (
          <li key={value}>
            {isPlain ? <div className='profile-value'>{line}</div> : (
              <button type='button' className='profile-value' aria-pressed={filters.some((one) => JSON.stringify(one) === JSON.stringify(filter))} title={`Only rows with ${text}`} onClick={() => toggle(filter)}>{line}</button>
            )}
          </li>
        )
      })}
      {nulls > 0 && (
        <li>
          <button type='button' className='profile-value' aria-pressed={filters.some((filter) => filterColumn(filter) === column.name && filter.op === 'is_null')} title={`Only rows without ${column.name}`} onClick={() => toggle({ column: column.name, op: 'is_null' })}>
            <TopLine text='null' isNull share={nulls / most} count={nulls} of={rowCount} isEstimate={false} />
          </button>
        </li>
      )}
      {rest > 0 && others > 0 && <li className='profile-value t2'><span className='cut'>{`${isDistinctExact ? '' : '≈ '}${formatCount(rest)} more`}</span><span className='end'>{formatCount(others)}</span><span className='profile-share'>{formatShare(others / rowCount)}</span></li>}
    </ul>
  )
}

function TopLine({ text, share, count, of, isEstimate, isNull = false }: { text: string; share: number; count: number; of: number; isEstimate: boolean; isNull?: boolean }) {
  return (
    <>
      <i style={{ width: `${Math.min(100, 100 * share) * 0.6}%` }} />
      <span className={`cut${isNull ? ' null' : ''}`}>{text}</span>
      <span className='end'>{`${isEstimate ? '≈ ' : ''}${formatCount(count)}`}</span>
      <span className='profile-share'>{formatShare(count / Math.max(1, of))}</span>
    </>
  )
}

function Details({ profile, rowCount }: { profile: ColumnProfile; rowCount: number }) {
  const { trend } = profile
  return (
    <dl className='kv'>
      {profileFacts(profile, rowCount).map(([name, text]) => <Fact key={name} name={name} text={text} />)}
      {trend.length > 1 && (
        <>
          <dt>By version</dt>
          <dd className='row row-4'><Sparkline values={trend.map(({ distinct }) => distinct)} unit='distinct values' /><span className='t3'>{`distinct, v${trend[0]?.version ?? ''} to v${trend.at(-1)?.version ?? ''}`}</span></dd>
          <dt>Nulls by version</dt>
          <dd className='row row-4'><Sparkline values={trend.map(({ nullShare }) => Math.round(nullShare * 1_000) / 10)} unit='percent null' /><span className='t3'>{nullText(profile, rowCount)} now</span></dd>
        </>
      )}
    </dl>
  )
}

function Fact({ name, text }: { name: string; text: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className='cut' title={text}>{text}</dd>
    </>
  )
}
