import { type FromEngine, keychainAnswerSchema, type KeychainRequest } from '../../shared/contract/engine-process.contract.ts'
import { type Problem, ProblemError } from '../../shared/domain/problem.ts'
import type { SecretsVault } from '../engine/secrets/secrets-vault.ts'

export interface PortVault {
  readonly vault: SecretsVault
  /** Main has answered. */
  answered(id: number, answer: { value: unknown } | { problem: Problem }): void
}

/** Only Electron's main process has a way to the system's keychain, so it is asked, each time that a value is needed. */
export function createPortVault(workspaceDir: string, ask: (message: FromEngine) => void): PortVault {
  const pending = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>()
  let lastId = 0
  const request = (what: KeychainRequest): Promise<unknown> => {
    const id = ++lastId
    return new Promise((resolve, reject) => {
      pending.set(id, { resolve, reject })
      ask({ type: 'keychain', id, workspaceDir, request: what })
    })
  }
  const { protection, list, get, remove } = keychainAnswerSchema
  return {
    vault: {
      protection: async () => protection.parse(await request({ op: 'protection' })),
      list: async () => list.parse(await request({ op: 'list' })),
      get: async (name) => get.parse(await request({ op: 'get', name })),
      set: async (name, value) => void (await request({ op: 'set', name, value })),
      remove: async (name) => remove.parse(await request({ op: 'remove', name })),
    },
    answered(id, answer) {
      const waiting = pending.get(id)
      pending.delete(id)
      if ('problem' in answer) waiting?.reject(ProblemError.from(answer.problem))
      else waiting?.resolve(answer.value)
    },
  }
}
