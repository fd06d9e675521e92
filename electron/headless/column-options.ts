import { InvalidArgumentError } from 'commander'
import { type Measure, MEASURES, TIME_BUCKETS, type TimeBucket } from '../../shared/domain/chart.ts'
import type { Grouping, PivotSpec } from '../../shared/domain/pivot.ts'
import type { Sort } from '../../shared/domain/table-query.ts'

/** Options that name columns and what is done with them. Each may be given several times, and holds several by comma. */

/** `day:month`: what stands after the last colon is a stretch of time or a width, else part of the name. */
export function addGroupings(text: string, before: Grouping[] = []): Grouping[] {
  const added = text.split(',').map((part): Grouping => {
    const at = part.lastIndexOf(':')
    const [column, how] = at < 0 ? [part.trim(), ''] : [part.slice(0, at).trim(), part.slice(at + 1).trim()]
    if (isBucket(how)) return { column, bucket: how }
    return how !== '' && Number(how) > 0 ? { column, bucket: 'none', width: Number(how) } : { column: part.trim(), bucket: 'none' }
  })
  return [...before, ...added]
}

function isBucket(text: string): text is TimeBucket {
  return text !== 'none' && (TIME_BUCKETS as readonly string[]).includes(text)
}

export function addMeasures(text: string, before: PivotSpec['values'] = []): PivotSpec['values'] {
  const added = text.split(',').map((part) => {
    const [of = '', ...name] = part.trim().split(':')
    if (!isMeasure(of)) throw new InvalidArgumentError(`"${of}" is nothing that can be computed. Write one of ${MEASURES.join(', ')}, a colon and a column, such as sum:amount.`)
    return { of, column: name.length === 0 ? null : name.join(':') }
  })
  return [...before, ...added]
}

function isMeasure(text: string): text is Measure {
  return (MEASURES as readonly string[]).includes(text)
}

/** `-name`: descending. */
export function addSorts(text: string, before: Sort[] = []): Sort[] {
  const added = text.split(',').map((part): Sort => (part.trim().startsWith('-') ? { column: part.trim().slice(1), direction: 'desc' } : { column: part.trim(), direction: 'asc' }))
  return [...before, ...added]
}

export function addNames(text: string, before: string[] = []): string[] {
  return [...before, ...text.split(',').map((name) => name.trim())]
}
