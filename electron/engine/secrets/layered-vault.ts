import type { EnvironmentSecrets } from './environment-vault.ts'
import type { KeptSecret, SecretsVault } from './secrets-vault.ts'

/** Several places as one: the environment goes before, then the vaults in their order; what is set goes into the first of those. */
export function layerVaults(environment: EnvironmentSecrets, [first, ...others]: [SecretsVault, ...SecretsVault[]]): SecretsVault {
  const vaults = [first, ...others]
  return {
    protection: () => first.protection(),
    async list() {
      const byName = new Map<string, KeptSecret>()
      const lists = [environment.list(), ...(await Promise.all(vaults.map((vault) => vault.list())))]
      for (const secret of lists.flat()) if (!byName.has(secret.name)) byName.set(secret.name, secret)
      return [...byName.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))
    },
    async get(name) {
      const given = environment.get(name)
      if (given !== null) return given
      for (const vault of vaults) {
        const value = await vault.get(name)
        if (value !== null) return value
      }
      return null
    },
    set: (name, value) => first.set(name, value),
    async remove(name) {
      const removed = await Promise.all(vaults.map((vault) => vault.remove(name)))
      return removed.includes(true)
    },
  }
}
