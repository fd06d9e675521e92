import { userInfo } from 'node:os'
import type { Actor } from '../../../shared/domain/actor.ts'

/** The person at this machine, as far as it can be known: under which account the host was started. Nobody logs in to Strata. */
export function personActor(via: 'window' | 'cli'): Actor {
  return { kind: 'person', via, account: accountName() }
}

/** Null for accounts without a name, as in some containers. */
function accountName(): string | null {
  try {
    return userInfo().username
  } catch {
    return null
  }
}
