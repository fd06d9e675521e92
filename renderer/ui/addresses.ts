import type { RunRef } from '../../shared/contract/runs.contract.ts'
import type { Filter, Sort } from '../../shared/domain/table-query.ts'

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
  return `#/runs${searchText({ dataType: search.dataType, state: search.state, text: search.text })}`
}

export function runAddress({ dataType, runNumber }: RunRef, tab?: RunTab): string {
  return `#/runs/${encodeURIComponent(dataType)}/${runNumber}${searchText({ tab })}`
}

export interface DataSearch {
  /** Version; the current one when absent. */
  v?: number | undefined
  sort?: Sort[] | undefined
  filter?: Filter[] | undefined
}

export function dataAddress(dataset?: string, search: DataSearch = {}): string {
  const path = dataset === undefined ? '#/data' : `#/data/${encodeURIComponent(dataset)}`
  return `${path}${searchText({ v: search.v, sort: search.sort, filter: search.filter })}`
}

export function entityAddress(entityId: string): string {
  return `#/data/entity/${encodeURIComponent(entityId)}`
}

export function lineageAddress(dataset?: string, search: { v?: number | undefined } = {}): string {
  const path = dataset === undefined ? '#/lineage' : `#/lineage/${encodeURIComponent(dataset)}`
  return `${path}${searchText({ v: search.v })}`
}

/** Goes to an address as a click on its link would. */
export function goTo(address: string): void {
  window.location.hash = address.slice(1)
}

/** In the router's own notation: JSON for everything that is not plain text, and for text that would read as JSON. */
function searchText(search: Record<string, unknown>): string {
  const parts = Object.entries(search)
    .filter(([, value]) => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0))
    .map(([key, value]) => `${key}=${encodeURIComponent(typeof value === 'string' && !readsAsJson(value) ? value : JSON.stringify(value))}`)
  return parts.length === 0 ? '' : `?${parts.join('&')}`
}

function readsAsJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
