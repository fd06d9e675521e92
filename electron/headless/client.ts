import { createRouterClient } from '@orpc/server'
import type { ContractRouterClient } from '@orpc/contract'
import type { Contract } from '../../shared/contract/contract.ts'
import type { Engine } from '../engine/engine.ts'

/** The whole API, as the window has it. */
export type StrataClient = ContractRouterClient<Contract>

/** Calls the engine in this process through the same router that the window's messages reach. */
export function createInProcessClient({ router }: Engine): StrataClient {
  // The router implements the contract; its own type is kept out of the engine's interface.
  return createRouterClient(router, { context: {} }) as StrataClient
}
