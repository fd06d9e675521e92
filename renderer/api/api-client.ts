import type { ContractRouterClient } from '@orpc/contract'
import type { RouterUtils } from '@orpc/tanstack-query'
import type { Contract } from '../../shared/contract/contract.ts'

/** Every procedure of the contract as a function. */
export type ApiClient = ContractRouterClient<Contract>
/** Every procedure as options for TanStack Query. */
export type ApiQueries = RouterUtils<ApiClient>
