import type { Ledger } from './ledger.ts'
import { json } from './rows.ts'

export interface CommandsStore {
  /** Runs `work` once per command id: a repeat gets the first answer. Both in one transaction. */
  once<T>(command: { id: string; at: number }, parse: (answer: unknown) => T, work: () => T): T
}

export function createCommandsStore(ledger: Ledger): CommandsStore {
  return {
    once: ({ id: commandId, at }, parse, work) =>
      ledger.write(() => {
        const known = ledger.get('SELECT result FROM commands WHERE id = :commandId', { commandId })
        if (known !== undefined) return parse(json(known, 'result'))
        const result = work()
        ledger.run('INSERT INTO commands (id, at, result) VALUES (:commandId, :at, :result)', { commandId, at, result: JSON.stringify(result) })
        return result
      }),
  }
}
