import { stringify } from 'yaml'
import type { ColumnGuess } from '../../../shared/contract/ingest.contract.ts'
import { isReservedName, quoteIdentifier } from '../../../shared/domain/naming.ts'
import { plainName } from '../../../shared/domain/plain-name.ts'

interface StepProposal {
  sql: string
  contract: string
}

/** The first step over a source: every column with a plain name and its cast written out, and a contract that says the same. */
export function proposeStep(source: string, columns: readonly ColumnGuess[], isWhole: boolean): StepProposal {
  const names = plainNames(columns.map(({ name }) => name))
  const lines = columns.map(({ sql, doubt }, index) => {
    const name = names[index] ?? ''
    const written = isReservedName(name) ? quoteIdentifier(name) : name
    return `  ${sql === written ? sql : `${sql} AS ${written}`}${index === columns.length - 1 ? '' : ','}${doubt === null ? '' : ` -- ${doubt.replaceAll(/\s+/g, ' ')}`}`
  })
  const key = isWhole ? columns.findIndex(({ isUnique, becomes }) => isUnique && !becomes.startsWith('TIMESTAMP') && becomes !== 'DOUBLE') : -1
  return {
    sql: `-- Names and types of raw.${source}. Proposed from its files; change it as you need.\nSELECT\n${lines.join('\n')}\nFROM raw.${source}\n`,
    contract: stringify({
      description: `Records of raw.${source} with names and types.`,
      ...(key === -1 ? {} : { key: names[key] }),
      columns: Object.fromEntries(columns.map(({ becomes }, index) => [names[index] ?? '', becomes])),
    }),
  }
}

const MAX_LENGTH = 63

/** Lower case, digits and underscores, each once: names that need no quotes. */
function plainNames(names: readonly string[]): string[] {
  const taken = new Set<string>()
  return names.map((name, index) => {
    const plain = plainName(name, MAX_LENGTH - 3)
    const base = plain === '' ? `column_${index + 1}` : /^[a-z]/.test(plain) ? plain : `c_${plain}`
    let unique = base
    for (let n = 2; taken.has(unique); n++) unique = `${base}_${n}`
    taken.add(unique)
    return unique
  })
}
