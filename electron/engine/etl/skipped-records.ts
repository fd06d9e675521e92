import type { SkipRule } from '../workspace/model.ts'

/** Records that a rule of the source leaves out: which rule wants a record, and how many there were. */
export class SkippedRecords {
  readonly #patterns: readonly { name: string; pattern: RegExp }[]
  readonly #counts = new Map<number, Map<string, number>>()

  constructor(rules: readonly SkipRule[]) {
    this.#patterns = rules.flatMap((rule) => ('pattern' in rule ? [{ name: rule.name, pattern: new RegExp(rule.pattern, 'u') }] : []))
  }

  /** Whether the text of records decides. */
  get needsText(): boolean {
    return this.#patterns.length > 0
  }

  /** The first rule that wants a record by its text, or null. */
  ruleFor(text: string): string | null {
    return this.#patterns.find(({ pattern }) => pattern.test(text))?.name ?? null
  }

  add(file: number, rule: string, records = 1): void {
    const rules = this.#counts.get(file) ?? new Map<string, number>()
    this.#counts.set(file, rules.set(rule, (rules.get(rule) ?? 0) + records))
  }

  /** Records left out, by file index. */
  ofFile(file: number): number {
    return [...(this.#counts.get(file)?.values() ?? [])].reduce((sum, count) => sum + count, 0)
  }

  /** Records left out, by rule. */
  byRule(): Map<string, number> {
    const sums = new Map<string, number>()
    for (const rules of this.#counts.values()) for (const [rule, count] of rules) sums.set(rule, (sums.get(rule) ?? 0) + count)
    return sums
  }
}
