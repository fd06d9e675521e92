import { parseAgeMs, parseChange } from '../../../shared/domain/quantity.ts'
import type { CheckList } from './check-list.ts'
import type { ContractDraft } from './data-type-draft.ts'
import type { FindingList } from './finding-list.ts'

interface Context {
  contract: ContractDraft
  findings: FindingList
}

/** Rules about a version as a whole, held against the versions before it or the present. */
export function readHistoryRules(context: Context, checks: CheckList): void {
  readGrowth(context, checks)
  readFreshness(context, checks)
}

function readGrowth({ contract: { document, data }, findings }: Context, checks: CheckList): void {
  if (data.growth === undefined) return
  const { min: minText, max: maxText, severity = 'block' } = data.growth
  const [min, max] = [minText, maxText].map((text) => (text === undefined ? null : parseChange(text)))
  if (typeof min === 'number' && typeof max === 'number' && min > max) {
    findings.add({ code: 'invalid-value', file: document.file, at: document.place(['growth', 'min']), message: `"growth" allows nothing: min ${minText} is above max ${maxText}` })
  }
  checks.add({ kind: 'growth', min: min ?? null, max: max ?? null, rule: 'growth', severity }, ['growth'])
}

function readFreshness({ contract: { data } }: Context, checks: CheckList): void {
  if (data.freshness === undefined) return
  const { max_age: maxAge, column = null, severity = 'block' } = typeof data.freshness === 'string' ? { max_age: data.freshness } : data.freshness
  const rule = column === null ? 'freshness' : `freshness(${column})`
  checks.add({ kind: 'freshness', column, maxAgeMs: parseAgeMs(maxAge) ?? 0, rule, severity }, ['freshness'])
}
