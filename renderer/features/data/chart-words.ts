import type { ChartData, ChartSpec, TimeBucket } from '../../../shared/domain/chart.ts'
import { countOf, formatCount } from '../../ui/format.ts'
import { measureWords } from './chart-spec.ts'

/** What a chart shows, for its title and for those who hear it. */
export function chartTitle(spec: ChartSpec): string {
  switch (spec.kind) {
    case 'histogram':
      return `Rows by ${spec.x}`
    case 'scatter':
      return `${spec.y} against ${spec.x}${spec.series === null ? '' : ` by ${spec.series}`}`
    case 'heat':
      return `${measureWords(spec.y)} by ${placeWords(spec)} and ${spec.across}`
    case 'bar':
    case 'line':
      return `${measureWords(spec.y)} by ${placeWords(spec)}${spec.series === null ? '' : ` and ${spec.series}`}`
  }
}

function placeWords({ x, bucket }: { x: string; bucket: TimeBucket }): string {
  return bucket === 'none' ? x : `${bucket} of ${x}`
}

/** Which of the rows are on it. */
export function chartAccount({ rowCount, withoutPlace, drawn, leftOut, isSample }: ChartData): string {
  const parts = [
    isSample ? `A sample of ${formatCount(drawn)} of ${countOf(rowCount, 'row')}` : drawn === rowCount ? `All ${countOf(rowCount, 'row')}` : `${formatCount(drawn)} of ${countOf(rowCount, 'row')}`,
    ...(withoutPlace > 0 ? [`${formatCount(withoutPlace)} without a value to place them by`] : []),
    ...(leftOut > 0 ? [`the ${formatCount(leftOut)} least frequent ${leftOut === 1 ? 'value is' : 'values are'} left out`] : []),
  ]
  return `${parts.join('; ')}.`
}

export function tableHead(spec: ChartSpec): [string, string, string] {
  switch (spec.kind) {
    case 'histogram':
      return [`${spec.x} from`, 'to', 'Rows']
    case 'scatter':
      return [spec.x, spec.y, spec.series ?? '']
    case 'heat':
      return [spec.x, spec.across, measureWords(spec.y)]
    case 'bar':
    case 'line':
      return [spec.x, spec.series ?? '', measureWords(spec.y)]
  }
}
