import { SECRET_NAME_PATTERN } from '../../../shared/domain/secret-name.ts'
import type { KeptSecret } from './secrets-vault.ts'

const PREFIX = 'STRATA_SECRET_'

export interface EnvironmentSecrets {
  list(): KeptSecret[]
  get(name: string): string | null
}

/** Secrets that whoever started the process gave it: `STRATA_SECRET_ORDERS_TOKEN` is `secret:orders_token`. */
export function environmentSecrets(env: Readonly<Record<string, string | undefined>>): EnvironmentSecrets {
  const values = new Map<string, string>()
  for (const [key, value] of Object.entries(env)) {
    const name = key.startsWith(PREFIX) ? key.slice(PREFIX.length).toLowerCase() : ''
    if (SECRET_NAME_PATTERN.test(name) && value !== undefined && value !== '') values.set(name, value)
  }
  return {
    list: () => [...values.keys()].sort().map((name) => ({ name, place: 'environment', setAt: null })),
    get: (name) => values.get(name) ?? null,
  }
}
