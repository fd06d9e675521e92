import type { FindingList } from './finding-list.ts'
import type { CheckSpec } from './model.ts'
import type { YamlDocument } from './yaml-document.ts'

/** Rows that are taken out can block no more, so quarantine goes before block. */
const STRICTNESS = { warn: 0, block: 1, quarantine: 2 } as const

/** The checks of one contract. The same promise made twice (by the key and by a rule) is one check, the stricter of the two. */
export class CheckList {
  readonly #checks = new Map<string, CheckSpec>()
  readonly #document: YamlDocument
  readonly #findings: FindingList

  constructor(document: YamlDocument, findings: FindingList) {
    this.#document = document
    this.#findings = findings
  }

  add(check: CheckSpec, path: readonly PropertyKey[]): void {
    const { severity: _, ...promise } = check
    const key = JSON.stringify(promise)
    const earlier = this.#checks.get(key)
    if (earlier === undefined || STRICTNESS[check.severity] > STRICTNESS[earlier.severity]) this.#checks.set(key, check)
    const namesake = [...this.#checks].find(([other, { rule }]) => other !== key && rule === check.rule)
    if (namesake === undefined) return
    this.#checks.delete(key)
    this.#findings.add({
      code: 'duplicate',
      file: this.#document.file,
      at: this.#document.place(path),
      message: `There are two different checks called ${check.rule}`,
      suggestion: 'Make them one, or write one as a check in SQL with a name of its own',
    })
  }

  all(): CheckSpec[] {
    return [...this.#checks.values()]
  }
}
