import { createRouterClient } from '@orpc/server'
import type { ContractRouterClient } from '@orpc/contract'
import type { Contract } from '../../shared/contract/contract.ts'
import type { Engine } from '../engine/engine.ts'
import { personActor } from '../engine/serve/person-actor.ts'
import type { Actor } from '../../shared/domain/actor.ts'

/** The whole API, as the window has it. */
export type StrataClient = ContractRouterClient<Contract>

/** Calls the engine in this process through the same router that the window's messages reach. */
export function createInProcessClient({ router }: Pick<Engine, 'router'>, actor: Actor = personActor('cli')): StrataClient {
  // The router implements the contract; its own type is kept out of the engine's interface.
  return createRouterClient(router, { context: { actor } }) as StrataClient
}
