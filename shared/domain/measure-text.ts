import type { Measure } from '../contract/runs.contract.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

/** What a rule measured, as people read it: "1,204", "3.1%", "-41%", "12 days". */
export function measureText({ value, unit }: Measure): string {
  switch (unit) {
    case 'rows':
    case 'values':
      return grouped(Math.round(value))
    case 'share':
      return `${rounded(value * 100)}%`
    case 'change':
      return `${value > 0 ? '+' : ''}${rounded(value * 100)}%`
    case 'ms':
      return value < 2 * DAY_MS ? `${rounded(value / HOUR_MS)} h` : `${rounded(value / DAY_MS)} days`
    case 'number':
      return grouped(Number(value.toPrecision(6)))
  }
}

function rounded(value: number): string {
  return grouped(Number(value.toFixed(Math.abs(value) < 10 ? 1 : 0)))
}

/** Not through Intl, whose first formatter costs a tenth of the time of a short command. */
function grouped(value: number): string {
  const [whole = '', fraction] = String(value).split('.')
  const digits = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? digits : `${digits}.${fraction}`
}
