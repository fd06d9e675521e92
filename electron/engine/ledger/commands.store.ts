import type { Ledger } from './ledger.ts'
import { json } from './rows.ts'

export interface CommandsStore {
  /** Runs `work` once per command id: a repeat gets the first answer. Both in one transaction. */
  once<T>(command: { id: string; at: number }, parse: (answer: unknown) => T, work: () => T): T
  /** What was answered to this command before; null: nothing. For commands that look around before they act. */
  answerTo<T>(commandId: string, parse: (answer: unknown) => T): T | null
}

export function createCommandsStore(ledger: Ledger): CommandsStore {
  const answerTo = <T>(commandId: string, parse: (answer: unknown) => T): T | null => {
    const known = ledger.get('SELECT result FROM commands WHERE id = :commandId', { commandId })
    return known === undefined ? null : parse(json(known, 'result'))
  }
  return {
    answerTo,
    once: ({ id: commandId, at }, parse, work) =>
      ledger.write(() => {
        const known = answerTo(commandId, parse)
        if (known !== null) return known
        const result = work()
        ledger.run('INSERT INTO commands (id, at, result) VALUES (:commandId, :at, :result)', { commandId, at, result: JSON.stringify(result) })
        return result
      }),
  }
}
