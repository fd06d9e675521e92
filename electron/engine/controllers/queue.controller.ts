import type { RunManager } from '../runs/run-manager.ts'
import type { Api } from './api.ts'

export function queueController(api: Api, manager: Pick<RunManager, 'queue'>) {
  return {
    get: api.queue.get.handler(() => manager.queue()),
  }
}
