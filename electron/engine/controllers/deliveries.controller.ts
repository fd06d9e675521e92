import type { DeliveriesReader } from '../ledger/deliveries.store.ts'
import type { Api } from './api.ts'

export function deliveriesController(api: Api, { deliveries }: { deliveries: DeliveriesReader }) {
  return { list: api.deliveries.list.handler(({ input }) => deliveries.list(input)) }
}
