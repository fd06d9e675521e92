import type { ACTOR_KINDS } from '../../shared/domain/actor.ts'
import type { RunRef } from '../../shared/contract/runs.contract.ts'
import type { Filter, Sort } from '../../shared/domain/table-query.ts'
import { writeSearch } from './search-text.ts'

type ActorKind = (typeof ACTOR_KINDS)[number]

/**
 * Addresses of views, as hrefs. Plain anchors carry them, so that every place can be opened elsewhere and copied; the routes
 * in shell/ read them back.
 */

export const overviewAddress = '#/overview'
export const runsAddress = '#/runs'
export const exportsAddress = '#/exports'
export const settingsAddress = '#/settings'

export type RunTab = 'steps' | 'entities' | 'quarantine' | 'checks' | 'log' | 'io'

export interface RunListSearch {
  dataType?: string | undefined
  state?: string | undefined
  text?: string | undefined
}

export function runListAddress(search: RunListSearch = {}): string {
  return `#/runs${writeSearch({ dataType: search.dataType, state: search.state, text: search.text })}`
}

export function runAddress({ dataType, runNumber }: RunRef, tab?: RunTab): string {
  return `#/runs/${encodeURIComponent(dataType)}/${runNumber}${writeSearch({ tab })}`
}

/** Where a run's data wait for a decision; without a gate, the one that it waits at. */
export function approvalAddress({ dataType, runNumber }: RunRef, search: { gate?: string | undefined; dataset?: string | undefined } = {}): string {
  return `#/runs/${encodeURIComponent(dataType)}/${runNumber}/approval${writeSearch({ gate: search.gate, dataset: search.dataset })}`
}

export interface AuditSearch {
  text?: string | undefined
  actor?: ActorKind | undefined
  action?: string | undefined
  target?: string | undefined
  /** Days, as 2026-01-31. */
  from?: string | undefined
  to?: string | undefined
}

export function auditAddress({ text, actor, action, target, from, to }: AuditSearch = {}): string {
  return `#/audit${writeSearch({ text, actor, action, target, from, to })}`
}

export interface DataSearch {
  /** Version; the current one when absent. */
  v?: number | undefined
  sort?: Sort[] | undefined
  filter?: Filter[] | undefined
}

export function dataAddress(dataset?: string, search: DataSearch = {}): string {
  const path = dataset === undefined ? '#/data' : `#/data/${encodeURIComponent(dataset)}`
  return `${path}${writeSearch({ v: search.v, sort: search.sort, filter: search.filter })}`
}

export function entityAddress(entityId: string): string {
  return `#/data/entity/${encodeURIComponent(entityId)}`
}

export function lineageAddress(dataset?: string, search: { v?: number | undefined } = {}): string {
  const path = dataset === undefined ? '#/lineage' : `#/lineage/${encodeURIComponent(dataset)}`
  return `${path}${writeSearch({ v: search.v })}`
}

/** Goes to an address as a click on its link would. */
export function goTo(address: string): void {
  window.location.hash = address.slice(1)
}
