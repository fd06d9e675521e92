import { LRUCache } from 'lru-cache'
import type { EntityData } from '../../../shared/contract/entities.contract.ts'
import type { EntitiesReader } from '../ledger/entities.store.ts'
import type { Ledger } from '../ledger/ledger.ts'

const MAX_KEPT = 1_000
/** What runs did to an entity, the latest first. */
const HISTORY_LENGTH = 100

/** What runs did to entities, read anew as soon as the ledger was written. */
export function knownHistory({ entities, ledger }: { entities: EntitiesReader; ledger: Ledger }): (entityId: string) => EntityData['history'] {
  const kept = new LRUCache<string, EntityData['history']>({ max: MAX_KEPT })
  let at = ''
  return (entityId) => {
    const now = ledger.mark()
    if (at !== now) kept.clear()
    at = now
    const known = kept.get(entityId)
    if (known !== undefined) return known
    const history = entities.history(entityId, HISTORY_LENGTH)
    kept.set(entityId, history)
    return history
  }
}
